internal import Compute
internal import Spiking

extension ConvertedExecution {
  /// The whole run of one sample with the potentials of all neurons; it does not end early.
  func record(_ sample: Int, _ part: Part, of data: EncodedData) -> Recording {
    let simulation = Simulation(
      network: network, steps: steps, machine: Machine(backend: options.machine.backend), form: form)
    var data = data
    data.code.steps = steps
    let signal = data.clocked([sample], part), n = signal.features.count
    let values = (0..<steps * n).map { Double(signal.values[$0 / n * signal.stride + $0 % n]) }
    let input = LayerRecord(
      name: "input", kind: data.encoder.kind, shape: data.code.features,
      variables: [VariableRecord("value", values: values)], spikes: SpikeRaster(signal))
    let layers = simulation.traced(sample, part, of: data).compactMap { layerRecord($0.layer, $0.fired, $0.before) }
    return Recording(dt: dt, steps: steps, layers: layers, input: input, sample: sample)
  }
  private func layerRecord(_ layer: ConvertedNetwork.Layer, _ fired: EventList, _ before: AlignedBuffer<Int32>)
    -> LayerRecord?
  {
    guard let node = layer.population, let neuron = node.neuron else { return nil }
    let n = layer.synapses.outputs, threshold = neuron.firingThreshold ?? 1
    let unit = threshold / Double(layer.synapses.threshold)
    var raster = SpikeRaster(steps: steps, neurons: n)
    for t in 0..<steps { for e in fired.range(t) { raster[t, layer.numbering.outside(Int(fired.index[e]))] = 1 } }
    let potentials = (0..<steps * n).map { k in Double(before[k / n * n + layer.numbering.inside(k % n)]) * unit }
    return LayerRecord(
      name: node.name, kind: neuron.kind, shape: node.output, variables: [VariableRecord("v", values: potentials)],
      spikes: raster, threshold: threshold)
  }
}
extension Simulation {
  /// A layer's spikes over a whole run, with potentials before and after firing: [step][neuron, inside numbering].
  struct Trace {
    let layer: ConvertedNetwork.Layer, fired: EventList, before: AlignedBuffer<Int32>, after: AlignedBuffer<Int32>
  }
  /// Every layer of one sample over the whole run.
  func traced(_ sample: Int, _ part: Part, of data: EncodedData) -> [Trace] {
    guard let state = states([sample], part, data, complements: false).first else { return [] }
    return traced(state, state.input.piece(from: 0, steps: steps).raised)
  }
  /// Every layer under given input spikes.
  func traced(_ state: State, _ events: EventList) -> [Trace] {
    var arrived = events
    return network.layers.enumerated().map { l, layer in
      let n = layer.synapses.outputs
      let traces = Traces(before: AlignedBuffer(zeros: steps * n), after: AlignedBuffer(zeros: steps * n))
      state.events = InputEvents.Piece(raised: arrived.delayed(by: layer.delay, held: &state.held[l]))
      arrived = general(state, layer, l, steps, traces: traces)
      return Trace(layer: layer, fired: arrived, before: traces.before, after: traces.after)
    }
  }
}

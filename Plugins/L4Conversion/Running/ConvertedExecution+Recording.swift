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
    let values = signal.values.read { x in
      (0..<steps).flatMap { t in UnsafeBufferPointer(start: x + t * signal.stride, count: n).map(Double.init) }
    }
    let input = LayerRecord(
      name: "input", kind: data.encoder.kind, shape: data.code.features,
      variables: [VariableRecord("value", values: values)], spikes: SpikeRaster(signal))
    let layers = simulation.traced(sample, part, of: data, until: options.isInterrupted).compactMap {
      layerRecord($0.layer, $0.fired, $0.before)
    }
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
    let inside = (0..<n).map(layer.numbering.inside)
    let potentials = (0..<steps).flatMap { t in inside.map { Double(before[t * n + $0]) * unit } }
    return LayerRecord(
      name: node.name, kind: neuron.kind, shape: node.output,
      variables: [
        VariableRecord("v", values: potentials, start: Array(repeating: Double(layer.start) * unit, count: n)),
        // None of them has a refractory time.
        VariableRecord(
          "waiting", unit: "steps", values: Array(repeating: 0, count: steps * n), start: Array(repeating: 0, count: n)),
      ],
      spikes: raster, threshold: threshold)
  }
}
extension Simulation {
  /// A layer's spikes over a whole run, with potentials before and after firing: [step][neuron, inside numbering].
  struct Trace {
    let layer: ConvertedNetwork.Layer
    var fired: EventList
    let before: AlignedBuffer<Int32>, after: AlignedBuffer<Int32>
  }
  /// Every layer of one sample over the whole run; nothing where it was interrupted.
  func traced(_ sample: Int, _ part: Part, of data: EncodedData, until isInterrupted: () -> Bool = { false })
    -> [Trace]
  {
    guard let state = states([sample], part, data, complements: false).first else { return [] }
    return traced(state, until: isInterrupted) { state.input.piece(from: $0, steps: $1).raised }
  }
  /// Every layer under given input spikes.
  func traced(_ state: State, _ events: EventList) -> [Trace] { traced(state, stretch: steps) { _, _ in events } }

  /// Layer by layer over stretches of the run.
  private func traced(
    _ state: State, stretch: Int = 1024, until isInterrupted: () -> Bool = { false },
    _ input: (_ first: Int, _ steps: Int) -> EventList
  ) -> [Trace] {
    var traces = network.layers.map { layer in
      let count = steps * layer.synapses.outputs
      return Trace(
        layer: layer, fired: EventList(silent: 0), before: AlignedBuffer(zeros: count),
        after: AlignedBuffer(zeros: count))
    }
    for first in Swift.stride(from: 0, to: steps, by: max(1, stretch)) {
      if isInterrupted() { return [] }
      let count = min(stretch, steps - first)
      var arrived = input(first, count)
      for (l, layer) in network.layers.enumerated() {
        let offset = first * layer.synapses.outputs
        state.events = InputEvents.Piece(raised: arrived.delayed(by: layer.delay, held: &state.held[l]))
        arrived = general(
          state, layer, l, count,
          traces: Traces(before: traces[l].before.base + offset, after: traces[l].after.base + offset))
        traces[l].fired.append(arrived)
      }
    }
    return traces
  }
}

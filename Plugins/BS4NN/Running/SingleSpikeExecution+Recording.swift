internal import BS4NNKernels
internal import Compute
internal import Spiking

extension SingleSpikeExecution {
  /// The whole run of one sample, not stopped at the decision: potentials of all neurons at all steps, and all spikes.
  func record(_ sample: Int, _ part: Part, of data: EncodedData) -> Recording {
    var data = data
    data.code.steps = steps
    let inputs = layers[0].matrix.inputs
    let times = data.times([sample], part) ?? SpikeTimes(samples: 1, features: inputs, window: steps)
    let bank = EventBank(times), worker = Worker(self)
    let records = bank.read(0) { events in
      worker.run(events)
      return layers.indices.map { record(of: $0, worker, events) }
    }
    let raster = SpikeRaster(times)
    let input = LayerRecord(
      name: "input", kind: data.encoder.kind, shape: data.code.features,
      variables: [VariableRecord("value", values: raster.signs.map(Double.init))], spikes: raster)
    return Recording(dt: dt, steps: steps, layers: records, input: input, sample: sample)
  }

  private func record(of l: Int, _ worker: Worker, _ input: soma_bs4nn_events) -> LayerRecord {
    let layer = layers[l], n = layer.matrix.outputs, response = worker.response(l)
    let events = l == 0 ? input : worker.response(l - 1).events
    var spikes = SpikeRaster(steps: steps, neurons: n), phase = [Double](repeating: 0, count: steps * n)
    for j in 0..<n {
      let t = Int(response.time[j])
      if t < steps { spikes[t, j] = 1 }
      // As the stepped neuron shows it: 1 in the step of the spike, 2 afterwards.
      for k in min(t, steps)..<steps { phase[k * n + j] = k == t ? 1 : 2 }
    }
    return LayerRecord(
      name: layer.name, kind: "if-once", shape: [n],
      variables: [
        VariableRecord("v", values: membranes(layer, events), start: [Double](repeating: 0, count: n)),
        VariableRecord("phase", values: phase, start: [Double](repeating: 0, count: n)),
      ],
      spikes: spikes, threshold: layer.threshold)
  }
  private func membranes(_ layer: Layer, _ events: soma_bs4nn_events) -> [Double] {
    let n = layer.matrix.outputs
    var sum = [Double](repeating: 0, count: n), values = [Double](repeating: 0, count: steps * n), next = 0
    for k in 0..<steps {
      while next < events.count, Int(events.time[next]) <= k {
        for j in 0..<n { sum[j] += layer.scale * Double(layer.matrix.weight(Int(events.index[next]), j)) }
        next += 1
      }
      for j in 0..<n { values[k * n + j] = sum[j] }
    }
    return values
  }
}

internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot psth`: the firing rate of a layer over the time since the stimulus began.
struct PlotPSTH: Plot, OnData {
  var layer = "", bin = Time.ms(5), sample: Int?, samples = 100, data: DatasetArgument?, part: Part?,
    frame = PlotFrame()
  static let accepts: [ValueType] = [.recording, .model]
  static let manual = Manual(
    "plot psth", "Shows the mean firing rate over the time since the stimulus began.",
    details:
      "Spikes of all neurons of the layer are counted in bins. A model is shown many samples, each of them a repetition; a recording is one.",
    examples: [
      "data glyphs | take train=100 test=50 | encode poisson steps=100 rate=0.2 | dense 50 | neuron lif tau=5ms threshold=0.02 | dense 10 | plot psth samples=20"
    ])
  static let plotSettings: [Setting<Self>] = [
    Setting("layer", \.layer, "Layer of the neurons; the last that spikes by default.", form: .layer),
    Setting("bin", \.bin, "Width of a bin.", in: 1e-9...1e6),
    Setting("sample", \.sample, "One sample shown to a model.", in: 0...1e9),
    Setting("samples", \.samples, "How many samples are shown to a model, where none is chosen.", in: 1...1e6),
    .data, .part,
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let repetitions = try recordings(of: input, context)
    let first = try repetitions[0].layer(named: layer), width = max(1, bin.steps(of: repetitions[0].dt))
    let bins = (repetitions[0].steps + width - 1) / width, dt = repetitions[0].dt.seconds
    var counts = [Double](repeating: 0, count: bins)
    for recording in repetitions {
      let spikes = try recording.layer(named: layer).spikes
      for (place, sign) in spikes.signs.enumerated() where sign != 0 { counts[place / spikes.neurons / width] += 1 }
    }
    let trials = Double(first.spikes.neurons * repetitions.count)
    let rates = counts.enumerated().map { index, count in
      count / trials / (Double(min(width, repetitions[0].steps - index * width)) * dt)
    }
    if counts.allSatisfy({ $0 == 0 }) {
      context.notes.add(
        "plot.silent", "no neuron of '\(first.name)' spiked",
        help: "a lower threshold, more input or longer training lets spikes through")
    }
    let scale = TimeScale(repetitions[0].duration)
    let edges = (0...bins).map { scale(Double(min($0 * width, repetitions[0].steps)) * repetitions[0].dt) }
    let shown = repetitions.count == 1 ? "" : ", \(repetitions.count) samples"
    return Figure(
      Panel(
        title: "\(first.name), \(first.spikes.neurons) neuron\(first.spikes.neurons == 1 ? "" : "s")\(shown)",
        x: scale.axis, y: Axis("firing rate", unit: "Hz", range: rates.contains { $0 > 0 } ? nil : 0...1),
        marks: [.histogram(Histogram(edges: edges, counts: rates))]))
  }
  private func recordings(of input: Value.Content, _ context: Context) throws -> [Recording] {
    if case .recording(let recording) = input { return [recording] }
    let chosen = try selection(input, context), execution = try chosen.recorder(context)
    defer { context.surroundings.progress(nil) }
    if let sample { try chosen.require(sample: sample) }
    let shown = sample.map { [$0] } ?? Array(chosen.indices.prefix(samples))
    return try shown.map { index in
      if context.isInterrupted() { throw Interrupted() }
      return execution.record(index, chosen.part, of: chosen.data)
    }
  }
}

internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot membrane`: potential over time with threshold and spikes, the input current above.
struct PlotMembrane: Plot, OnData {
  var layer = "", neuron = 0, sample = 0, data: DatasetArgument?, part: Part?, frame = PlotFrame()
  static let accepts: [ValueType] = [.recording, .model], isDefault: [ValueType] = [.recording]
  static let manual = Manual(
    "plot membrane", "Draws the membrane potential of a neuron with its threshold and spikes, and its input above.",
    examples: ["neuron lif | drive current=1.2 for=200ms | plot membrane"])
  static let plotSettings: [Setting<Self>] = [
    Setting("layer", \.layer, "Layer of the neuron; the last by default.", form: .layer),
    Setting("neuron", \.neuron, "Its number.", in: 0...1e9),
    Setting("sample", \.sample, "Sample shown to a model.", in: 0...1e9), .data, .part,
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .model(let facts) = input { try facts.model.requireSpikes() }
    if case .recording(let facts) = input, !layer.isEmpty, !facts.layers.contains(layer), context.isKnown("layer") {
      throw Diagnostic(
        "name.layer", "the recording has no layer '\(layer)'", help: "there are \(facts.layers.joined(separator: ", "))"
      )
    }
    return .figure
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    if case .model(let model) = input { try model.requireSpikes() }
    let recording = try self.recording(of: input, sample: sample, context)
    let record = try recording.layer(named: layer)
    try record.require(neuron)
    guard let variable = record.variables.first else {
      throw Diagnostic("plot.variable", "layer '\(record.name)' has no membrane")
    }
    let scale = TimeScale(recording.duration), neurons = record.spikes.neurons
    let trace = try line(recording, scale, context) { $0 == 0 ? 0 : variable.values[($0 - 1) * neurons + neuron] }
    let train = record.train(of: neuron, dt: recording.dt)
    let shift = record.trains == nil ? scale(recording.dt) : 0
    var marks: [Mark] = [.line(x: trace.x, y: trace.y, tint: .palette(0))]
    if let threshold = record.threshold { marks.append(.rule(y: threshold, label: "threshold")) }
    if !train.times.isEmpty {
      marks.append(.spikes(at: scale.thinned(train.times.map { scale($0) + shift }), above: record.threshold))
    }
    try context.poll()
    let membrane = Panel(x: scale.axis, y: Axis(variable.name, unit: variable.unit), marks: marks)
    guard recording.layers.count == 1, recording.input.spikes.neurons == 1,
      let current = recording.input.variables.first
    else {
      return Figure(stacked: [membrane], title: "\(record.name), neuron \(neuron), sample \(sample)")
    }
    let course = try line(recording, scale, context) { current.values[min($0, recording.steps - 1)] }
    let input = Panel(
      x: scale.axis, y: Axis(current.name, unit: current.unit),
      marks: [.steps(x: course.x, y: course.y, tint: .ink)], share: 0.35)
    return Figure(stacked: [input, membrane])
  }
  /// Values at the start and at the end of every step.
  private func line(_ recording: Recording, _ scale: TimeScale, _ context: Context, _ value: (Int) -> Double) throws
    -> ThinTrace
  {
    let trace = try ThinTrace(
      count: recording.steps + 1, x: { scale(Double($0) * recording.dt) }, y: value, poll: context.poll)
    if trace.y.contains(where: { !$0.isNaN && $0.magnitude >= 1e100 }) {
      context.notes.add("plot.range", "values of 1e100 and beyond cannot be drawn and are left out")
    }
    return trace
  }
}

extension OnData {
  /// A recording as it is, or that of a model shown one sample.
  func recording(of input: Value.Content, sample: Int, _ context: Context) throws -> Recording {
    if case .recording(let recording) = input { return recording }
    let chosen = try selection(input, context)
    try chosen.require(sample: sample)
    return try chosen.execution(context).record(sample, chosen.part, of: chosen.data)
  }
}

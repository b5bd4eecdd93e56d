internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot prediction`: what a model foretells beside what comes.
struct PlotPrediction: Plot, OnData {
  var sample = 0, output = 0, steps = 300, data: DatasetArgument?, part: Part?, frame = PlotFrame()
  static let accepts: [ValueType] = [.model]
  static let manual = Manual(
    "plot prediction", "Draws the number that a model gives at every step beside the one that was asked for.",
    examples: [
      "data mackey-glass train=8 test=4 length=100 | encode frames | dense 8 | relu | dense 1 | train backprop epochs=2 batch=4 | plot prediction"
    ])
  static let plotSettings: [Setting<Self>] = [
    Setting("sample", \.sample, "Sample shown.", in: 0...1e9),
    Setting("output", \.output, "Which of several numbers.", in: 0...1e6),
    Setting("steps", \.steps, "How many of the last steps are drawn.", in: 1...1e6), .data, .part,
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .model(let facts) = input, let task = facts.model.input.dataset?.task { try Self.requireNumbers(task) }
    return .figure
  }
  private static func requireNumbers(_ task: Task) throws {
    if case .numbers = task { return }
    throw Diagnostic(
      "plot.numbers", "these data ask for classes, not for numbers", help: "for classes there is plot confusion")
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let chosen = try selection(input, context)
    try Self.requireNumbers(chosen.data.dataset.task)
    let recording = try chosen.recording(of: sample, context)
    let answers = chosen.data.answers([sample], chosen.part)
    guard let layer = recording.layers.last, let wanted = answers.values, output < answers.width else {
      throw Diagnostic("plot.numbers", "there is no output \(output)")
    }
    let n = layer.spikes.neurons, given = layer.output.isEmpty ? layer.variables.first?.values ?? [] : layer.output
    let count = min(given.count / max(1, n), wanted.count / answers.width), first = max(0, count - steps)
    let times = (first..<count).map { Double($0) }
    return Figure(
      Panel(
        title: "sample \(sample)", x: Axis("step", wholeNumbers: true), y: Axis("value"),
        marks: [
          .line(
            x: times, y: (first..<count).map { Double(wanted[$0 * answers.width + output]) }, label: "asked for",
            tint: .ink),
          .line(
            x: times, y: (first..<count).map { given[$0 * n + min(output, n - 1)] }, label: "given", style: .dashed,
            tint: .palette(0)),
        ]))
  }
}

internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// A converted model with the data that a plot shows it.
struct Subject {
  let model: Model, data: EncodedData, part: Part, execution: ConvertedExecution, indices: [Int]

  init<P: ConvertedPlot>(_ plot: P, _ input: Value.Content, _ context: Context, samples: Int? = nil) throws {
    guard case .model(let model) = input else {
      throw Diagnostic("types.stage", "a model is needed, not \(input.type.noun)")
    }
    let options = ExecutionOptions(
      machine: context.machine, steps: plot.steps, isInterrupted: { context.isInterrupted() },
      report: { share in context.surroundings.progress("\(Int(share * 100))% of the samples") })
    guard let execution = ConvertedExecution(model, options) else { throw Self.notConverted }
    data = try model.encoded(plot.data?.dataset, context)
    part = plot.part ?? data.dataset.usualPart
    let count = data.count(part)
    guard count > 0 else { throw Diagnostic("data.part", "'\(data.dataset.name)' has no \(part.rawValue) part") }
    indices = Array(0..<min(count, samples ?? count))
    (self.model, self.execution) = (model, execution)
  }
  static let notConverted = Diagnostic(
    "capability", "this plot needs a converted network", help: "convert one first, as in: | convert robust steps=50")

  func equivalent(_ context: Context) throws -> Equivalent {
    try shaping { () throws(ShapeError) in try Equivalent(execution.network, context.machine) }
  }
  /// Layers of neurons, the output last.
  var populations: [ConvertedNetwork.Layer] { execution.network.layers.filter { $0.population != nil } }
}

/// A plot of a converted model on a part of its data.
protocol ConvertedPlot: Plot {
  var data: DatasetArgument? { get set }
  var part: Part? { get set }
  var steps: Int? { get set }
}
extension ConvertedPlot {
  static var accepts: [ValueType] { [.model] }
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .model(let facts) = input, !(facts.model.network.nodes.last?.layer is ReadOut) {
      throw Subject.notConverted
    }
    return .figure
  }
}
extension Setting where Root: ConvertedPlot {
  static var shown: [Setting<Root>] {
    [
      Setting("data", \Root.data, "Other data than those of the model.", form: .value("dataset")),
      Setting("part", \Root.part, "Part of the data; the test part by default."),
      Setting("steps", \Root.steps, "Another number of steps than that of the code.", in: 1...1e6),
    ]
  }
}

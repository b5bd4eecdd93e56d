internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// A single-spike model with the data that a plot shows it.
struct Subject {
  let model: Model, data: EncodedData, part: Part, execution: SingleSpikeExecution
  let machine: Machine

  init(_ input: Value.Content, data other: DatasetArgument?, part: Part?, _ context: Context) throws {
    let model = try Subject.model(input)
    let data = try model.encoded(other?.dataset, context)
    let options = ExecutionOptions(machine: context.machine, isInterrupted: { context.isInterrupted() })
    let ties = model.executor == "single-spike-lowest" ? TieRule.lowest : .potential
    guard let execution = SingleSpikeExecution(model, options, ties: ties) else {
      throw Diagnostic("capability", "this plot needs dense layers of if-once neurons without bias")
    }
    self.part = part ?? data.dataset.usualPart
    guard data.count(self.part) > 0 else {
      throw Diagnostic("data.part", "'\(data.dataset.name)' has no \(self.part.rawValue) part")
    }
    (self.model, self.data, self.execution, machine) = (model, data, execution, context.machine)
  }
  static func model(_ input: Value.Content) throws -> Model {
    guard case .model(let model) = input else {
      throw Diagnostic("types.stage", "a model is needed, not \(input.type.noun)")
    }
    return model
  }
  var indices: [Int] { Array(0..<data.count(part)) }
  var classes: [String] { data.dataset.classes }
  func outcomes() -> [Outcome] { execution.outcomes(indices, part, of: data) }
  func checkSample(_ sample: Int) throws {
    guard sample < data.count(part) else {
      throw Diagnostic(
        "data.sample", "there is no sample \(sample): the \(part.rawValue) part has \(data.count(part)), counted from 0"
      )
    }
  }
  /// The position of a layer of neurons; the last where none is named.
  func layer(_ name: String) throws -> Int {
    if name.isEmpty { return execution.layers.count - 1 }
    guard let index = execution.layers.firstIndex(where: { $0.name == name }) else {
      let names = execution.layers.map(\.name).joined(separator: ", ")
      throw Diagnostic("name.layer", "there is no layer of neurons '\(name)'", help: "layers: \(names)")
    }
    return index
  }
  /// Firing times of all outputs of all samples, `steps` where silent.
  func eachOutput(_ body: (_ label: Int, _ times: [Int]) -> Void) {
    let worker = Worker(execution), labels = data.labels(indices, part)
    for first in stride(from: 0, to: labels.count, by: 256) {
      let chosen = Array(first..<min(labels.count, first + 256))
      guard let times = data.times(chosen, part) else { return }
      let bank = EventBank(times)
      for (row, sample) in chosen.enumerated() { bank.read(row) { body(labels[sample], worker.run($0).times) } }
    }
  }
}
extension Setting where Root: SubjectPlot {
  static var data: Setting<Root> {
    Setting("data", \.data, "Other data than those of the model.", form: .value("dataset"))
  }
  static var part: Setting<Root> { Setting("part", \.part, "Part of the data; the test part by default.") }
}
/// A plot of a single-spike model on a part of its data.
protocol SubjectPlot: Plot {
  var data: DatasetArgument? { get set }
  var part: Part? { get set }
}
extension SubjectPlot {
  static var accepts: [ValueType] { [.model] }
}
enum Example {
  static let trained =
    "data glyphs | take train=200 test=50 | encode ttfs | dense 50 weights=binary | neuron if-once | dense 10 weights=binary | neuron if-once | train bs4nn epochs=1"
}

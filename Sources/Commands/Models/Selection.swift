internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// Which samples a model is to be shown: its own data or others, one part of them.
struct Selection {
  var data: EncodedData, part: Part, indices: [Int], model: Model

  init(_ model: Model, data: DatasetArgument?, part: Part?, seed: Int?, _ context: Context) throws {
    self.model = model.initialised(seed: context.seed)
    self.data = try model.encoded(data?.dataset, context)
    if let seed { self.data.seed = UInt64(bitPattern: Int64(seed)) }
    let wanted = part ?? self.data.dataset.usualPart
    self.part = self.data.count(wanted) > 0 ? wanted : self.data.dataset.usualPart
    if let part, self.data.count(part) == 0, !self.data.dataset.isSinglePart {
      throw Diagnostic("data.part", "'\(self.data.dataset.name)' has no \(part.rawValue) part")
    }
    indices = Array(0..<self.data.count(self.part))
    guard !indices.isEmpty else { throw Diagnostic("data.empty", "'\(self.data.dataset.name)' has no samples") }
  }
  func execution(_ context: Context, steps: Int? = nil) throws -> any Execution {
    let surroundings = context.surroundings
    return try context.registry.execution(
      of: model,
      ExecutionOptions(
        machine: context.machine, steps: steps, isInterrupted: surroundings.isInterrupted,
        report: { share in surroundings.progress("\(Int(share * 100))% of the samples") }))
  }
  /// Every variable of every layer for one sample.
  func recording(of sample: Int, _ context: Context) throws -> Recording {
    try require(sample: sample)
    let recording = try recorder(context).record(sample, part, of: data)
    if context.isInterrupted() { throw Interrupted() }
    return recording
  }
  /// An execution that records, where the machine has room for a recording.
  func recorder(_ context: Context) throws -> any Execution {
    try Registry.requireMemory(model.recordingBytes(), "a recording of \(model.input.code.steps) steps")
    return try execution(context)
  }
  /// Calls `body` with the recordings of the first samples, until the user interrupts.
  func eachRecording(of samples: Int, _ context: Context, _ body: (Recording) -> Void) throws {
    let execution = try recorder(context)
    defer { context.surroundings.progress(nil) }
    for index in indices.prefix(samples) {
      body(execution.record(index, part, of: data))
      if context.isInterrupted() { break }
    }
  }
  func require(sample: Int) throws {
    guard indices.indices.contains(sample) else {
      throw Diagnostic(
        "data.sample", "there is no sample \(sample): the \(part.rawValue) part has \(indices.count), counted from 0")
    }
  }
}

extension Setting where Root: OnData {
  static var data: Setting<Root> {
    Setting("data", \Root.data, "Other data than those of the model.", form: .value("dataset"))
  }
  static var part: Setting<Root> { Setting("part", \Root.part, "Part of the data; the test part by default.") }
}
/// A command that looks at a model on data.
protocol OnData: Declared {
  var data: DatasetArgument? { get set }
  var part: Part? { get set }
  /// Start of the random numbers of code and neurons; nil for that of the model.
  var seed: Int? { get }
}
extension OnData {
  var seed: Int? { nil }
  func selection(_ input: Value.Content, _ context: Context) throws -> Selection {
    try Selection(try input.model(), data: data, part: part, seed: seed, context)
  }
}

extension Model {
  /// Refuses to show spikes where there are none.
  func requireSpikes() throws {
    guard !hasSpikes else { return }
    throw Diagnostic(
      "model.analog", "nothing spikes in this network: it computes with numbers",
      help: "its values: probe sample=0, its layers: activity")
  }
  /// Multiplications of the linear layers for one sample, run once, and of recurrent ones over all steps.
  var multiplications: Int {
    network.nodes.reduce(0) { sum, node in
      if let layer = node.layer as? any RecurrentLayer {
        return sum + Int(layer.cost(of: node, [], steps: input.code.steps).dense)
      }
      guard case .linear(let layer) = node.layer.role else { return sum }
      return sum + layer.fanOut(of: node).reduce(0, +)
    }
  }
}

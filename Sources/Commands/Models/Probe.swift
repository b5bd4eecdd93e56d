internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `probe sample=12`: every variable of every layer for one sample.
struct Probe: Command, OnData {
  var data: DatasetArgument?, part: Part?, sample = 0
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.recording]
  static let manual = Manual(
    "probe", "Records every variable of every layer for one sample.",
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=1 | probe sample=3 | at 35ms | rows 0..3"
    ])
  static let settings: [Setting<Self>] = [
    Setting("sample", \.sample, "Number of the sample, counted from 0.", in: 0...1e9, positional: true), .data, .part,
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .model(let facts) = input else { return .unknown }
    try Registry.requireMemory(
      facts.model.recordingBytes(), "a recording of \(facts.model.input.code.steps) steps")
    let populations = facts.model.network.nodes.filter { $0.neuron != nil }
    return .recording(
      RecordingFacts(
        layers: populations.map(\.name), variables: populations.flatMap { $0.neuron?.variables ?? [] }, isNetwork: true)
    )
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    .recording(try recordingOf(input, context))
  }
  private func recordingOf(_ input: Value.Content, _ context: Context) throws -> Recording {
    try selection(input, context).recording(of: sample, context)
  }
}

/// `weights layer`: the weights of a layer as a list.
struct WeightsOf: Command {
  var layer = ""
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.list]
  static let manual = Manual(
    "weights", "Tells the weights of a layer as a list of rows, one per input.",
    examples: ["data glyphs | dense 10 | weights dense1 | plot histogram"])
  static let settings: [Setting<Self>] = [
    Setting(
      "layer", \.layer, "Layer whose weights are wanted; the first that has any by default.", form: .layer,
      positional: true)
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts { .list(.list(.number(.none))) }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let model = try input.model().initialised(seed: context.seed)
    let entries = model.network.layout.entries.filter {
      [.weight, .latent].contains($0.spec.role) && $0.spec.shape.extents.count > 1
    }
    guard let entry = layer.isEmpty ? entries.first : entries.first(where: { $0.name == "\(layer).weight" }),
      let parameters = model.parameters
    else {
      throw Diagnostic("layer.weights", layer.isEmpty ? "the model has no weights" : "layer '\(layer)' has no weights")
    }
    let values = parameters.values(of: entry), width = entry.spec.shape.count / entry.spec.shape.extents[0]
    return .list(
      stride(from: 0, to: values.count, by: width).map { row in
        .list(values[row..<row + width].map { .number(Quantity(Double($0))) })
      })
  }
}

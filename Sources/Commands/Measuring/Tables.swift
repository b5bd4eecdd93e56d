internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `history`: one row per epoch.
struct History: Command {
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "history", "Tells what happened in each epoch of training.",
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=2 | history"
    ])
  func check(_ input: Facts, _ context: Context) throws -> Facts { .table(nil) }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    .table(Self.table(try input.model().history))
  }

  static func table(_ history: [EpochRecord]) -> Table {
    let named: [(String, (EpochRecord) -> Double?)] = [
      ("loss", { $0.loss }), ("accuracy", { $0.accuracy }), ("accuracy_tied", { $0.accuracyTied }),
      ("validation_loss", { $0.validationLoss }), ("validation_accuracy", { $0.validationAccuracy }),
    ]
    let extras = Set(history.flatMap(\.extra.keys)).sorted()
    var columns = [Table.Column("epoch", counts: history.map(\.epoch))]
    for (name, read) in named where history.contains(where: { read($0) != nil }) {
      columns.append(Table.Column(name, history.map { read($0) ?? .nan }))
    }
    columns += extras.map { name in Table.Column(name, history.map { $0.extra[name] ?? .nan }) }
    if history.contains(where: { $0.seconds != nil }) {
      columns.append(Table.Column("seconds", history.map { $0.seconds ?? .nan }, dimension: .time))
    }
    return Table(columns)
  }
}

/// `layers`: shapes, parameters and memory of each layer.
struct Layers: Command {
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "layers", "Tells shapes, parameters and memory of each layer, and what a conversion did to it.",
    examples: ["data glyphs | conv 8 kernel=3 | relu | pool 2 | dense 10 | layers"])
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .model(let facts) = input else { return .table(nil) }
    return .table(
      [.init("layer", .text), .init("kind", .text), .init("output", .text), .init("parameters"), .init("bytes")]
        + (facts.model.conversion?.columns ?? []).map { .init($0, .unknown) })
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content { .table(try input.model().layerRows) }
}

/// `operations`: what a run costs in each layer.
struct Operations: Command, OnData {
  var data: DatasetArgument?, part: Part?, samples = 100
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "operations", "Tells what a run costs in each linear layer, and the energy it would take.",
    details:
      "additions are synapses that receive a spike, per sample; dense counts the multiplications of the same layers run once on numbers. Networks without spikes have the latter only. Energy in 45 nm: 0.9 pJ an addition, 4.6 pJ a multiplication and addition (32-bit floats).",
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=1 | operations"
    ], )
  static let settings: [Setting<Self>] = [
    .data, .part, Setting("samples", \.samples, "Samples looked at.", in: 1...1e6),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .model(let facts) = input else { return .table(nil) }
    let spiking: [Facts.Field] = [.init("additions"), .init("energy", .number(.energy))]
    return .table(
      [.init("layer", .text)] + (facts.model.hasSpikes ? spiking : []) + [
        .init("dense"), .init("dense_energy", .number(.energy)),
      ])
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let chosen = try selection(input, context), execution = try chosen.recorder(context)
    defer { context.surroundings.progress(nil) }
    var names: [String] = [], additions: [Double] = [], dense: [Double] = []
    let looked = Array(chosen.indices.prefix(samples))
    let recordings = try looked.map { sample in
      if context.isInterrupted() { throw Interrupted() }
      return execution.record(sample, chosen.part, of: chosen.data)
    }
    for node in chosen.model.network.nodes {
      guard case .linear(let layer) = node.layer.role else { continue }
      let fanOut = layer.fanOut(of: node)
      let source = chosen.model.network.nodes[..<node.index].last { $0.neuron != nil }?.name
      let total = recordings.reduce(0.0) { sum, recording in
        let spikes = (source.flatMap { recording[$0] } ?? recording.input).spikes
        return sum
          + Double((0..<min(spikes.neurons, fanOut.count)).reduce(0) { $0 + spikes.count(of: $1) * fanOut[$1] })
      }
      names.append(node.name)
      additions.append(total / Double(max(1, recordings.count)))
      dense.append(Double(fanOut.reduce(0, +)))
    }
    let spiking = [
      Table.Column("additions", additions),
      Table.Column("energy", additions.map { $0 * 0.9e-12 }, dimension: .energy),
    ]
    return .table(
      Table(
        [Table.Column("layer", texts: names)] + (chosen.model.hasSpikes ? spiking : []) + [
          Table.Column("dense", dense),
          Table.Column("dense_energy", dense.map { $0 * 4.6e-12 }, dimension: .energy),
        ]))
  }
}

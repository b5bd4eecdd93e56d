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

internal import Engine
internal import Language
internal import Spiking

/// `select columns…`: keeps columns, in the order given.
struct Select: Command {
  var columns: [String] = []
  static let accepts: [ValueType] = [.table], gives: [ValueType] = [.table]
  static let manual = Manual(
    "select", "Keeps the named columns, in that order.", examples: ["sweep n 1..3 { n * n } | select value"])
  static let settings: [Setting<Self>] = [
    Setting("columns", \.columns, "Columns to keep.", form: .list(.column), positional: true, required: true)
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .table(let fields?) = input, context.isKnown("columns") else { return .table(nil) }
    return .table(columns.compactMap { name in fields.first { $0.name == name } })
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let table = try input.table()
    return .table(Table(try columns.map { try table.column($0) }))
  }
}

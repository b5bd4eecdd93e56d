internal import Engine
internal import Language
internal import Spiking

/// `group columns…`: one row per combination of their values; other numbers become means with deviations.
struct Group: Command {
  var columns: [String] = []
  static let accepts: [ValueType] = [.table], gives: [ValueType] = [.table]
  static let manual = Manual(
    "group", "Makes one row for each combination of values; other numbers become means.",
    details:
      "Every other numeric column x gives x, its mean, and x_sd, its sample standard deviation; count tells how many rows there were.",
    examples: ["sweep n 1..2 draw 1..3 { n + draw } | group n"])
  static let settings: [Setting<Self>] = [
    Setting("columns", \.columns, "Columns whose values stay.", form: .list(.column), positional: true, required: true)
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .table(let fields?) = input, context.isKnown("columns") else { return .table(nil) }
    let kept = columns.compactMap { name in fields.first { $0.name == name } }
    let means = fields.filter { !columns.contains($0.name) && $0.isNumber }
    return .table(kept + means.flatMap { [$0, Facts.Field("\($0.name)_sd", $0.facts)] } + [Facts.Field("count")])
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let table = try input.table(), keys = try columns.map { try table.column($0) }
    var order: [[Cell]] = [], members: [[Cell]: [Int]] = [:]
    for row in 0..<table.rowCount {
      let key = keys.map { $0.cells[row] }
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(row)
    }
    let rows = order.map { members[$0] ?? [] }
    var result = keys.enumerated().map { index, column in
      Table.Column(column.name, order.map { $0[index] }, dimension: column.dimension)
    }
    for column in table.columns where column.isNumeric && !columns.contains(column.name) {
      let numbers = rows.map { $0.compactMap { column.cells[$0].number } }
      result.append(Table.Column(column.name, numbers.map(\.mean), dimension: column.dimension))
      result.append(Table.Column("\(column.name)_sd", numbers.map(\.deviation), dimension: column.dimension))
    }
    result.append(Table.Column("count", counts: rows.map(\.count)))
    return .table(Table(result))
  }
}

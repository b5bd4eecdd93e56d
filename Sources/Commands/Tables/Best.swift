internal import Engine
internal import Language
internal import Spiking

/// `best column`: the row with the largest (or smallest) value, as a report.
struct Best: Command {
  var column = ""
  var smallest = false
  static let accepts: [ValueType] = [.table], gives: [ValueType] = [.report]
  static let manual = Manual(
    "best", "Picks the row with the largest value of a column.", examples: ["sweep n 1..9 { sin(n) } | best value"])
  static let settings: [Setting<Self>] = [
    Setting("column", \.column, "Column to compare.", form: .column, positional: true, required: true),
    Setting("smallest", \.smallest, "Whether the smallest value is the best."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .table(let fields) = input { .report(fields) } else { .report(nil) }
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let table = try input.table(), cells = try table.column(column).cells
    let rows = cells.indices.filter { cells[$0].number != nil }
    guard let first = rows.first else { throw Diagnostic("table.empty", "the column '\(column)' holds no numbers") }
    let best = rows.reduce(first) { a, b in
      let x = cells[a].number ?? 0, y = cells[b].number ?? 0
      return (smallest ? y < x : y > x) ? b : a
    }
    return .report(table.report(row: best, title: "best"))
  }
}

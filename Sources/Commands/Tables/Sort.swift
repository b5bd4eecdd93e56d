internal import Engine
internal import Language
internal import Spiking

/// `sort column descending=true`: rows in order of a column; equal ones keep their order, gaps come last.
struct Sort: Command {
  var column = ""
  var descending = false
  static let accepts: [ValueType] = [.table], gives: [ValueType] = [.table]
  static let manual = Manual(
    "sort", "Orders the rows by a column.", examples: ["sweep n 1..3 { n * n } | sort value descending=true"])
  static let settings: [Setting<Self>] = [
    Setting("column", \.column, "Column to order by.", form: .column, positional: true, required: true),
    Setting("descending", \.descending, "Whether the largest comes first."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts { input }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let table = try input.table(), cells = try table.column(column).cells
    let order = cells.indices.sorted { a, b in
      if cells[a] == .missing || cells[b] == .missing { return cells[b] == .missing && (cells[a] != .missing || a < b) }
      if cells[a] == cells[b] { return a < b }
      return cells[a].precedes(cells[b]) != descending
    }
    return .table(table.picking(order))
  }
}

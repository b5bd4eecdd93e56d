internal import Engine
internal import Language
internal import Spiking

/// `rows 0..4`: picks rows by number.
struct Rows: Command {
  var numbers: [Int] = []
  static let accepts: [ValueType] = [.table], gives: [ValueType] = [.table]
  static let manual = Manual(
    "rows", "Picks rows by number, counted from 0.", examples: ["sweep n 1..9 { n * n } | rows 0..2"])
  static let settings: [Setting<Self>] = [
    Setting(
      "numbers", \.numbers, "Numbers of the rows; those beyond the end are left out.", in: 0...1e9, positional: true,
      required: true)
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts { input }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let table = try input.table()
    return .table(table.picking(numbers.filter { $0 < table.rowCount }))
  }
}

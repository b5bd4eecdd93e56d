internal import Engine
internal import Language
internal import Spiking

extension Value.Content {
  /// The table that flowed in; a report counts as one row.
  func table() throws -> Table {
    switch self {
    case .table(let table): return table
    case .report(let report): return report.table
    default: throw Diagnostic("types.stage", "a table is needed, not \(type.noun)")
    }
  }
}
extension Table {
  func column(_ name: String) throws -> Column {
    guard let column = self[name] else {
      throw Diagnostic(
        "name.column", "the table has no column '\(name)'",
        help: Spelling.nearest(to: name, among: columns.map(\.name)).map { "did you mean '\($0)'?" }
          ?? "there are \(columns.map(\.name).joined(separator: ", "))")
    }
    return column
  }
  /// A column's numbers, gaps as NaN.
  func numbers(_ name: String) throws -> [Double] {
    let column = try column(name)
    guard column.isNumeric else { throw Diagnostic("types.number", "the column '\(name)' holds texts, not numbers") }
    return column.cells.map { $0.number ?? .nan }
  }
}
extension Cell {
  func precedes(_ other: Cell) -> Bool {
    switch (self, other) {
    case (.number(let a), .number(let b)): a < b
    case (.text(let a), .text(let b)): a < b
    case (.flag(let a), .flag(let b)): !a && b
    default: false
    }
  }
}
extension Facts.Field {
  var isNumber: Bool {
    switch facts {
    case .number, .unknown: true
    default: false
    }
  }
}
extension [Double] {
  var mean: Double { isEmpty ? .nan : reduce(0, +) / Double(count) }
  /// Sample standard deviation; 0 for a single number.
  var deviation: Double {
    guard count > 1, let first, contains(where: { $0 != first }) else { return isEmpty ? .nan : 0 }
    let mean = mean
    return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
  }
}

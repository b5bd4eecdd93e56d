internal import Spiking

/// Tables in aligned columns: numbers to the right, texts to the left.
enum TableText {
  static func render(_ table: Table, _ settings: SessionSettings) -> String {
    guard !table.columns.isEmpty else { return "empty table" }
    let shown = min(table.rowCount, settings.rows)
    let columns = table.columns.map { column in
      let isText = !column.isNumeric
      let cells = [column.name] + column.cells.prefix(shown).map { Presentation.cell($0, column.dimension, digits: settings.precision) }
      return pad(isText || column.cells.isEmpty ? cells : aligned(cells), left: isText)
    }
    var lines = (0...shown).map { row in trimmed(columns.map { $0[row] }.joined(separator: "  ")) }
    if shown < table.rowCount { lines.append("… \(Presentation.grouped(table.rowCount - shown)) more rows") }
    return lines.joined(separator: "\n")
  }
  /// Decimal points below each other where a column mixes digits.
  private static func aligned(_ cells: [String]) -> [String] {
    let decimals = cells.dropFirst().map { cell -> Int? in
      guard !cell.contains("e"), let dot = cell.firstIndex(of: ".") else { return nil }
      return cell.distance(from: dot, to: cell.endIndex)
    }
    let most = decimals.compactMap { $0 }.max() ?? 0
    guard most > 0, cells.dropFirst().allSatisfy({ $0.last?.isNumber == true }) else { return cells }
    return [cells[0]] + zip(cells.dropFirst(), decimals).map { cell, count in
      cell.contains("e") ? cell : cell + String(repeating: " ", count: most - (count ?? 0))
    }
  }
  private static func pad(_ cells: [String], left: Bool) -> [String] {
    let width = cells.map(\.count).max() ?? 0
    return cells.map { cell in
      let blanks = String(repeating: " ", count: width - cell.count)
      return left ? cell + blanks : blanks + cell
    }
  }
  private static func trimmed(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}

internal import Spiking

/// Tables in aligned columns: numbers to the right, texts to the left.
enum TableText {
  /// - Parameter width: columns of text there are; a wider table is cut into blocks, each with the first column.
  static func render(_ table: Table, _ settings: SessionSettings, width: Int? = nil) -> String {
    guard !table.columns.isEmpty else { return "empty table" }
    let shown = min(table.rowCount, settings.rows)
    let columns = table.columns.map { cells(of: $0, shown, settings) }
    let blocks = blocks(columns, width: width)
    var lines = blocks.enumerated().flatMap { number, block in
      (number > 0 ? [""] : []) + (0...shown).map { row in trimmed(block.map { $0[row] }.joined(separator: "  ")) }
    }
    if shown < table.rowCount { lines.append("… \(Presentation.grouped(table.rowCount - shown)) more rows") }
    return lines.joined(separator: "\n")
  }
  /// A report as one row, or, where that is too wide, one entry a line.
  static func render(_ report: Report, _ settings: SessionSettings, width: Int?) -> String {
    let row = render(report.table, settings)
    guard let width, row.split(separator: "\n").contains(where: { $0.count > width }) else { return row }
    let longest = report.fields.map(\.name.count).max() ?? 0
    return report.fields.map { field in
      field.name + String(repeating: " ", count: longest - field.name.count + 2)
        + Presentation.cell(field.cell, field.dimension, digits: settings.precision)
    }.joined(separator: "\n")
  }
  private static func cells(of column: Table.Column, _ shown: Int, _ settings: SessionSettings) -> [String] {
    let isText = !column.isNumeric
    let cells =
      [column.name]
      + column.cells.prefix(shown).map { Presentation.cell($0, column.dimension, digits: settings.precision) }
    return pad(isText || column.cells.isEmpty ? cells : aligned(cells), left: isText)
  }
  private static func blocks(_ columns: [[String]], width: Int?) -> [[[String]]] {
    guard let width, let first = columns.first else { return [columns] }
    var blocks = [[first]], used = first[0].count
    for column in columns.dropFirst() {
      if used + 2 + column[0].count > width, blocks[blocks.count - 1].count > 1 {
        blocks.append([first])
        used = first[0].count
      }
      blocks[blocks.count - 1].append(column)
      used += 2 + column[0].count
    }
    return blocks
  }
  /// Decimal points below each other where a column mixes digits.
  private static func aligned(_ cells: [String]) -> [String] {
    let decimals = cells.dropFirst().map { cell -> Int? in
      guard !cell.contains("e"), let dot = cell.firstIndex(of: ".") else { return nil }
      return cell.distance(from: dot, to: cell.endIndex)
    }
    let most = decimals.compactMap { $0 }.max() ?? 0
    guard most > 0, cells.dropFirst().allSatisfy({ $0.last?.isNumber == true }) else { return cells }
    return [cells[0]]
      + zip(cells.dropFirst(), decimals).map { cell, count in
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

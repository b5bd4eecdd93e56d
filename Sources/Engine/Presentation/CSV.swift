/// Tables as comma-separated values (RFC 4180), and JSON, with numbers that read back to the same bits.
public enum TableFile {
  public static func csv(_ table: Table) -> String {
    let header = table.columns.map { quoted($0.name) }.joined(separator: ",")
    let rows = (0..<table.rowCount).map { row in
      table.columns.map { csv($0.cells[row]) }.joined(separator: ",")
    }
    return ([header] + rows).joined(separator: "\r\n") + "\r\n"
  }
  /// One object for a report.
  public static func json(_ report: Report) -> String {
    "{\n" + report.fields.map { "  \(string($0.name)): \(json($0.cell))" }.joined(separator: ",\n") + "\n}\n"
  }
  /// A list of objects, one per row.
  public static func json(_ table: Table) -> String {
    let rows = (0..<table.rowCount).map { row in
      "  {" + table.columns.map { "\(string($0.name)): \(json($0.cells[row]))" }.joined(separator: ", ") + "}"
    }
    return "[\n" + rows.joined(separator: ",\n") + "\n]\n"
  }

  private static func csv(_ cell: Cell) -> String {
    switch cell {
    case .number(let x): number(x)
    case .text(let text): quoted(text)
    case .flag(let flag): flag ? "true" : "false"
    case .missing: ""
    }
  }
  private static func json(_ cell: Cell) -> String {
    switch cell {
    case .number(let x): x.isFinite ? number(x) : "null"
    case .text(let text): string(text)
    case .flag(let flag): flag ? "true" : "false"
    case .missing: "null"
    }
  }
  private static func number(_ x: Double) -> String {
    x == x.rounded() && abs(x) < 1e15 ? String(Int64(x)) : "\(x)"
  }
  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
  private static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 32:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// What Tab does with the candidates at the cursor: text to insert, or a list to show.
struct CompletionMenu {
  /// What goes in at the cursor; empty where several candidates differ in the next character.
  let insertion: String
  /// Rows for the screen; empty where the insertion says it all.
  let rows: [String]

  init(_ text: String, _ completer: Completer?, size: (columns: Int, rows: Int)) {
    let (replacing, candidates) = completer?(text) ?? (0, [])
    guard let first = candidates.first else {
      (insertion, rows) = ("", [])
      return
    }
    let common = candidates.dropFirst().reduce(first.text) { Self.commonPrefix($0, $1.text) }
    let rest = String(common.dropFirst(replacing))
    guard candidates.count > 1 else {
      (insertion, rows) = (rest + Self.ending(of: first.text), [])
      return
    }
    insertion = rest
    rows = rest.isEmpty ? Self.list(candidates, size) : []
  }
  /// A finished word is followed by a blank; a setting and a folder go on.
  private static func ending(of text: String) -> String { text.hasSuffix("=") || text.hasSuffix("/") ? "" : " " }
  private static func commonPrefix(_ a: String, _ b: String) -> String {
    String(zip(a, b).prefix { $0 == $1 }.map(\.0))
  }

  /// One row per candidate with its summary where they fit on the screen, otherwise columns of names.
  private static func list(_ candidates: [Candidate], _ size: (columns: Int, rows: Int)) -> [String] {
    let width = (candidates.map(\.text.count).max() ?? 0) + 2
    let isShort = candidates.count <= max(6, size.rows - 4) && candidates.contains { !$0.summary.isEmpty }
    if isShort {
      return candidates.map { fitted(padded($0.text, width) + $0.summary, size.columns) }
    }
    let columns = max(1, size.columns / width), count = (candidates.count + columns - 1) / columns
    return (0..<count).map { row in
      stride(from: row, to: candidates.count, by: count).map { padded(candidates[$0].text, width) }.joined().trimmed
    }
  }
  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
  private static func fitted(_ text: String, _ columns: Int) -> String {
    let text = text.prefix { $0 != "\n" }
    return (text.count < columns ? String(text) : String(text.prefix(max(1, columns - 2))) + "…").trimmed
  }
}
extension String {
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

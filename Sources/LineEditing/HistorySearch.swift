/// A walk through the history among the items that begin with what stands before the cursor.
struct HistorySearch {
  enum Direction { case older, newer }
  private var typed = "", prefix = "", shown: String?, index = 0

  /// What to show next, or nil where there is nothing more.
  ///
  /// A walk goes on as long as the line is what the last step showed; any change of it begins another.
  mutating func step(_ direction: Direction, line: String, beforeCursor: String, in items: [String]) -> String? {
    if line != shown || index > items.count { (typed, prefix, index) = (line, beforeCursor, items.count) }
    let rest = direction == .older ? Array((0..<index).reversed()) : Array(min(index + 1, items.count)..<items.count)
    if let found = rest.first(where: { items[$0] != line && items[$0].hasPrefix(prefix) }) {
      index = found
      shown = items[found]
      return shown
    }
    guard direction == .newer, index < items.count else { return nil }
    index = items.count
    shown = typed
    return typed
  }
  mutating func end() { shown = nil }
}

/// Guesses what was meant by a misspelt word.
public enum Spelling {
  /// The candidate within two edits of `word` (one for short words), if there is exactly one nearest.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let limit = word.count <= 3 ? 1 : 2
    var best: (String, Int)?, isTied = false
    for candidate in Set(candidates) where abs(candidate.count - word.count) <= limit {
      let distance = distance(Array(word), Array(candidate))
      guard distance <= limit else { continue }
      if let (_, d) = best, distance >= d {
        isTied = isTied || distance == d
      } else {
        best = (candidate, distance)
        isTied = false
      }
    }
    return isTied ? nil : best?.0
  }
  /// Edits between two words: insertions, deletions, changes and swaps of neighbours.
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var rows = [Array(0...b.count)]
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var d = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { d = min(d, rows[i - 2][j - 2] + 1) }
        row.append(d)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}

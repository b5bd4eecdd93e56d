/// Text in rows of a terminal.
public enum Wrapping {
  /// Columns below which rows are left alone.
  private static let narrowest = 20

  /// The text with rows of at most `width` columns, broken at blanks; a word that is longer stays whole.
  ///
  /// What follows a break is indented as far as the second column of the row, where it has one, else two further than
  /// the row itself.
  public static func wrapped(_ text: String, width: Int?) -> String {
    guard let width, width >= narrowest else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { row in
      row.count > width ? broken(String(row), width) : String(row)
    }.joined(separator: "\n")
  }
  private static func broken(_ row: String, _ width: Int) -> String {
    let margin = row.prefix { $0 == " " }.count
    let indent = String(repeating: " ", count: secondColumn(row, margin, width) ?? min(margin + 2, width / 2))
    var rows: [String] = [], current = String(repeating: " ", count: margin), isEmpty = true
    // Blanks between words stay, so that columns keep their places.
    for piece in pieces(row.dropFirst(margin)) {
      if !isEmpty, columns(current) + columns(piece.blanks) + columns(piece.word) > width {
        rows.append(current)
        current = indent + piece.word
      } else {
        current += piece.blanks + piece.word
      }
      isEmpty = false
    }
    return (rows + [current]).joined(separator: "\n")
  }
  /// Where the text behind a gap of two blanks or more begins, if that leaves room beside it.
  private static func secondColumn(_ row: String, _ margin: Int, _ width: Int) -> Int? {
    var place = margin
    for piece in pieces(row.dropFirst(margin)) {
      place += piece.blanks.count
      if piece.blanks.count > 1, place > margin { return place <= width * 2 / 3 ? place : nil }
      place += piece.word.count
    }
    return nil
  }
  private static func pieces(_ text: Substring) -> [(blanks: String, word: String)] {
    var result: [(blanks: String, word: String)] = [], rest = text
    while !rest.isEmpty {
      let blanks = rest.prefix { $0 == " " }, word = rest.dropFirst(blanks.count).prefix { $0 != " " }
      result.append((String(blanks), String(word)))
      rest = rest.dropFirst(blanks.count + word.count)
    }
    return result
  }
  static func columns(_ text: String) -> Int { columns(text.unicodeScalars) }
  /// Columns on a terminal: ideographs take two, combining marks none.
  static func columns(_ scalars: some Sequence<Unicode.Scalar>) -> Int {
    scalars.reduce(0) { $0 + columns($1) }
  }
  static func columns(_ scalar: Unicode.Scalar) -> Int {
    if scalar.properties.generalCategory == .nonspacingMark { return 0 }
    let isWide =
      (0x1100...0x115F).contains(scalar.value) || (0x2E80...0xA4CF).contains(scalar.value)
      || (0xAC00...0xD7A3).contains(scalar.value) || (0xFF00...0xFF60).contains(scalar.value)
      || (0x1F300...0x1FAFF).contains(scalar.value)
    return isWide ? 2 : 1
  }
}

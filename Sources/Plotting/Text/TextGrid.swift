/// Lines of coloured characters.
struct TextGrid {
  /// One character with its colours.
  struct Cell: Equatable {
    var character: Character = " "
    var colour: Colour?
    var background: Colour?

    var isEmpty: Bool { character == " " && background == nil }
  }

  let width: Int
  private(set) var rows: [[Cell]]

  init(width: Int, height: Int) {
    self.width = max(0, width)
    rows = Array(repeating: Array(repeating: Cell(), count: self.width), count: max(0, height))
  }

  var height: Int { rows.count }

  /// A cell; places outside read as empty and cannot be written.
  subscript(row: Int, column: Int) -> Cell {
    get { rows.indices.contains(row) && (0..<width).contains(column) ? rows[row][column] : Cell() }
    set {
      if rows.indices.contains(row), (0..<width).contains(column) { rows[row][column] = newValue }
    }
  }

  /// Writes a text; what does not fit is cut off.
  mutating func write(_ text: String, row: Int, column: Int, _ colour: Colour? = nil) {
    for (index, character) in text.enumerated() {
      self[row, column + index] = Cell(character: character, colour: colour)
    }
  }

  /// Writes a text in the middle of the columns from `start`.
  mutating func writeCentred(_ text: String, row: Int, from start: Int = 0, _ colour: Colour? = nil) {
    let text = text.shortened(to: width - start)
    write(text, row: row, column: start + (width - start - text.count) / 2, colour)
  }

  /// Copies another grid to a place.
  mutating func place(_ other: TextGrid, row: Int, column: Int) {
    for (index, cells) in other.rows.enumerated() {
      for (offset, cell) in cells.enumerated() { self[row + index, column + offset] = cell }
    }
  }

  /// Adds the lines of another grid below.
  mutating func append(_ other: TextGrid) {
    let start = height
    rows += Array(repeating: Array(repeating: Cell(), count: width), count: other.height)
    place(other, row: start, column: 0)
  }

  /// Whether some cells of a row are all empty.
  func isFree(row: Int, columns: Range<Int>) -> Bool {
    columns.allSatisfy { self[row, $0].isEmpty }
  }
}

extension TextGrid {
  /// The lines with escape sequences for colours, without spaces at their ends.
  func text(_ depth: TextOptions.ColourDepth) -> String {
    rows.map { line($0, depth) }.joined(separator: "\n")
  }

  private func line(_ cells: [Cell], _ depth: TextOptions.ColourDepth) -> String {
    let end = cells.lastIndex { !($0.isEmpty || depth == .none && $0.character == " ") }.map { $0 + 1 } ?? 0
    guard depth != .none else { return String(cells[..<end].map(\.character)) }
    var result = ""
    var (colour, background): (Colour?, Colour?) = (nil, nil)
    for cell in cells[..<end] {
      let wanted = cell.character == " " ? colour : cell.colour
      if wanted != colour || cell.background != background {
        result += depth.escape(wanted, cell.background)
        (colour, background) = (wanted, cell.background)
      }
      result.append(cell.character)
    }
    return colour == nil && background == nil ? result : result + "\u{1B}[0m"
  }
}

extension String {
  /// The text cut to a count of characters, with an ellipsis in place of what is missing.
  func shortened(to count: Int) -> String {
    guard self.count > Swift.max(0, count) else { return self }
    let dots = allSatisfy(\.isASCII) ? "." : "…"
    return count < 1 ? "" : prefix(count - 1) + dots
  }
}

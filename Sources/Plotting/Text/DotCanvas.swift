/// Dots inside character cells: one per cell, two by two, or two by four.
struct DotCanvas {
  let columns: Int
  let rows: Int
  let style: TextOptions.Style
  private var bits: [UInt8]
  private var glyphs: [Character]
  private var colours: [Colour?]

  init(columns: Int, rows: Int, style: TextOptions.Style) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
    self.style = style
    bits = Array(repeating: 0, count: self.columns * self.rows)
    glyphs = Array(repeating: " ", count: self.columns * self.rows)
    colours = Array(repeating: nil, count: self.columns * self.rows)
  }

  /// Dots in one cell across and down.
  private var density: (x: Int, y: Int) {
    switch style {
    case .ascii: (1, 1)
    case .blocks: (2, 2)
    case .braille: (2, 4)
    }
  }

  /// Sets the dot nearest to a point of the panel.
  mutating func dot(_ point: UnitPoint, _ tint: Tint) {
    guard point.isInside else { return }
    let (x, y) = position(point)
    set(x, y, tint)
  }

  /// Sets dots along a line; `pattern` says which stay, again and again.
  mutating func line(_ points: [UnitPoint], _ tint: Tint, pattern: [Bool]) {
    var step = 0
    for (a, b) in zip(points, points.dropFirst()) {
      guard let (start, end) = clipped(a, b) else { continue }
      let (from, to) = (position(start), position(end))
      let count = max(abs(to.x - from.x), abs(to.y - from.y))
      for index in 0...count {
        let share = count == 0 ? 0 : Double(index) / Double(count)
        let x = Double(from.x) + Double(to.x - from.x) * share
        let y = Double(from.y) + Double(to.y - from.y) * share
        if pattern[step % pattern.count] { set(Int(x.rounded()), Int(y.rounded()), tint) }
        if index < count { step += 1 }
      }
    }
    if points.count == 1 { dot(points[0], tint) }
  }

  private func position(_ point: UnitPoint) -> (x: Int, y: Int) {
    let (width, height) = (columns * density.x, rows * density.y)
    return (
      (point.x * Double(width - 1)).rounded(in: 0...width - 1),
      ((1 - point.y) * Double(height - 1)).rounded(in: 0...height - 1)
    )
  }

  private mutating func set(_ x: Int, _ y: Int, _ tint: Tint) {
    let cell = y / density.y * columns + x / density.x
    bits[cell] |= Self.bit(x % density.x, y % density.y, style)
    glyphs[cell] = TextOptions.glyph(tint)
    colours[cell] = tint.terminalColour
  }

  /// The cell at a place.
  func cell(row: Int, column: Int) -> TextGrid.Cell {
    let index = row * columns + column
    guard bits[index] != 0 else { return TextGrid.Cell() }
    let character = style == .ascii ? glyphs[index] : Self.character(bits[index], style)
    return TextGrid.Cell(character: character, colour: colours[index])
  }

  static func bit(_ x: Int, _ y: Int, _ style: TextOptions.Style) -> UInt8 {
    switch style {
    case .ascii: 1
    case .blocks: 1 << UInt8(2 * y + x)
    case .braille: y < 3 ? 1 << UInt8(y + 3 * x) : 1 << UInt8(6 + x)
    }
  }

  static func character(_ bits: UInt8, _ style: TextOptions.Style) -> Character {
    switch style {
    case .ascii: bits == 0 ? " " : "*"
    case .blocks: Self.quarters[Int(bits & 15)]
    case .braille: bits == 0 ? " " : Character(Unicode.Scalar(0x2800 + UInt32(bits)) ?? " ")
    }
  }

  private static let quarters = Array(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")
}

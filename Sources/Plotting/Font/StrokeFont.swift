/// A typeface of strokes, drawn for this program.
enum StrokeFont {
  /// All glyphs by their character.
  static let glyphs: [Character: Glyph] = {
    var glyphs: [Character: Glyph] = [
      " ": Glyph(advance: 5, strokes: []), "\u{2009}": Glyph(advance: 2.6, strokes: []),
    ]
    for line in [latin, digits, symbols, greek].joined(separator: "\n").split(separator: "\n") {
      if let (character, glyph) = Glyph.parse(line) { glyphs[character] = glyph }
    }
    for (character, original) in sameAs { glyphs[character] = glyphs[original] }
    for (character, original) in raised { glyphs[character] = glyphs[original]?.reduced(to: 0.62, raisedBy: 6.6) }
    for (character, original) in lowered { glyphs[character] = glyphs[original]?.reduced(to: 0.62, raisedBy: -2.6) }
    glyphs["\u{00A0}"] = glyphs[" "]
    return glyphs
  }()

  /// An empty box, drawn for characters the typeface lacks.
  static let missing = Glyph(
    advance: 9,
    strokes: [[(1.5, 0), (1.5, 12), (7.5, 12), (7.5, 0), (1.5, 0)].map { Point(x: $0.0, y: $0.1) }])

  static func glyph(_ character: Character) -> Glyph { glyphs[character] ?? missing }

  /// The width of a line of text whose capitals are `capHeight` high.
  static func width(_ text: String, capHeight: Double) -> Double {
    text.reduce(0) { $0 + glyph($1).advance } * capHeight / Glyph.capHeight
  }

  /// The thickness of strokes.
  static func strokeWidth(capHeight: Double) -> Double { capHeight * 0.114 }

  private static let raised: [(Character, Character)] =
    zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789").map { $0 } + [
      ("⁻", "−"), ("⁺", "+"), ("ⁿ", "n"), ("ᵀ", "T"), ("⁽", "("), ("⁾", ")"),
    ]
  private static let lowered: [(Character, Character)] =
    zip("₀₁₂₃₄₅₆₇₈₉", "0123456789").map { $0 } + [
      ("₋", "−"), ("₊", "+"), ("ₙ", "n"), ("ᵢ", "i"), ("ⱼ", "j"), ("ₜ", "t"),
    ]
}

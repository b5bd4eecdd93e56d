/// How a figure is drawn as text.
public struct TextOptions: Equatable, Sendable {
  /// Which characters draw.
  public enum Style: String, Hashable, Sendable, CaseIterable {
    /// Seven-bit characters only.
    case ascii
    /// Quarter and shaded blocks.
    case blocks
    /// Braille cells of two by four dots.
    case braille
  }

  /// Which escape sequences set colours.
  public enum ColourDepth: Hashable, Sendable {
    /// No escape sequences at all.
    case none
    /// The sixteen colours every terminal has.
    case sixteen
    /// The 256 colours of xterm.
    case full
    /// 24 bits a colour.
    case direct
  }

  /// The number of columns.
  public var width: Int
  /// The number of lines for one row of panels; pictures may take more.
  public var height: Int
  public var style: Style
  public var colour: ColourDepth

  public init(width: Int = 80, height: Int = 24, style: Style = .braille, colour: ColourDepth = .none) {
    self.width = max(10, min(1000, width))
    self.height = max(6, min(1000, height))
    self.style = style
    self.colour = colour
  }
}

extension TextOptions {
  var isColoured: Bool { colour != .none }

  /// A text in the characters of the style.
  func plain(_ text: String) -> String { style == .ascii ? ASCIIText.spelt(text) : text }

  /// The character of a series where characters tell series apart.
  static func glyph(_ tint: Tint) -> Character {
    guard let index = tint.index else { return tint == .muted ? "." : "-" }
    return Array("*o+x#@%&")[index]
  }
}

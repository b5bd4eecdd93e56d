/// The smallest pieces of a program.
public struct Token: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case number(Double, unit: String?)
    case word(String)
    case text([TextPart])
    /// An operator or bracket, by its spelling; a minus that may be a sign is `.minusSign`.
    case symbol(String)
    case minusSign
    case newline
    case end
  }
  public var kind: Kind, span: Span
  /// Whether a blank, a line end or nothing stands before it.
  public var followsBlank: Bool

  public func isSymbol(_ text: String) -> Bool { kind == .symbol(text) }
  public func isWord(_ text: String) -> Bool { kind == .word(text) }
  public var word: String? { if case .word(let word) = kind { word } else { nil } }
}

/// A stretch of a text literal: characters, or a formula in braces.
public enum TextPart: Sendable, Equatable {
  case literal(String)
  case formula(Span)
}

/// Cuts a source into tokens. Never fails: what cannot be read becomes a diagnostic and is skipped.
public struct Lexer {
  let source: Source
  let end: Int
  var position: Int
  var tokens: [Token] = []
  var diagnostics: [Diagnostic] = []
  /// Open brackets; inside round and square ones a newline is a blank.
  var brackets: [Unicode.Scalar] = []
  /// How many brackets were open where equations began; inside, words are bare names and `-` and `/` always operate.
  var equationDepth: Int?

  init(_ source: Source, in span: Span? = nil) {
    self.source = source
    position = span?.start ?? 0
    end = span?.end ?? source.scalars.count
  }
  /// All tokens of a source, the last one being `.end`.
  public static func tokens(of source: Source, in span: Span? = nil) -> (tokens: [Token], diagnostics: [Diagnostic]) {
    var lexer = Lexer(source, in: span)
    while lexer.next() {}
    return (lexer.tokens, lexer.diagnostics)
  }

  func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    position + ahead < end ? source.scalars[position + ahead] : nil
  }
  var followsBlank: Bool {
    guard position > 0 else { return true }
    return source.scalars[position - 1].properties.isWhitespace
  }
  /// After a blank, an opening bracket, `=` or `..`: where a sign or a path may begin.
  var mayBegin: Bool {
    if followsBlank { return true }
    let previous = source.scalars[position - 1]
    return "([{=,|;".unicodeScalars.contains(previous)
      || (previous == "." && position > 1 && source.scalars[position - 2] == ".")
  }
  mutating func append(_ kind: Token.Kind, from start: Int, blank: Bool) {
    tokens.append(Token(kind: kind, span: Span(start, position), followsBlank: blank))
  }

  /// Reads one token; false at the end.
  mutating func next() -> Bool {
    skipBlanks()
    let start = position, blank = followsBlank
    guard let c = peek() else {
      append(.end, from: start, blank: blank)
      return false
    }
    if c == "\n" {
      position += 1
      if brackets.last != "(", brackets.last != "[" { append(.newline, from: start, blank: blank) }
    } else if c == "\"" {
      readText(start, blank)
    } else if c.isDigit
      || (c == "." && peek(1)?.isDigit == true && !(position > 0 && source.scalars[position - 1] == "."))
    {
      readNumber(start, blank)
    } else if startsWord(c) {
      readWord(start, blank)
    } else {
      readSymbol(c, start, blank)
    }
    return true
  }

  private mutating func skipBlanks() {
    while let c = peek() {
      if c == "#", followsBlank {
        while let d = peek(), d != "\n" {
          _ = d
          position += 1
        }
      } else if c != "\n", c.properties.isWhitespace || c == "\u{FEFF}" {
        position += 1
      } else {
        return
      }
    }
  }

  // MARK: Words

  private func startsWord(_ c: Unicode.Scalar) -> Bool {
    if equationDepth != nil { return c.properties.isAlphabetic || c == "_" }
    if c.properties.isAlphabetic || c == "_" || c == "~" { return true }
    if c == "." { return peek(1) == "/" || (peek(1) == "." && peek(2) == "/") }
    return c == "/" && mayBegin
      && (peek(1).map { $0.properties.isAlphabetic || "_.~".unicodeScalars.contains($0) || $0.isDigit } ?? false)
  }
  private mutating func readWord(_ start: Int, _ blank: Bool) {
    while let c = peek() {
      if equationDepth != nil {
        guard c.isWordBody else { break }
        position += 1
      } else if c == "." {
        if peek(1) == ".", peek(2) != "/" { break }
        guard let after = peek(1), after.isWordBody || after == "." || after == "/" else { break }
        position += 1
      } else if c == "-" {
        guard let after = peek(1), after.properties.isAlphabetic || after.isDigit else { break }
        position += 1
      } else if c.isWordBody || c == "/" || c == "~" {
        position += 1
      } else {
        break
      }
    }
    append(.word(source[Span(start, position)]), from: start, blank: blank)
  }

  // MARK: Numbers

  private mutating func readNumber(_ start: Int, _ blank: Bool) {
    skipDigits()
    if peek() == ".", peek(1)?.isDigit == true {
      position += 1
      skipDigits()
    }
    if let e = peek(), e == "e" || e == "E" {
      let signed = peek(1) == "-" || peek(1) == "+"
      if peek(signed ? 2 : 1)?.isDigit == true {
        position += signed ? 2 : 1
        skipDigits()
      }
    }
    let value = Double(source[Span(start, position)])
    let unitStart = position
    while let c = peek(), c.properties.isAlphabetic || c == "%" || c == "µ" || c == "_" || c.isDigit { position += 1 }
    let unit = position > unitStart ? source[Span(unitStart, position)] : nil
    guard let value, value.isFinite else {
      diagnostics.append(Messages.numberTooLarge(source[Span(start, position)], Span(start, position)))
      append(.number(0, unit: unit), from: start, blank: blank)
      return
    }
    append(.number(value, unit: unit), from: start, blank: blank)
  }
  private mutating func skipDigits() { while peek()?.isDigit == true { position += 1 } }

  // MARK: Symbols

  private mutating func readSymbol(_ c: Unicode.Scalar, _ start: Int, _ blank: Bool) {
    if c == "-", equationDepth == nil, mayBegin, let after = peek(1),
      after.isDigit || (after == "." && peek(2)?.isDigit == true)
    {
      position += 1
      append(.minusSign, from: start, blank: blank)
      return
    }
    for pair in ["==", "!=", "<=", ">=", ".."] where source[Span(start, min(end, start + 2))] == pair {
      position += 2
      append(.symbol(pair), from: start, blank: blank)
      return
    }
    position += 1
    switch c {
    case "(", "[", "{":
      if c == "{", equationDepth == nil, opensEquations { equationDepth = brackets.count }
      brackets.append(c)
    case ")", "]", "}":
      if let last = brackets.last, last == Self.opening[c] { brackets.removeLast() }
      if brackets.count == equationDepth { equationDepth = nil }
    case "'" where equationDepth != nil: break
    case "|", ";", "=", ",", "<", ">", "+", "-", "*", "/", "^", "?": break
    default:
      diagnostics.append(Messages.strangeCharacter(String(Character(c)), Span(start, position)))
      return
    }
    append(.symbol(String(Character(c))), from: start, blank: blank)
  }
  /// Whether a brace here follows `neuron define name`.
  private var opensEquations: Bool {
    guard tokens.count >= 3, tokens[tokens.count - 1].word != nil else { return false }
    return tokens[tokens.count - 2].isWord("define") && tokens[tokens.count - 3].isWord("neuron")
  }
  private static let opening: [Unicode.Scalar: Unicode.Scalar] = [")": "(", "]": "[", "}": "{"]

  // MARK: Texts

  private mutating func readText(_ start: Int, _ blank: Bool) {
    position += 1
    var parts: [TextPart] = [], literal = ""
    while let c = peek(), c != "\n" {
      position += 1
      switch c {
      case "\"":
        if !literal.isEmpty || parts.isEmpty { parts.append(.literal(literal)) }
        append(.text(parts), from: start, blank: blank)
        return
      case "\\":
        literal += escape()
      case "{":
        guard let inner = braces() else { continue }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = ""
        parts.append(.formula(inner))
      default:
        literal.unicodeScalars.append(c)
      }
    }
    diagnostics.append(Messages.openText(Span(start, start + 1)))
    append(.text([.literal(literal)]), from: start, blank: blank)
  }
  private mutating func escape() -> String {
    let start = position - 1
    guard let c = peek(), c != "\n" else { return "\\" }
    position += 1
    switch c {
    case "\"", "\\", "{": return String(Character(c))
    case "n": return "\n"
    case "t": return "\t"
    default:
      diagnostics.append(Messages.unknownEscape(String(Character(c)), Span(start, position)))
      return String(Character(c))
    }
  }
  /// The span between braces inside a text; the opening one has been read.
  private mutating func braces() -> Span? {
    let start = position
    while let c = peek(), c != "\n", c != "\"" {
      position += 1
      if c == "}" { return Span(start, position - 1) }
    }
    diagnostics.append(Messages.openBraceInText(Span(start - 1, start)))
    return nil
  }
}

extension Unicode.Scalar {
  var isDigit: Bool { ("0"..."9").contains(self) }
  var isWordBody: Bool {
    properties.isAlphabetic || isDigit || self == "_" || properties.generalCategory == .nonspacingMark
  }
}

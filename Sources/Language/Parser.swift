/// Reads tokens into a program. After a mistake it goes on with the next line, so that a file shows all of them.
public struct Parser {
  /// What a reading gives: the lines that could be read, and what was wrong with the others.
  public struct Result: Sendable {
    public var program: Program, diagnostics: [Diagnostic]
    /// Whether more text could still make this a program: a prompt waits, a file reports.
    public var isUnfinished: Bool
  }
  struct Failure: Error {
    var diagnostic: Diagnostic, isUnfinished = false
    /// Whether nothing after it is worth reading.
    var isFatal = false
  }

  let source: Source
  var tokens: [Token]
  var index = 0
  var depth = 0
  var diagnostics: [Diagnostic]
  /// What is open at present, for the message at an early end.
  var open: [(what: String, span: Span)] = []

  init(_ source: Source, in span: Span? = nil) {
    self.source = source
    (tokens, diagnostics) = Lexer.tokens(of: source, in: span)
  }

  public static func parse(_ source: Source) -> Result {
    var parser = Parser(source)
    var isUnfinished = false
    let lexical = parser.diagnostics
    var lines: [Line] = []
    do throws(Failure) {
      lines = try parser.lines(inBlock: false)
    } catch {
      isUnfinished = error.isUnfinished && lexical.isEmpty && parser.diagnostics.isEmpty
      parser.diagnostics.append(error.diagnostic)
    }
    let ordered = parser.diagnostics.sorted { ($0.span?.start ?? 0) < ($1.span?.start ?? 0) }
    return Result(
      program: Program(lines: lines), diagnostics: Self.onePerLine(ordered, in: source), isUnfinished: isUnfinished)
  }
  /// One error per cause: within a line the first is told.
  private static func onePerLine(_ diagnostics: [Diagnostic], in source: Source) -> [Diagnostic] {
    var seen: Set<Int> = []
    return diagnostics.filter { seen.insert(source.position(of: $0.span?.start ?? 0).line).inserted }
  }

  // MARK: Tokens

  var token: Token { tokens[index] }
  func ahead(_ n: Int = 1) -> Token { tokens[min(index + n, tokens.count - 1)] }
  var previousEnd: Int { index > 0 ? tokens[index - 1].span.end : token.span.start }
  mutating func advance() { if index < tokens.count - 1 { index += 1 } }
  mutating func skipNewlines() { while token.kind == .newline { advance() } }

  mutating func accept(_ symbol: String) -> Bool {
    guard token.isSymbol(symbol) else { return false }
    advance()
    return true
  }
  mutating func expect(_ symbol: String) throws(Failure) {
    guard accept(symbol) else { throw unexpected("'\(symbol)'") }
  }
  /// "expected X, found Y", or "not finished" at the end of the text.
  func unexpected(_ what: String) -> Failure {
    if token.kind == .end {
      if let last = open.last {
        return Failure(diagnostic: Messages.unfinished(last.what, last.span), isUnfinished: true)
      }
      return Failure(diagnostic: Messages.expected(what, found: "the end", endSpan), isUnfinished: true)
    }
    return Failure(diagnostic: Messages.expected(what, found: describe(token), token.span))
  }
  private var endSpan: Span { index > 0 ? tokens[index - 1].span : token.span }
  func describe(_ token: Token) -> String {
    switch token.kind {
    case .newline: "the end of the line"
    case .end: "the end"
    case .text: "a text"
    case .minusSign: "'-'"
    case .number, .word, .symbol: "'\(source[token.span])'"
    }
  }
  /// Runs `body` one level deeper; deeper than 200 is refused, so that no input exhausts the stack.
  mutating func nested<R>(_ body: (inout Parser) throws(Failure) -> R) throws(Failure) -> R {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 200 else { throw Failure(diagnostic: Messages.tooDeep(token.span), isFatal: true) }
    return try body(&self)
  }
  mutating func within<R>(_ what: String, _ span: Span, _ body: (inout Parser) throws(Failure) -> R) throws(Failure)
    -> R
  {
    open.append((what, span))
    defer { open.removeLast() }
    return try body(&self)
  }

  // MARK: Lines

  mutating func lines(inBlock: Bool) throws(Failure) -> [Line] {
    var lines: [Line] = []
    while true {
      while token.kind == .newline || token.isSymbol(";") { advance() }
      if token.kind == .end { break }
      if token.isSymbol("}") {
        if inBlock { break }
        diagnostics.append(Messages.unmatched("}", token.span))
        advance()
        continue
      }
      do throws(Failure) {
        lines.append(try line())
      } catch {
        guard !error.isUnfinished, !error.isFatal else { throw error }
        diagnostics.append(error.diagnostic)
        recover()
      }
    }
    return lines
  }
  private mutating func line() throws(Failure) -> Line {
    let start = token.span.start
    let statement = try statement()
    let span = Span(start, previousEnd)
    switch token.kind {
    case .symbol(";"):
      advance()
      return Line(statement: statement, span: span, isSilent: true)
    case .newline, .end, .symbol("}"):
      return Line(statement: statement, span: span, isSilent: false)
    case .symbol(let s) where s == ")" || s == "]":
      throw Failure(diagnostic: Messages.unmatched(s, token.span))
    case .word("else"):
      throw Failure(diagnostic: Messages.elseOnNextRow(token.span))
    case .word(let word):
      guard index > 0, case .number(_, unit: nil) = tokens[index - 1].kind else { fallthrough }
      throw Failure(diagnostic: Messages.wordBehindNumber(source[tokens[index - 1].span], word, token.span))
    default:
      throw unexpected("'|' or the end of the line")
    }
  }
  /// Goes on behind the line in which something was wrong; blocks opened in it are left out whole.
  private mutating func recover() {
    var braces = 0
    while token.kind != .end {
      if token.isSymbol("{") { braces += 1 }
      if token.isSymbol("}") {
        if braces == 0 { return }
        braces -= 1
      }
      if braces == 0, token.kind == .newline || token.isSymbol(";") { return }
      advance()
    }
  }
}

/// Operators with their binding power; comparisons do not chain.
private let binding: [String: (power: Int, op: Expression.Operator)] = [
  "or": (1, .or), "and": (2, .and),
  "==": (4, .equal), "!=": (4, .unequal), "<": (4, .less), "<=": (4, .lessEqual), ">": (4, .greater),
  ">=": (4, .greaterEqual),
  "+": (5, .add), "-": (5, .subtract), "*": (6, .multiply), "/": (6, .divide), "^": (8, .power),
]
private let notPower = 3, comparisonPower = 4, negatePower = 7

extension Parser {
  mutating func formula() throws(Failure) -> Expression { try formula(0) }

  private mutating func formula(_ minimum: Int) throws(Failure) -> Expression {
    var left = try prefix(), length = 0
    while let (power, op) = nextOperator, power >= minimum {
      // A long chain is a deep tree.
      length += 1
      guard length <= 1000 else { throw Failure(diagnostic: Messages.tooLong(token.span), isFatal: true) }
      advance()
      skipNewlines()
      let right = op == .power ? try operand(power) : try formula(power + 1)
      left = Expression(.binary(op, left, right), left.span.joined(right.span))
      if power == comparisonPower, let (next, _) = nextOperator, next == comparisonPower {
        throw Failure(diagnostic: Messages.chain(token.span))
      }
    }
    if token.isSymbol("="), minimum <= comparisonPower { throw try equalsHabit(left) }
    return left
  }
  /// An operand that may begin with the same operator again: `- - 1`, `2 ^ 2 ^ 2`.
  private mutating func operand(_ minimum: Int) throws(Failure) -> Expression {
    try nested { (p) throws(Failure) in try p.formula(minimum) }
  }
  private var nextOperator: (power: Int, op: Expression.Operator)? {
    switch token.kind {
    case .symbol(let s): s == "=" ? nil : binding[s]
    case .word(let w): w == "and" || w == "or" ? binding[w] : nil
    case .minusSign: binding["-"]
    default: nil
    }
  }
  private mutating func equalsHabit(_ left: Expression) throws(Failure) -> Failure {
    let place = token.span
    advance()
    skipNewlines()
    let right = try formula(5)
    return Failure(diagnostic: Messages.equals("\(source[left.span]) == \(source[right.span])", place))
  }

  private mutating func prefix() throws(Failure) -> Expression {
    let start = token.span
    if token.isSymbol("-") || token.kind == .minusSign {
      advance()
      skipNewlines()
      let operand = try operand(negatePower)
      return Expression(.negate(operand), start.joined(operand.span))
    }
    if token.isWord("not") {
      advance()
      skipNewlines()
      let operand = try operand(notPower)
      return Expression(.not(operand), start.joined(operand.span))
    }
    return try atom()
  }

  // MARK: Values

  /// The value that a part of a source holds, and nothing else: what is given on a command line.
  public static func value(in span: Span, of source: Source) throws(Diagnostic) -> Expression {
    var parser = Parser(source, in: span)
    if let first = parser.diagnostics.first { throw first }
    do throws(Failure) {
      let value = try parser.value()
      guard parser.token.kind == .end else { throw parser.unexpected("the end of the value") }
      return value
    } catch {
      throw error.diagnostic
    }
  }
  /// An atom or a range, as it stands as an argument or in a list.
  mutating func value() throws(Failure) -> Expression {
    let first = try signedAtom()
    return token.isSymbol("..") ? try range(from: first) : first
  }
  mutating func range(from first: Expression) throws(Failure) -> Expression {
    advance()
    skipNewlines()
    let last = try signedAtom()
    var step: Expression?
    if token.isWord("by") {
      advance()
      skipNewlines()
      step = try signedAtom()
    }
    return Expression(.range(first, last, by: step), first.span.joined(step?.span ?? last.span))
  }
  private mutating func signedAtom() throws(Failure) -> Expression {
    guard token.kind == .minusSign || token.isSymbol("-") else { return try atom() }
    let start = token.span
    advance()
    guard case .number = token.kind else { throw unexpected("a number behind '-'") }
    let number = try atom()
    return Expression(.negate(number), start.joined(number.span))
  }

  private mutating func atom() throws(Failure) -> Expression {
    let here = token
    switch here.kind {
    case .number(let value, let unit):
      advance()
      return Expression(.number(value, unit: unit), here.span)
    case .text(let parts):
      advance()
      return Expression(.text(try pieces(parts)), here.span)
    case .word(let word):
      advance()
      if token.isSymbol("("), !token.followsBlank { return try functionCall(Name(word, here.span)) }
      return Expression(.word(word), here.span)
    case .symbol("("): return try parenthesised()
    case .symbol("["): return try list()
    default: throw unexpected("a value")
    }
  }
  private mutating func pieces(_ parts: [TextPart]) throws(Failure) -> [Expression.Piece] {
    var pieces: [Expression.Piece] = []
    for part in parts {
      switch part {
      case .literal(let text): pieces.append(.literal(text))
      case .formula(let span):
        var inner = Parser(source, in: span)
        inner.depth = depth + 1
        do throws(Failure) {
          let expression = try inner.formula()
          guard inner.token.kind == .end else { throw inner.unexpected("'}'") }
          pieces.append(.formula(expression))
        } catch {
          throw Failure(diagnostic: inner.diagnostics.first ?? error.diagnostic)
        }
      }
    }
    return pieces
  }
  private mutating func functionCall(_ name: Name) throws(Failure) -> Expression {
    let bracket = token.span
    guard Reserved.functions.contains(name.text) else { throw try callHabit(name) }
    advance()
    return try within("'('", bracket) { (p) throws(Failure) in
      try p.nested { (p) throws(Failure) in
        var arguments: [Expression] = []
        while !p.token.isSymbol(")") {
          let argument = try p.formula()
          arguments.append(p.token.isSymbol("..") ? try p.range(from: argument) : argument)
          guard p.accept(",") else { break }
        }
        try p.expect(")")
        return Expression(.call(name, arguments), Span(name.span.start, p.previousEnd))
      }
    }
  }
  /// `plot(net)`, a habit from other languages.
  private mutating func callHabit(_ name: Name) throws(Failure) -> Failure {
    let start = index
    var depth = 0
    repeat {
      if token.isSymbol("(") { depth += 1 }
      if token.isSymbol(")") { depth -= 1 }
      advance()
    } while depth > 0 && token.kind != .end
    let inner = tokens[start + 1..<max(start + 1, index - 1)]
    let text = inner.first.map { source[Span($0.span.start, tokens[index - 2].span.end)] } ?? ""
    return Failure(diagnostic: Messages.callWithParentheses(name.text, text, Span(name.span.start, previousEnd)))
  }
  private mutating func parenthesised() throws(Failure) -> Expression {
    let start = token.span
    advance()
    return try within("'('", start) { (p) throws(Failure) in
      try p.nested { (p) throws(Failure) in
        let inner = try p.pipeline(mayContinue: true)
        try p.expect(")")
        if let unit = p.token.word, !p.token.followsBlank {
          throw Failure(diagnostic: Messages.unitBehindParenthesis(unit, p.token.span))
        }
        let span = Span(start.start, p.previousEnd)
        if inner.stages.count == 1, !inner.continues, case .formula(let formula) = inner.stages[0].kind {
          return Expression(formula.kind, span)
        }
        return Expression(.pipeline(inner), span)
      }
    }
  }
  private mutating func list() throws(Failure) -> Expression {
    let start = token.span
    advance()
    return try within("'['", start) { (p) throws(Failure) in
      try p.nested { (p) throws(Failure) in
        var items: [Expression] = []
        while !p.token.isSymbol("]") {
          guard p.startsValue else { throw p.unexpected("an item or ']'") }
          let item = try p.value()
          try p.refuseArithmetic(after: item)
          items.append(item)
          _ = p.accept(",")
        }
        try p.expect("]")
        return Expression(.list(items), Span(start.start, p.previousEnd))
      }
    }
  }
}

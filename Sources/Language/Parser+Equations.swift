extension Parser {
  /// `neuron define name { equations } parameter=default …`
  mutating func neuron() throws(Failure) -> NeuronDefinition {
    let start = token.span
    advance()
    advance()
    return try within("'neuron define'", start) { (p) throws(Failure) in
      let name = try p.name()
      p.skipNewlines()
      let brace = p.token.span
      try p.expect("{")
      let equations = try p.within("a block", brace) { (p) throws(Failure) in
        let equations = try p.equations()
        try p.expect("}")
        return equations
      }
      var settings: [CallArgument] = []
      while let argument = try p.argument(of: name) {
        guard let given = argument.name else { throw Failure(diagnostic: Messages.positionalParameter(argument.span)) }
        if settings.contains(where: { $0.name?.text == given.text }) {
          throw Failure(diagnostic: Messages.repeatedSetting(given.text, given.span))
        }
        settings.append(argument)
      }
      return NeuronDefinition(
        name: name, equations: equations, settings: settings, span: Span(start.start, p.previousEnd))
    }
  }

  private mutating func equations() throws(Failure) -> [Equation] {
    var equations: [Equation] = []
    while true {
      while token.kind == .newline || token.isSymbol(";") { advance() }
      if token.kind == .end || token.isSymbol("}") { return equations }
      let start = token.span.start, kind = try equation()
      equations.append(Equation(kind: kind, span: Span(start, previousEnd)))
      switch token.kind {
      case .newline, .end, .symbol(";"), .symbol("}"): break
      default: throw unexpected("';' or the end of the row")
      }
    }
  }

  private mutating func equation() throws(Failure) -> Equation.Kind {
    guard let word = token.word else { throw Failure(diagnostic: Messages.notAnEquation(describe(token), token.span)) }
    if !ahead().isSymbol("="), !ahead().isSymbol("'"), let special = try special(word) { return special }
    let name = try name()
    if accept("'") { return .derivative(name, try right()) }
    guard token.isSymbol("=") else { throw Failure(diagnostic: Messages.notAnEquation("'\(name.text)'", name.span)) }
    return .shorthand(name, try right())
  }
  /// Statements that begin with a word of their own.
  private mutating func special(_ word: String) throws(Failure) -> Equation.Kind? {
    guard ["spike", "reset", "start", "refractory", "noise", "integrate"].contains(word) else { return nil }
    advance()
    switch word {
    case "spike": return .spike(try formula(), sign: try sign())
    case "reset": return .reset(try assignments())
    case "start": return .start(try name(), try right())
    case "refractory": return .refractory(try formula())
    case "noise": return .noise(try name(), try formula())
    default: return .integrate(try name())
    }
  }
  private mutating func right() throws(Failure) -> Expression {
    try expect("=")
    skipNewlines()
    return try formula()
  }
  private mutating func assignments() throws(Failure) -> [(name: Name, value: Expression)] {
    var assignments = [(name: try name(), value: try right())]
    while accept(",") {
      skipNewlines()
      assignments.append((name: try name(), value: try right()))
    }
    return assignments
  }
  private mutating func sign() throws(Failure) -> Int {
    guard token.isWord("as") else { return 1 }
    advance()
    let start = token.span, isNegative = accept("-")
    guard case .number(1, unit: nil) = token.kind else { throw Failure(diagnostic: Messages.sign(start)) }
    advance()
    return isNegative ? -1 : 1
  }
}

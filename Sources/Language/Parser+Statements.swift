extension Parser {
  mutating func statement() throws(Failure) -> Statement {
    if token.isSymbol("?") {
      advance()
      return .help(words())
    }
    guard let word = token.word, !ahead().isSymbol("=") || word == "let" else {
      return .pipeline(try pipeline(mayContinue: true))
    }
    switch word {
    case "let": return try bind()
    case "def": return .define(try function())
    case "set": return try set()
    case "for": return try loop()
    case "neuron" where ahead().isWord("define"): return .defineNeuron(try neuron())
    case "help":
      advance()
      return .help(words())
    case "example":
      advance()
      return .example(words())
    case "forget":
      advance()
      let names = words()
      guard !names.isEmpty else { throw unexpected("a name to forget") }
      return .forget(names)
    case "undo", "redo", "quit":
      advance()
      return word == "undo" ? .undo : word == "redo" ? .redo : .quit
    default:
      return .pipeline(try pipeline(mayContinue: true))
    }
  }

  private mutating func words() -> [Name] {
    var words: [Name] = []
    while let word = token.word {
      words.append(Name(word, token.span))
      advance()
    }
    return words
  }
  /// A word that can be bound.
  mutating func name() throws(Failure) -> Name {
    guard let word = token.word else { throw unexpected("a name") }
    guard Reserved.isName(word) else { throw Failure(diagnostic: Messages.notAName(word, token.span)) }
    defer { advance() }
    return Name(word, token.span)
  }

  private mutating func bind() throws(Failure) -> Statement {
    advance()
    let name = try name()
    try expect("=")
    skipNewlines()
    return .bind(name, try pipeline(mayContinue: true))
  }

  private mutating func function() throws(Failure) -> Function {
    let start = token.span
    advance()
    return try within("'def'", start) { (p) throws(Failure) in
      let name = try p.name()
      var parameters: [Function.Parameter] = []
      while p.token.word != nil {
        let parameter = try p.name()
        if parameters.contains(where: { $0.name.text == parameter.text }) {
          throw Failure(diagnostic: Messages.repeatedSetting(parameter.text, parameter.span))
        }
        var preset: Expression?
        if p.accept("=") {
          p.skipNewlines()
          preset = try p.value()
        }
        parameters.append(Function.Parameter(name: parameter, preset: preset))
      }
      let body = try p.block()
      return Function(name: name, parameters: parameters, body: body, span: Span(start.start, p.previousEnd))
    }
  }

  private mutating func set() throws(Failure) -> Statement {
    advance()
    guard token.word != nil else { return .set(nil, nil) }
    let name = try name()
    if accept("=") { skipNewlines() }
    switch token.kind {
    case .newline, .end, .symbol(";"), .symbol("}"): return .set(name, nil)
    default:
      let argument = try value()
      try refuseArithmetic(after: argument)
      return .set(name, argument)
    }
  }

  private mutating func loop() throws(Failure) -> Statement {
    let start = token.span
    advance()
    return try within("'for'", start) { (p) throws(Failure) in
      let name = try p.name()
      if p.token.isWord("in") { p.advance() }
      let values = try p.value()
      try p.refuseArithmetic(after: values)
      return .loop(name, values, try p.block())
    }
  }

  mutating func block() throws(Failure) -> Block {
    skipNewlines()
    let start = token.span
    try expect("{")
    return try within("a block", start) { (p) throws(Failure) in
      try p.nested { (p) throws(Failure) in
        let lines = try p.lines(inBlock: true)
        try p.expect("}")
        return Block(lines: lines, span: Span(start.start, p.previousEnd))
      }
    }
  }
}

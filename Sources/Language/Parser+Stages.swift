extension Parser {
  mutating func pipeline(mayContinue: Bool) throws(Failure) -> Pipeline {
    let start = token.span.start
    let continues = mayContinue && token.isSymbol("|")
    if continues {
      advance()
      skipNewlines()
    }
    var stages = [try stage(isFirst: !continues)]
    while token.isSymbol("|") {
      advance()
      skipNewlines()
      stages.append(try stage(isFirst: false))
    }
    return Pipeline(stages: stages, span: Span(start, previousEnd), continues: continues)
  }

  private mutating func stage(isFirst: Bool) throws(Failure) -> Stage {
    let start = token.span.start
    let kind = try stageKind(isFirst: isFirst)
    return Stage(kind: kind, span: Span(start, previousEnd))
  }

  private mutating func stageKind(isFirst: Bool) throws(Failure) -> Stage.Kind {
    guard let word = token.word else { return try formulaStage(isFirst) }
    let next = ahead()
    if next.isSymbol("="), !Self.formulaVerbs.contains(word) { throw bindingHabit() }
    switch word {
    case "sweep": return try sweep()
    case "where":
      advance()
      return .where(try formulaHere())
    case "expect":
      advance()
      return .expect(try formulaHere())
    case "derive":
      advance()
      let name = try name()
      try expect("=")
      skipNewlines()
      return .derive(name, try formula())
    case "if":
      guard isFirst else { throw Failure(diagnostic: Messages.firstStageOnly("if", token.span)) }
      return .choose(try conditional())
    case "else": throw Failure(diagnostic: Messages.elseOnNextRow(token.span))
    case "and", "or", "by", "in": throw unexpected("a verb or a name")
    case "let", "def", "set", "for", "forget", "undo", "redo", "quit", "example":
      throw Failure(diagnostic: Messages.firstStageOnly(word, token.span))
    case "not", "true", "false", "inf", "pi":
      return try formulaStage(isFirst)
    default: break
    }
    if isOperator(next) || (next.isSymbol("(") && !next.followsBlank) || next.isSymbol("..") {
      return try formulaStage(isFirst)
    }
    if word == "neuron", next.word == "define" {
      throw Failure(diagnostic: Messages.firstStageOnly("neuron define", Span(token.span.start, next.span.end)))
    }
    return try call()
  }
  /// A formula that must begin on this row: the end of it is a mistake, nothing to wait for.
  private mutating func formulaHere() throws(Failure) -> Expression {
    guard token.kind != .end else {
      throw Failure(diagnostic: Messages.expected("a formula", found: "the end of the line", ahead(0).span))
    }
    return try formula()
  }
  private static let formulaVerbs: Set<String> = ["where", "expect", "if"]

  /// `x = 3`, a habit from other languages.
  private func bindingHabit() -> Failure {
    var end = index
    while ![.newline, .end].contains(tokens[end].kind), !tokens[end].isSymbol(";"), !tokens[end].isSymbol("}") {
      end += 1
    }
    let text = source[Span(token.span.start, end > index ? tokens[end - 1].span.end : token.span.end)]
    return Failure(diagnostic: Messages.bindWithLet(text, Span(token.span.start, ahead().span.end)))
  }

  func isOperator(_ token: Token) -> Bool {
    switch token.kind {
    case .symbol(let s): ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "^"].contains(s)
    case .word(let w): w == "and" || w == "or"
    default: false
    }
  }

  private mutating func formulaStage(_ isFirst: Bool) throws(Failure) -> Stage.Kind {
    let expression = try formula()
    guard token.isSymbol("..") else { return .formula(expression) }
    return .formula(try range(from: expression))
  }

  // MARK: Calls

  private mutating func call() throws(Failure) -> Stage.Kind {
    let verb = Name(token.word ?? "", token.span)
    advance()
    var arguments: [CallArgument] = []
    while let argument = try argument(of: verb) {
      if let name = argument.name, arguments.contains(where: { $0.name?.text == name.text }) {
        throw Failure(diagnostic: Messages.repeatedSetting(name.text, name.span))
      }
      arguments.append(argument)
    }
    let block = token.isSymbol("{") ? try block() : nil
    return .call(verb, arguments, block)
  }

  mutating func argument(of verb: Name) throws(Failure) -> CallArgument? {
    var name: Name?
    if let word = token.word, ahead().isSymbol("=") {
      name = Name(word, token.span)
      advance()
      advance()
      skipNewlines()
    } else if !startsValue {
      return nil
    }
    let argument = CallArgument(name: name, value: try value())
    try refuseArithmetic(after: argument.value)
    return argument
  }
  var startsValue: Bool {
    switch token.kind {
    case .number, .text, .minusSign: true
    case .word(let word): !["and", "or", "by", "else", "in", "not"].contains(word)
    case .symbol(let s): s == "(" || s == "["
    case .newline, .end: false
    }
  }
  /// `dense 2 * n`: the whole formula is read, to show how it is written.
  mutating func refuseArithmetic(after argument: Expression) throws(Failure) {
    guard isOperator(token) else { return }
    index = tokens.firstIndex { $0.span.start >= argument.span.start } ?? index
    let formula = try formula()
    throw Failure(diagnostic: Messages.arithmetic(source[formula.span], formula.span))
  }

  // MARK: Blocks of their own

  private mutating func sweep() throws(Failure) -> Stage.Kind {
    let start = token.span
    advance()
    return try within("'sweep'", start) { (p) throws(Failure) in
      var variables: [(Name, Expression)] = []
      repeat {
        let name = try p.name()
        if variables.contains(where: { $0.0.text == name.text }) {
          throw Failure(diagnostic: Messages.repeatedSetting(name.text, name.span))
        }
        if p.token.isWord("in") { p.advance() }
        let values = try p.value()
        try p.refuseArithmetic(after: values)
        variables.append((name, values))
      } while p.token.word != nil
      return .sweep(variables, try p.block())
    }
  }

  private mutating func conditional() throws(Failure) -> Conditional {
    let start = token.span
    advance()
    return try within("'if'", start) { (p) throws(Failure) in
      try p.nested { (p) throws(Failure) in
        let condition = try p.formula()
        let then = try p.block()
        guard p.token.isWord("else") else { return Conditional(condition: condition, then: then, otherwise: nil) }
        p.advance()
        p.skipNewlines()
        if p.token.isWord("if") {
          return Conditional(condition: condition, then: then, otherwise: .conditional(try p.conditional()))
        }
        return Conditional(condition: condition, then: then, otherwise: .block(try p.block()))
      }
    }
  }
}

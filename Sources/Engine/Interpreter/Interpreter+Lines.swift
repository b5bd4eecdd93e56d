internal import Compute
internal import Language
internal import Spiking

extension Interpreter {
  /// Carries out one line at top level, prints what it has to say, and keeps what `undo` needs.
  func run(_ line: Line) throws {
    let before = state
    (timings, told) = ([], [])
    defer {
      // What a training keeps from batch to batch is of no use to the next line.
      if !isChecking { Memory.release() }
      if state.changes != before.changes, !isUndo(line) {
        history.append(before)
        if history.count > 200 { history.removeFirst() }
        undone = []
      }
    }
    try perform(line)
    if !isChecking, state.settings.timing, !timings.isEmpty { tellTimings() }
  }
  private func isUndo(_ line: Line) -> Bool {
    switch line.statement {
    case .undo, .redo: true
    default: false
    }
  }

  /// Carries out a line, at top level or inside `for`.
  func perform(_ line: Line) throws {
    switch line.statement {
    case .pipeline(let pipeline):
      let outcome = try evaluate(pipeline)
      try keep(outcome, of: pipeline)
      if !line.isSilent { show(outcome, of: pipeline) }
    case .bind(let name, let pipeline):
      try refuseVerb(name)
      let outcome = try overriding(name, pipeline) ?? valued(pipeline)
      try bind(name, outcome.result)
      if let kept = outcome.kept { remember(kept, as: name.text) }
      if !line.isSilent { tell(outcome.result, of: pipeline) }
    case .define(let function):
      try define(function)
    case .defineNeuron(let definition):
      let neuron = try define(definition)
      if !line.isSilent { tell(neuron) }
    case .set(let name, let value):
      try set(name, value, at: line.span)
    case .loop(let name, let values, let block):
      try loop(name, values, block)
    case .help(let words):
      try help(words)
    case .example(let words):
      try example(words)
    case .forget(let names):
      for name in names {
        guard state.names[name.text] != nil || state.functions[name.text] != nil else {
          throw fail(EngineMessages.nothingBound(name.text, candidates: state.names.names, name.span))
        }
        state.names[name.text] = nil
        state.functions[name.text] = nil
        state.changes += 1
      }
    case .undo: try swap(&history, &undone, "undo", line.span)
    case .redo: try swap(&undone, &history, "redo", line.span)
    case .quit: if !isChecking { throw Quit() }
    }
  }

  /// The value of a `let`; an `if` there must have one whichever branch is taken.
  private func valued(_ pipeline: Pipeline) throws -> Outcome {
    try needing(.value) { try evaluate(pipeline) }
  }
  func needing<R>(_ need: BranchNeed, _ body: () throws -> R) rethrows -> R {
    let kept = branchNeed
    branchNeed = need
    defer { branchNeed = kept }
    return try body()
  }

  private func swap(_ from: inout [State], _ to: inout [State], _ word: String, _ span: Span) throws {
    guard let previous = from.popLast() else { throw fail(EngineMessages.nothingToUndo(word, span)) }
    to.append(state)
    let changes = state.changes
    state = previous
    state.changes = changes + 1
    if word == "undo", !isChecking, quietDepth == 0, wroteFiles {
      surroundings.write("files written and data fetched stay\n")
      wroteFiles = false
    }
  }

  // MARK: The last value

  func remember(_ item: Item, as name: String?) {
    if flows.isEmpty {
      state.last = item
      state.lastName = name
      state.changes += 1
    } else {
      flows[flows.count - 1] = item
    }
  }
  private func keep(_ outcome: Outcome, of pipeline: Pipeline) throws {
    guard let kept = outcome.kept else { return }
    if pipeline.continues, scopes.isEmpty, !outcome.isLook, let name = state.lastName, let type = state.last?.type,
      quietDepth == 0
    {
      note(EngineMessages.unchanged(name, type, pipeline.span))
    }
    let isWordOnly = pipeline.stages.count == 1 && outcome.isLook
    if !isWordOnly { remember(kept, as: outcome.isLook && pipeline.continues ? state.lastName : nil) }
  }
  /// Tells a remark, once for each place of a line however often a sweep comes by.
  func note(_ diagnostic: Diagnostic) {
    guard !isChecking, told.insert(Told(diagnostic)).inserted else { return }
    surroundings.writeError(
      diagnostic.rendered(in: source, style: surroundings.showsColor ? .coloured : .plain, width: tableWidth) + "\n")
  }

  // MARK: Statements

  private func define(_ function: Function) throws {
    try refuseVerb(function.name)
    for parameter in function.parameters { try refuseVerb(parameter.name) }
    guard !function.body.lines.isEmpty else { throw fail(EngineMessages.emptyBlock(function.body.span)) }
    state.functions[function.name.text] = DefinedFunction(function: function, source: source)
    state.names[function.name.text] = nil
    state.changes += 1
  }

  private func set(_ name: Name?, _ value: Expression?, at span: Span) throws {
    guard quietDepth == 0 else { throw fail(EngineMessages.setInBlock("block that gives a value", span)) }
    guard let name else {
      if !isChecking { surroundings.write(Help.settings(state.settings)) }
      return
    }
    let known = SessionSettings.settings
    guard let setting = known.first(where: { $0.name == name.text }) else {
      throw fail(EngineMessages.unknownSessionSetting(name.text, known: known.map(\.name), name.span))
    }
    guard let value else {
      if !isChecking { surroundings.write(Help.setting(name.text, state.settings)) }
      return
    }
    let description = SettingDescription(setting, of: SessionSettings())
    guard let argument = try argument(value, for: description, isNamed: false, input: .nothing) else { return }
    do throws(SettingProblem) {
      state.settings = try state.settings.applying([(name.text, argument)])
    } catch {
      throw fail(diagnostic(for: error, command: "set", spans: [name.text: value.span], fallback: value.span))
    }
    state.changes += 1
  }

  private func loop(_ name: Name, _ values: Expression, _ block: Block) throws {
    try refuseVerb(name)
    let outer = scopes.isEmpty ? state.names[name.text] : scopes[scopes.count - 1][name.text]
    func set(_ item: Item?) {
      if scopes.isEmpty { state.names[name.text] = item } else { scopes[scopes.count - 1][name.text] = item }
    }
    defer { set(outer) }
    let items = try items(of: values)
    for place in 0..<items.count {
      set(items.at(place))
      for line in block.lines { try perform(line) }
      if surroundings.isInterrupted(), !isChecking { throw Interrupted() }
    }
  }

  /// The items a loop or sweep goes through; in a check enough of them to meet every kind of fact.
  func items(of values: Expression) throws -> LoopItems {
    let item = try evaluate(values)
    guard let content = item.content else {
      switch item.facts {
      case .list(let facts): return LoopItems(count: 1) { _ in Item(facts: facts) }
      case .range(let dimension): return LoopItems(count: 1) { _ in Item(facts: .number(dimension)) }
      case .unknown: return LoopItems(count: 1) { _ in Item(facts: .unknown) }
      default: throw fail(EngineMessages.notAList(text(values.span), values.span))
      }
    }
    switch content {
    case .range(let ladder):
      return LoopItems(count: isChecking ? min(3, ladder.count) : ladder.count) { place in
        let quantity = ladder.quantity(place)
        return Item(.number(quantity), recipe: Recipe(stage: quantity.written(digits: 17)))
      }
    case .list(let contents):
      let spans = Self.places(values, count: contents.count)
      return LoopItems(count: isChecking && contents.count > 64 ? 3 : contents.count) { place in
        var item = Item(contents[place], recipe: Self.recipe(of: contents[place]))
        item.span = spans?[place]
        return item
      }
    default: throw fail(EngineMessages.notAList(text(values.span), values.span))
    }
  }
  /// Where the items of a list were written, if each was written by itself.
  private static func places(_ values: Expression, count: Int) -> [Span]? {
    guard case .list(let items) = values.kind, items.count == count else { return nil }
    return items.map(\.span)
  }
  private static func recipe(of content: Value.Content) -> Recipe? {
    switch content {
    case .text(let text): Recipe(stage: "\"\(text)\"")
    case .number(let quantity): Recipe(stage: quantity.written(digits: 17))
    default: nil
    }
  }
}

/// What a loop goes through, made one by one.
struct LoopItems {
  let count: Int
  let at: (Int) -> Item
}

internal import Language
internal import Processes
internal import Spiking

extension Interpreter {
  /// Evaluates a pipeline from left to right.
  func evaluate(_ pipeline: Pipeline) throws -> Outcome {
    var input: Item?
    var outcome = Outcome(result: Item(facts: .nothing), kept: nil, isLook: true)
    if pipeline.continues {
      guard let last = lookUp("_") else {
        throw fail(EngineMessages.noLastValue(Span(pipeline.span.start, pipeline.span.start + 1)))
      }
      input = last
      outcome.kept = last
    }
    for (index, stage) in pipeline.stages.enumerated() {
      let before = index == 0 ? nil : Span(pipeline.stages[0].span.start, pipeline.stages[index - 1].span.end)
      do {
        let started = ContinuousClock.now
        let (item, isLook, isWritten) = try reportingPlugins(stage) {
          try evaluate(stage, input: input, before: before)
        }
        if !isChecking { timings.append((source[stage.span], started.duration(to: .now).inSeconds)) }
        outcome.result = item
        outcome.isLook = isLook
        outcome.isWritten = isWritten
        if !isLook { outcome.kept = item }
        input = item
        if !isChecking, surroundings.isInterrupted() { throw Interrupted() }
      } catch {
        if !isChecking, flows.isEmpty, let kept = outcome.kept { remember(kept, as: nil) }
        throw error
      }
    }
    return outcome
  }

  /// A stage fails where a plugin that it asked has failed, whatever became of it otherwise.
  private func reportingPlugins<T>(_ stage: Stage, _ body: () throws -> T) throws -> T {
    let result = Result { try body() }
    if let failure = registry.loaded.failures.take() { throw fail(failure.located(at: stage.span)) }
    return try result.get()
  }

  /// Evaluates one stage: what it gives, whether one only looks at that, whether it went to a file.
  private func evaluate(_ stage: Stage, input: Item?, before: Span?) throws -> (Item, isLook: Bool, isWritten: Bool) {
    let outerReferences = references, outerDefinitions = definitions
    (references, definitions) = ([], [])
    defer {
      references = outerReferences + references
      definitions = outerDefinitions + definitions
    }
    var (item, isLook, isWritten): (Item, Bool, Bool)
    do {
      (item, isLook, isWritten) = try result(of: stage, input: input, before: before)
    } catch is NotKnownYet {
      return (Item(facts: .unknown), false, false)
    }
    if let value = item.value, !passesOn(stage) {
      item.value?.recipe = recipe(of: value, stage, input: input)
    }
    if isLook, case .call(let name, _, _) = stage.kind, item.content?.isLookByNature == false, isPlainName(name.text) {
      isLook = false
    }
    return (item, isLook, isWritten)
  }
  private func isPlainName(_ word: String) -> Bool { !registry.verbs.contains(word) && state.functions[word] == nil }
  private func passesOn(_ stage: Stage) -> Bool {
    switch stage.kind {
    case .expect: true
    case .call(let name, _, _): name.text == "save" || isPlainName(name.text)
    default: false
    }
  }
  private func recipe(of value: Value, _ stage: Stage, input: Item?) -> Recipe {
    if input == nil, case .model(let model) = value.content, let origin = model.origin,
      let stored = Recipe(stored: origin.lines, type: .model)
    {
      return stored
    }
    var seen: Set<String> = []
    let names = references.filter { seen.insert($0.name).inserted && $0.name != "_" }.map { ($0.name, $0.recipe) }
    return Recipe(
      stage: source[stage.span], type: value.type, input: input?.value?.recipe, names: names,
      definitions: definitions,
      settings: ["set seed \(state.settings.seed)", "set dt \(state.settings.dt.argument.written)"],
      remarks: remarks(on: value))
  }
  /// Where the stage was cut by the user: run again, it would go on to its end.
  private func remarks(on value: Value) -> [String] {
    guard !isChecking, surroundings.isInterrupted(), case .model(let model) = value.content,
      let place = model.training?.interruption
    else { return [] }
    return [EngineMessages.interruptedRecipe(place)]
  }

  private func result(of stage: Stage, input: Item?, before: Span?) throws -> (Item, isLook: Bool, isWritten: Bool) {
    switch stage.kind {
    case .call(let name, let arguments, let block):
      return try call(
        Call(name: name, arguments: arguments, block: block, span: stage.span, before: before), input: input)
    case .sweep(let variables, let block):
      return (try sweep(variables, block, input: input), false, false)
    case .where(let formula):
      return (try filter(formula, input: input, before, stage.span), false, false)
    case .derive(let name, let formula):
      return (try derive(name, formula, input: input, before, stage.span), false, false)
    case .expect(let formula):
      return (try expect(formula, input: input), input == nil, false)
    case .choose(let conditional):
      let outcome = try choose(conditional)
      return (outcome.result, outcome.isLook, outcome.isWritten)
    case .formula(let formula):
      if input != nil {
        throw fail(Diagnostic("parse.stage", "a formula can only stand at the start of a line", at: stage.span))
      }
      let item = try evaluate(formula)
      return (item, item.content?.isLookByNature ?? true, false)
    }
  }

  // MARK: Choices

  private func choose(_ conditional: Conditional) throws -> Outcome {
    let need = branchNeed
    let condition = try needing(.nothing) { try evaluate(conditional.condition) }
    guard let content = condition.content else {
      try requireFlag(condition, conditional.condition.span)
      return try join(conditional, need)
    }
    guard case .flag(let holds) = content else {
      throw fail(EngineMessages.notAFlag(text(conditional.condition.span), content.type, conditional.condition.span))
    }
    if isChecking { return try join(conditional, need, preferring: holds) }
    if holds { return try lines(conditional.then) }
    return try alternative(conditional.otherwise)
  }
  private func alternative(_ alternative: Conditional.Alternative?) throws -> Outcome {
    switch alternative {
    case .block(let block): try lines(block)
    case .conditional(let conditional): try choose(conditional)
    case nil: Outcome(result: Item(facts: .nothing), kept: nil, isLook: true)
    }
  }
  /// In a check both branches are walked; what only one of them binds is not known afterwards.
  private func join(_ conditional: Conditional, _ need: BranchNeed, preferring holds: Bool? = nil) throws -> Outcome {
    let before = state
    let then = try lines(conditional.then)
    let afterThen = state
    state = before
    let otherwise = try alternative(conditional.otherwise)
    if holds == true { state = afterThen } else if holds == nil { state = merge(afterThen, state) }
    if need != .nothing, let a = then.result.type, let b = otherwise.result.type, a != b {
      if need == .value, case nil = conditional.otherwise {
        throw fail(EngineMessages.elseMissing(conditional.then.span))
      }
      if need == .value || (a != .nothing && b != .nothing) {
        throw fail(EngineMessages.branches(a, b, conditional.then.span))
      }
    }
    return holds == false ? otherwise : then
  }
  private func merge(_ a: State, _ b: State) -> State {
    var merged = b
    for (name, item) in a.names.all where b.names[name]?.type != item.type {
      merged.names[name] = Item(facts: .unknown)
    }
    for name in b.names.names where a.names[name] == nil { merged.names[name] = Item(facts: .unknown) }
    return merged
  }
  /// The lines of a branch, carried out where they stand; its value is that of the last.
  private func lines(_ block: Block) throws -> Outcome {
    var outcome = Outcome(result: Item(facts: .nothing), kept: nil, isLook: true)
    for (index, line) in block.lines.enumerated() {
      if index == block.lines.count - 1, case .pipeline(let pipeline) = line.statement {
        outcome = try evaluate(pipeline)
        if line.isSilent { outcome.isWritten = true }
      } else {
        try needing(.nothing) { try perform(line) }
      }
    }
    return outcome
  }

  func requireFlag(_ item: Item, _ span: Span) throws {
    if let type = item.type, type != .flag { throw fail(EngineMessages.notAFlag(text(span), type, span)) }
  }

  // MARK: Expectations

  private func expect(_ formula: Expression, input: Item?) throws -> Item {
    let result = try withColumns(of: input) { try evaluate(formula) }
    try requireFlag(result, formula.span)
    if case .flag(false)? = result.content, !isChecking {
      throw fail(
        EngineMessages.expectation(
          text(formula.span), try withColumns(of: input) { try sides(of: formula) }, formula.span))
    }
    return input ?? Item(.nothing)
  }
  private func sides(of formula: Expression) throws -> String? {
    guard case .binary(let op, let left, let right) = formula.kind, op != .and, op != .or,
      let a = try evaluate(left).content, let b = try evaluate(right).content
    else { return nil }
    return "left is \(Presentation.inline(a, digits: 12)), right is \(Presentation.inline(b, digits: 12))"
  }
}

internal import Compute
internal import Language
internal import Spiking

/// A verb as written, with what stands before it in the pipeline.
struct Call {
  var name: Name, arguments: [CallArgument], block: Block?, span: Span, before: Span?
}

extension Interpreter {
  func call(_ call: Call, input: Item?) throws -> (Item, isLook: Bool, isWritten: Bool) {
    let word = call.name.text
    if word == "run", registry.commands["run"] == nil { return try runScript(call) }
    if registry.verbs.contains(word) { return try command(call, input: input) }
    if let function = state.functions[word] {
      return (try apply(function, call, input: input), false, false)
    }
    return (try value(call, input: input), true, false)
  }

  /// A word that is no verb: a bound name, standing at the start and alone.
  private func value(_ call: Call, input: Item?) throws -> Item {
    let name = call.name
    guard let item = try resolve(name.text, name.span) else {
      throw fail(name.text == "_" ? EngineMessages.noLastValue(name.span) : unknown(name))
    }
    if input != nil { throw fail(EngineMessages.valueAsVerb(name.text, name.span)) }
    if let first = call.arguments.first {
      throw fail(EngineMessages.valueWithArguments(name.text, argument: text(first.span), first.span))
    }
    return item
  }
  func unknown(_ name: Name) -> Diagnostic {
    let candidates =
      boundNames + registry.verbs + Array(state.functions.keys) + [
        "let", "set", "def", "for", "help", "undo", "redo", "quit", "forget", "example",
      ]
    let word = name.text
    let isCompound = word.contains("-") || (word.contains("/") && !word.hasPrefix("/") && !word.hasPrefix("."))
    if isCompound, Spelling.nearest(to: word, among: candidates) == nil {
      return EngineMessages.hyphenatedWord(word, name.span)
    }
    return EngineMessages.unknownName(word, candidates: candidates, name.span)
  }

  // MARK: Commands

  private func command(_ call: Call, input: Item?) throws -> (Item, isLook: Bool, isWritten: Bool) {
    let outerSpan = stageSpan
    stageSpan = call.span
    defer { stageSpan = outerSpan }
    var arguments = call.arguments
    var bound: [(name: String, argument: Argument)] = []
    let (name, span) = try kindName(call, &arguments, &bound, input: input)
    var declaration = try overload(name, declarations(name, bound), call, span, input: input)
    if let extend = declaration.extending {
      declaration.settings += extend(
        input?.facts ?? .nothing, call.arguments.filter { $0.name == nil }.map { text($0.span) })
    }
    if let block = call.block { try evaluate(block, for: declaration, call, input, &bound) }
    var context = context(for: name, seed: try explicitSeed(arguments, declaration))
    let (file, others) = try splitFile(arguments, context)
    var spans: [String: Span] = [:]
    let facts = input?.facts ?? .nothing
    let binding = try bind(others, to: declaration, input: facts, spans: &spans)
    bound += binding.arguments
    context.given = Set(spans.keys)
    context.pending = binding.pending
    context.recipe = input?.value?.recipe
    if name == "names" || name == "session" { context.names = namesForListing() }

    let prepared = try prepare(declaration, bound, spans, call.span)
    let place = Place(call.span, spans, files: Self.files(declaration, bound))
    let expected = try located(place) { try prepared.check(facts, context) }
    guard !isChecking else {
      if let file { try checkFile(file, expected, context) }
      return (
        declaration.name == "save" ? input ?? Item(facts: expected) : Item(facts: expected),
        declaration.isMeasuring || isLook(expected), file != nil
      )
    }
    let content = try located(place) { try prepared.run(input?.content ?? .nothing, context) }
    for remark in context.notes.take() { note(remark.located(at: call.span)) }
    if name == "save" { wroteFiles = true }
    let item = name == "save" ? input ?? Item(content) : Item(content)
    let isLook = name == "save" ? false : declaration.isMeasuring || content.isLookByNature
    if let file {
      try located(Place(file.span, [:])) { try write(content, file, context) }
      wroteFiles = true
    }
    return (item, isLook, file != nil && content.type == .figure)
  }
  /// What a block of a verb makes of what flows in, as the setting that takes it.
  private func evaluate(
    _ block: Block, for declaration: CommandDeclaration, _ call: Call, _ input: Item?,
    _ bound: inout [(name: String, argument: Argument)]
  ) throws {
    guard let setting = declaration.settings.first(where: { $0.form == .value("block") }) else {
      throw fail(EngineMessages.noBlock(declaration.name, call.span))
    }
    let item = try value(of: block, [:], flow: input)
    if let content = item.content {
      bound.append((setting.name, .object(content)))
    } else {
      bound.append((setting.name, .object(item.facts)))
    }
  }
  private func isLook(_ facts: Facts) -> Bool {
    switch facts.type {
    case .number, .text, .flag, .range, .figure, .nothing: true
    default: false
    }
  }

  /// The full name of the command that is meant: the verb, with its kind where there is one.
  private func kindName(
    _ call: Call, _ arguments: inout [CallArgument], _ bound: inout [(name: String, argument: Argument)], input: Item?
  ) throws -> (String, Span) {
    let verb = call.name.text
    guard registry.isFamily(verb) else { return (verb, call.name.span) }
    let kinds = registry.kinds(of: verb)
    if let first = arguments.first, first.name == nil {
      if case .word(let word) = first.value.kind {
        if kinds.contains(word) {
          arguments.removeFirst()
          if !isChecking, couldName(word, aKindOf: verb) { note(EngineMessages.choiceTaken(word, first.span)) }
          return ("\(verb) \(word)", call.name.span.joined(first.span))
        }
        if let item = try resolve(word, first.span) {
          arguments.removeFirst()
          return try kindName(from: item, word, verb, kinds, first.span, call, &bound)
        }
        if registry.defaultKind(of: verb, for: input?.type ?? .nothing) == nil || !takesWord(verb, input: input) {
          throw fail(EngineMessages.unknownKind(word, verb: verb, kinds: kinds, first.span))
        }
      } else if case .pipeline = first.value.kind {
        arguments.removeFirst()
        return try kindName(from: try evaluate(first.value), text(first.span), verb, kinds, first.span, call, &bound)
      } else if case .text = first.value.kind {
        arguments.removeFirst()
        return try kindName(from: try evaluate(first.value), text(first.span), verb, kinds, first.span, call, &bound)
      }
    }
    if let kind = registry.defaultKind(of: verb, for: input?.type ?? .nothing) {
      return ("\(verb) \(kind)", call.name.span)
    }
    throw fail(EngineMessages.kindMissing(verb, kinds: kinds, call.name.span))
  }
  /// Whether a bound name could stand in the place of a kind, had the kind not been taken.
  private func couldName(_ word: String, aKindOf verb: String) -> Bool {
    guard let item = lookUp(word) else { return false }
    return item.type == nil || item.type == .text || (item.type == .neuron && verb == "neuron")
  }
  /// Whether the kind that is meant by default takes a word by position, as a file or a layer.
  private func takesWord(_ verb: String, input: Item?) -> Bool {
    guard let kind = registry.defaultKind(of: verb, for: input?.type ?? .nothing) else { return false }
    return registry.declarations("\(verb) \(kind)").contains { $0.settings.contains { $0.isPositional } }
  }
  /// The kind a value stands for: its text, or, where a neuron is asked for, a neuron made before.
  private func kindName(
    from item: Item, _ word: String, _ verb: String, _ kinds: [String], _ span: Span, _ call: Call,
    _ bound: inout [(name: String, argument: Argument)]
  ) throws -> (String, Span) {
    let whole = call.name.span.joined(span)
    switch item.content {
    case .text(let kind)?:
      guard kinds.contains(kind) else {
        throw fail(EngineMessages.unknownKind(kind, verb: verb, kinds: kinds, item.span ?? span))
      }
      return ("\(verb) \(kind)", whole)
    case .neuron(let neuron)? where verb == "neuron":
      bound.append((CommandDeclaration.base, .object(Value.Content.neuron(neuron))))
      return ("\(verb) \(neuron.kind)", whole)
    default: break
    }
    if case .neuron(let neuron) = item.facts, verb == "neuron" {
      bound.append((CommandDeclaration.base, .object(Value.Content.neuron(neuron))))
      return ("\(verb) \(neuron.kind)", whole)
    }
    if item.content == nil, item.type == .text || item.type == nil { throw NotKnownYet() }
    throw fail(EngineMessages.unknownKind(word, verb: verb, kinds: kinds, span))
  }

  /// The declarations of a name; a neuron made at run time brings its own.
  private func declarations(_ name: String, _ bound: [(name: String, argument: Argument)]) -> [CommandDeclaration] {
    if let base = bound.first(where: { $0.name == CommandDeclaration.base }),
      case .neuron(let neuron)? = base.argument.content,
      let made = neuron as? any RunTimeNeuron
    {
      return [CommandDeclaration(made)]
    }
    return registry.declarations(name)
  }
  /// The declaration that takes what flows in.
  private func overload(
    _ name: String, _ all: [CommandDeclaration], _ call: Call, _ span: Span, input: Item?
  ) throws -> CommandDeclaration {
    guard let first = all.first else { throw fail(unknown(call.name)) }
    guard let input else {
      if let fitting = all.first(where: { $0.accepts.contains(.nothing) }) { return fitting }
      throw fail(EngineMessages.needsInput(name, all.flatMap(\.accepts), span))
    }
    guard let type = input.type else { return first }
    if let fitting = all.first(where: { $0.accepts.contains(type) }) { return fitting }
    if all.allSatisfy({ $0.accepts.allSatisfy { $0 == .nothing } }) {
      throw fail(EngineMessages.startsALine(name, span))
    }
    var merged = first
    merged.accepts = all.flatMap(\.accepts)
    throw fail(EngineMessages.wrongInput(merged, previous: before(call.before), gives: type, span))
  }

  /// The stages before one, as typed.
  func before(_ span: Span?) -> String { span.map(text) ?? "_" }

  private func explicitSeed(_ arguments: [CallArgument], _ declaration: CommandDeclaration) throws -> Int? {
    guard declaration.settings.contains(where: { $0.name == "seed" }),
      let argument = arguments.first(where: { $0.name?.text == "seed" }),
      case .number(let quantity)? = try evaluate(argument.value).content
    else { return nil }
    return Int(exactly: quantity.value)
  }

  func prepare(
    _ declaration: CommandDeclaration, _ bound: [(name: String, argument: Argument)], _ spans: [String: Span],
    _ span: Span
  ) throws -> any PreparedCommand {
    do throws(SettingProblem) {
      return try declaration.prepare(bound)
    } catch {
      throw fail(diagnostic(for: error, command: declaration.name, spans: spans, fallback: span))
    }
  }
  /// Where a stage and its settings stand, and which of them name files.
  struct Place {
    let stage: Span, settings: [String: Span], files: [(setting: String, file: String)]
    init(_ stage: Span, _ settings: [String: Span], files: [(setting: String, file: String)] = []) {
      (self.stage, self.settings, self.files) = (stage, settings, files)
    }
    /// A problem of a file stands where that file is named.
    func span(of diagnostic: Diagnostic) -> Span {
      guard diagnostic.code.hasPrefix("file.") else { return stage }
      let named = files.first { diagnostic.message.contains($0.file) } ?? (files.count == 1 ? files.first : nil)
      return named.flatMap { settings[$0.setting] } ?? stage
    }
  }
  private static func files(_ declaration: CommandDeclaration, _ bound: [(name: String, argument: Argument)]) -> [(
    setting: String, file: String
  )] {
    bound.compactMap { name, argument in
      guard case .file? = declaration.settings.first(where: { $0.name == name })?.form,
        case .text(let file) = argument, !file.isEmpty
      else { return nil }
      return (name, file)
    }
  }
  /// Gives errors of a command their place: the setting they name, the file they are about, or the whole stage.
  func located<R>(_ place: Place, _ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch let problem as SettingProblem {
      throw fail(
        diagnostic(for: problem, command: text(place.stage), spans: place.settings, fallback: place.stage))
    } catch let diagnostic as Diagnostic {
      throw fail(diagnostic.located(at: place.span(of: diagnostic)))
    }
  }

  // MARK: Files

  /// `to=file` on any stage is `save file` of its result.
  private func splitFile(
    _ arguments: [CallArgument], _ context: Context
  ) throws -> (file: (argument: Argument?, span: Span)?, others: [CallArgument]) {
    guard let index = arguments.firstIndex(where: { $0.name?.text == "to" }) else { return (nil, arguments) }
    var others = arguments
    let given = others.remove(at: index)
    let description = SettingDescription(name: "to", summary: "", form: .file(endings: [], isWritten: true))
    return ((try argument(given.value, for: description, isNamed: true, input: .nothing), given.value.span), others)
  }
  private func saving(_ file: (argument: Argument?, span: Span)) throws -> (any PreparedCommand)? {
    guard let argument = file.argument, let declaration = registry.declarations("save").first else { return nil }
    return try prepare(declaration, [("file", argument)], ["file": file.span], file.span)
  }
  private func checkFile(_ file: (argument: Argument?, span: Span), _ facts: Facts, _ context: Context) throws {
    guard let save = try saving(file) else { return }
    _ = try located(Place(file.span, [:])) { try save.check(facts, context) }
  }
  private func write(_ content: Value.Content, _ file: (argument: Argument?, span: Span), _ context: Context) throws {
    guard let save = try saving(file) else { return }
    _ = try save.run(content, context)
  }

  private func namesForListing() -> [(name: String, facts: Facts, summary: String)] {
    let values = state.names.all.map {
      ($0.name, $0.item.facts, $0.item.content.map { Presentation.summary($0) } ?? "")
    }
    let functions = state.functions.map {
      ($0.key, Facts.text, "function " + $0.value.function.parameters.map(\.name.text).joined(separator: " "))
    }
    return (values + functions).sorted { $0.0 < $1.0 }.map { (name: $0.0, facts: $0.1, summary: $0.2) }
  }
}

/// In a check: something that decides what comes next will only be known when it is reached.
struct NotKnownYet: Error {}

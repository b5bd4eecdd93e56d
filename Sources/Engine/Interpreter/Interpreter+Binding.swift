internal import Language
internal import Spiking

extension Interpreter {
  /// What arguments say to a declaration.
  struct Binding {
    var arguments: [(name: String, argument: Argument)] = []
    /// Settings whose values only the run will tell.
    var pending: Set<String> = []
  }

  /// Gives every argument to its setting: by name, or by position in the order of declaration.
  func bind(
    _ arguments: [CallArgument], to declaration: CommandDeclaration, input: Facts, spans: inout [String: Span]
  ) throws -> Binding {
    var binding = Binding(), lists: [String: [Argument]] = [:]
    var positional = declaration.settings.filter(\.isPositional)[...]
    for (index, given) in arguments.enumerated() {
      try refuseLooseUnit(arguments, after: index)
      if let name = given.name {
        guard let setting = declaration.settings.first(where: { $0.name == name.text }) else {
          // Settings of a layer that only the run will know.
          if isChecking, declaration.extending != nil, case .unknown = input { throw NotKnownYet() }
          throw fail(
            EngineMessages.unknownSetting(
              name.text, command: declaration.name, known: declaration.settings.map(\.name), name.span))
        }
        if spans[name.text] != nil { throw fail(EngineMessages.givenTwice(name.text, name.span)) }
        spans[name.text] = given.value.span
        positional.removeAll { $0.name == name.text }
        try add(try argument(given.value, for: setting, isNamed: true, input: input), setting.name, &binding)
        continue
      }
      guard let setting = positional.first else {
        let places = declaration.settings.filter(\.isPositional).map(\.name)
        throw fail(
          EngineMessages.extraArgument(text(given.span), command: declaration.name, positional: places, given.span))
      }
      spans[setting.name] = spans[setting.name]?.joined(given.span) ?? given.span
      let value = try argument(given.value, for: setting, isNamed: false, input: input)
      if case .list = setting.form {
        switch value {
        case .list(let items)?: lists[setting.name, default: []] += items
        case let item?: lists[setting.name, default: []].append(item)
        case nil: binding.pending.insert(setting.name)
        }
      } else {
        positional.removeFirst()
        try add(value, setting.name, &binding)
      }
    }
    binding.arguments += lists.filter { !binding.pending.contains($0.key) }.map { ($0.key, .list($0.value)) }
    for setting in declaration.settings where setting.isRequired && spans[setting.name] == nil {
      throw fail(
        EngineMessages.missingSetting(setting.name, command: declaration.name, form: setting.form, lastSpan(arguments)))
    }
    return binding
  }
  private func add(_ argument: Argument?, _ name: String, _ binding: inout Binding) throws {
    if let argument { binding.arguments.append((name, argument)) } else { binding.pending.insert(name) }
  }
  private func lastSpan(_ arguments: [CallArgument]) -> Span { stageSpan ?? arguments.last?.span ?? Span(0, 1) }

  /// `tau=20 ms`: the unit has come off its number.
  private func refuseLooseUnit(_ arguments: [CallArgument], after index: Int) throws {
    guard index + 1 < arguments.count, arguments[index + 1].name == nil,
      case .word(let word) = arguments[index + 1].value.kind,
      Unit(word) != nil, lookUp(word) == nil, case .number(_, unit: nil) = arguments[index].value.kind
    else { return }
    let number = arguments[index].value.span
    throw fail(EngineMessages.unitBlank(text(number), word, number.joined(arguments[index + 1].span)))
  }

  // MARK: One argument

  /// The argument an expression stands for, or nil where only the run will tell.
  func argument(_ expression: Expression, for setting: SettingDescription, isNamed: Bool, input: Facts) throws
    -> Argument?
  {
    if case .either(let first, let second) = setting.form {
      var narrow = setting
      narrow.form = first
      let kept = (references, definitions)
      do {
        return try argument(expression, for: narrow, isNamed: isNamed, input: input)
      } catch is Failure {
        (references, definitions) = kept
        narrow.form = second
        return try argument(expression, for: narrow, isNamed: isNamed, input: input)
      }
    }
    if case .word(let word) = expression.kind, let special = try word_(word, expression.span, setting, input) {
      return special.argument
    }
    if case .list(let form) = setting.form, case .list(let items) = expression.kind {
      return try list(items, of: form, setting, isNamed, input)
    }
    let item = try evaluate(expression)
    let form =
      if case .list(let inner) = setting.form, item.type != .list, item.type != .range { inner } else { setting.form }
    return try fit(item, form, setting.name, expression, isNamed: isNamed)
  }
  private func list(
    _ items: [Expression], of form: SettingForm, _ setting: SettingDescription, _ isNamed: Bool, _ input: Facts
  ) throws -> Argument? {
    var single = setting, result: [Argument] = []
    single.form = form
    for item in items {
      if case .range = item.kind {
        guard let content = try evaluate(item).content else { return nil }
        if case .list(let numbers) = content.argument { result += numbers }
        continue
      }
      guard let argument = try argument(item, for: single, isNamed: isNamed, input: input) else { return nil }
      result.append(argument)
    }
    return .list(result)
  }

  /// A word where the setting has choices of its own; nil where a word is an ordinary name.
  private func word_(_ word: String, _ span: Span, _ setting: SettingDescription, _ input: Facts) throws -> (
    argument: Argument?, Void
  )? {
    switch setting.form {
    case .choice(let choices, let also):
      return (
        try choose(word, among: choices + also, span) {
          EngineMessages.unknownChoice($0, setting: setting.name, choices: choices, $1)
        }, ()
      )
    case .list(.choice(let choices, let also)):
      return (
        try choose(word, among: choices + also, span) {
          EngineMessages.unknownChoice($0, setting: setting.name, choices: choices, $1)
        }, ()
      )
    case .kind(let family):
      if registry.kinds(of: family).contains(word) { return (try kindArgument(family, word, span), ()) }
      guard let item = try resolve(word, span) else {
        throw fail(EngineMessages.unknownKind(word, verb: family, kinds: registry.kinds(of: family), span))
      }
      if case .text(let kind)? = item.content { return (try kindArgument(family, kind, item.span ?? span), ()) }
      return (item.content?.argument, ())
    case .layer, .list(.layer):
      guard case .model(let model) = input else { return (resolvedText(word) ?? .text(word), ()) }
      let layers = model.model.network.nodes.map(\.name)
      return (
        try choose(word, among: layers + (setting.form == .layer ? [] : ["all"]), span) {
          EngineMessages.unknownLayer($0, known: layers, $1)
        }, ()
      )
    case .column, .list(.column):
      guard let known = Self.columnNames(input) else { return (.text(word), ()) }
      return (
        try choose(word, among: known, span) {
          EngineMessages.unknownColumn($0, known: known, container: "table", $1)
        }, ()
      )
    case .file:
      if !word.contains("."), let item = lookUp(word) {
        guard let content = item.content else { return (nil, ()) }
        if case .text = content { return (content.argument, ()) }
      }
      return (.text(word), ())
    case .name: return (.text(word), ())
    case .text:
      guard try resolve(word, span) == nil else { return nil }
      throw fail(EngineMessages.quoteText(word, setting: setting.name, span))
    default:
      return nil
    }
  }
  static func columnNames(_ facts: Facts) -> [String]? {
    switch facts {
    case .table(let fields), .report(let fields): fields?.map(\.name)
    default: nil
    }
  }
  private func resolvedText(_ word: String) -> Argument? {
    if case .text(let text)? = lookUp(word)?.content { .text(text) } else { nil }
  }
  /// The choice of that spelling; else a bound text that is one; else the message.
  private func choose(
    _ word: String, among choices: [String], _ span: Span, _ message: (String, Span) -> Diagnostic
  ) throws -> Argument? {
    if choices.contains(word) {
      if scopes.isEmpty, let item = state.names[word], item.type == .text || item.type == nil {
        note(EngineMessages.choiceTaken(word, span))
      }
      return .text(word)
    }
    guard let item = try resolve(word, span) else { throw fail(message(word, span)) }
    guard let content = item.content else { return nil }
    switch content {
    case .text(let text) where choices.contains(text): return .text(text)
    case .list(let items): return .list(items.map(\.argument))
    case .text(let text): throw fail(message(text, item.span ?? span))
    default: throw fail(message(word, span))
    }
  }
  /// A kind with its settings as declared.
  private func kindArgument(_ family: String, _ kind: String, _ span: Span) throws -> Argument? {
    guard let declaration = registry.declarations("\(family) \(kind)").first(where: { $0.accepts.contains(.nothing) })
    else {
      throw fail(EngineMessages.unknownKind(kind, verb: family, kinds: registry.kinds(of: family), span))
    }
    let made = try located(Place(span, [:])) {
      try prepare(declaration, [], [:], span).run(.nothing, context(for: declaration.name))
    }
    return made.argument
  }

  // MARK: Fitting

  private func fit(_ item: Item, _ form: SettingForm, _ name: String, _ expression: Expression, isNamed: Bool) throws
    -> Argument?
  {
    let shown = text(expression.span), span = expression.span
    if let content = item.content {
      guard let problem = misfit(content, form, name, shown, span, isNamed) else { return content.argument }
      throw fail(problem)
    }
    switch (item.facts, form) {
    case (.unknown, _): return nil
    case (.number(let given), .number(let wanted)) where given != wanted && name != "current":
      throw fail(EngineMessages.unitDiffers(name, wanted, shown, given, span))
    case (.number, .number), (.number, .count), (.number, .timeOrSteps), (.flag, .flag), (.text, .text), (.text, .name),
      (.text, .choice), (.text, .file),
      (.text, .layer), (.text, .column), (.text, .kind), (.list, .list), (.range, .list), (.neuron, .kind):
      return nil
    case (let facts, .value(let type)) where facts.type?.rawValue == type: return nil
    case (let facts, .list(let inner)) where inner != form:
      return try fit(Item(facts: facts), inner, name, expression, isNamed: isNamed)
    default: throw fail(EngineMessages.wrongForm(name, form, shown, type: item.type, span))
    }
  }
  /// What is wrong with a value in this place, if anything.
  private func misfit(
    _ content: Value.Content, _ form: SettingForm, _ name: String, _ shown: String, _ span: Span, _ isNamed: Bool
  ) -> Diagnostic? {
    switch (content, form) {
    case (.number(let q), .number(let wanted)):
      if q.dimension == wanted { return nil }
      if q.dimension == .none { return EngineMessages.unitMissing(name, wanted, shown, isNamed: isNamed, span) }
      if wanted == .none { return EngineMessages.unitUnexpected(name, q.dimension, shown, span) }
      return EngineMessages.unitDiffers(name, wanted, shown, q.dimension, span)
    case (.number(let q), .count):
      if q.dimension != .none { return EngineMessages.unitUnexpected(name, q.dimension, shown, span) }
      return Int(exactly: q.value) == nil ? EngineMessages.notWhole(name, shown, span) : nil
    case (.number(let q), .timeOrSteps):
      if q.dimension == .time { return nil }
      if q.dimension != .none { return EngineMessages.unitDiffers(name, .time, shown, q.dimension, span) }
      return Int(exactly: q.value) == nil ? EngineMessages.unitMissing(name, .time, shown, isNamed: isNamed, span) : nil
    case (.number, .quantity), (.flag, .flag), (.text, .text), (.text, .name), (.text, .file), (.text, .layer),
      (.text, .column), (.neuron, .kind):
      return nil
    case (.text(let word), .choice(let choices, let also)):
      return (choices + also).contains(word)
        ? nil : EngineMessages.unknownChoice(word, setting: name, choices: choices, span)
    case (.range(let ladder), .list(let inner)):
      return ladder.quantities.first.flatMap { misfit(.number($0), inner, name, shown, span, isNamed) }
    case (.list(let items), .list(let inner)):
      return items.lazy.compactMap { self.misfit($0, inner, name, shown, span, isNamed) }.first
    case (let value, .value(let type)):
      return value.type.rawValue == type ? nil : EngineMessages.wrongForm(name, form, shown, type: value.type, span)
    default: return EngineMessages.wrongForm(name, form, shown, type: content.type, span)
    }
  }

  /// The words for what a declared thing found wrong.
  func diagnostic(for problem: SettingProblem, command: String, spans: [String: Span], fallback: Span) -> Diagnostic {
    let span = spans[problem.name] ?? fallback
    return switch problem.fact {
    case .unknown(let known): EngineMessages.unknownSetting(problem.name, command: command, known: known, span)
    case .wrongForm(.number(.none), .quantity(let given)) where given.dimension != .none:
      EngineMessages.unitUnexpected(problem.name, given.dimension, text(span), span)
    case .wrongForm(let form, let argument):
      EngineMessages.wrongForm(problem.name, form, argument.written, type: argument.content?.type, span)
    case .outOfRange(let quantity, let range): EngineMessages.outOfRange(problem.name, quantity, range, span)
    case .missing: EngineMessages.missingSetting(problem.name, command: command, form: .text, span)
    case .refused(let reason): EngineMessages.refused(problem.name, reason, span)
    }
  }
}

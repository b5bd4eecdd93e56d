internal import FoundationEssentials
internal import Language
internal import Spiking

/// A word that fits where the cursor stands, with a line about it.
public struct Completion: Sendable, Hashable {
  public var text: String, summary: String
  public init(_ text: String, _ summary: String = "") { (self.text, self.summary) = (text, summary) }
}

extension Session {
  /// What may stand at the end of `text`, and how many characters of it the completions replace.
  public func completions(for text: String) -> (replacing: Int, candidates: [Completion]) {
    let position = CompletionPosition(text)
    let candidates = candidates(at: position).filter { $0.text.hasPrefix(position.prefix) }
    var seen: Set<String> = []
    return (position.prefix.count, candidates.filter { seen.insert($0.text).inserted }.sorted { $0.text < $1.text })
  }

  private func candidates(at position: CompletionPosition) -> [Completion] {
    guard let verb = position.verb else { return starts(position) }
    if ["help", "?", "example"].contains(verb) { return helpWords(position) }
    if verb == "set" { return setWords(position) }
    if verb == "forget" { return names() }
    if verb == "run", position.words.count <= 1 { return files(position.prefix, endings: [".soma"]) }
    let input = facts(before: position)
    if registry.isFamily(verb),
      position.words.isEmpty || (position.words.count == 1 && position.words[0] == position.prefix)
    {
      return kinds(verb, input)
        + (verb == "neuron" ? [Completion("define", "A neuron by equations.")] + names(of: [.neuron]) : [])
    }
    return arguments(of: verb, position, input)
  }

  // MARK: At the start of a stage

  private func starts(_ position: CompletionPosition) -> [Completion] {
    guard !position.isAfterBar else {
      let type = facts(before: position)?.type
      let fitting = type.map { registry.accepting($0) } ?? Array(registry.commands.values.joined())
      let verbs = Set(fitting.filter { type != nil || !$0.accepts.allSatisfy { $0 == .nothing } }.map(\.verb))
      let general = type == .table || type == .dataset ? ["where"] : []
      let special = general + (type == .table ? ["derive"] : []) + ["sweep", "expect"]
      return (verbs + special).map { Completion($0, Help.summary(of: $0, registry)) }
        + state.functions.keys.map { Completion($0, "function") }
    }
    let openers = Set(registry.accepting(.nothing).map(\.verb) + ["sweep", "expect", "run"])
    let statements =
      position.isBound
      ? ["if"] : ["let", "set", "def", "for", "if", "help", "example", "forget", "undo", "redo", "quit"]
    return openers.map { Completion($0, Help.summary(of: $0, registry)) } + statements.map { Completion($0, "") }
      + names()
      + state.functions.keys.map { Completion($0, "function") }
  }
  private func names(of types: Set<ValueType>? = nil) -> [Completion] {
    state.names.all.filter { types == nil || ($0.item.type.map { types?.contains($0) ?? true } ?? false) }
      .map { Completion($0.name, $0.item.content.map { Presentation.summary($0) } ?? "") }
  }
  private func kinds(_ verb: String, _ input: Facts?) -> [Completion] {
    let family = registry.family(verb)
    let fitting = input?.type.map { type in family.filter { $0.accepts.contains(type) } } ?? family
    return (fitting.isEmpty ? family : fitting).compactMap { d in d.kind.map { Completion($0, d.manual.summary) } }
  }
  private func helpWords(_ position: CompletionPosition) -> [Completion] {
    if let first = position.words.first, registry.isFamily(first) { return kinds(first, nil) }
    return registry.verbs.map { Completion($0, Help.summary(of: $0, registry)) } + names()
      + registry.commands.values.joined().compactMap { d in d.kind.map { Completion($0, d.manual.summary) } }
  }
  private func setWords(_ position: CompletionPosition) -> [Completion] {
    guard let name = position.words.first, !(position.words.count == 1 && name == position.prefix),
      let setting = SessionSettings.described.first(where: { $0.name == name })
    else { return SessionSettings.described.map { Completion($0.name, $0.summary) } }
    return values(for: setting.form, prefix: position.prefix, input: nil)
  }

  // MARK: Inside a stage

  private func arguments(of verb: String, _ position: CompletionPosition, _ input: Facts?) -> [Completion] {
    let name = registry.isFamily(verb) ? position.words.first.map { "\(verb) \($0)" } ?? verb : verb
    var found = declarations(of: position.words.first, name)
    if found.isEmpty, let kind = registry.defaultKind(of: verb, for: input?.type ?? .nothing) {
      found = registry.declarations("\(verb) \(kind)")
    }
    guard
      let declaration = found.first(where: { d in input?.type.map { d.accepts.contains($0) } ?? true }) ?? found.first
    else { return names() }
    if let setting = position.setting {
      guard let description = declaration.settings.first(where: { $0.name == setting }) else {
        return setting == "to" ? files(position.prefix, endings: []) : []
      }
      return values(for: description.form, prefix: position.prefix, input: input)
    }
    let free = declaration.settings.filter { !position.given.contains($0.name) }
    let positional =
      free.first(where: \.isPositional).map { values(for: $0.form, prefix: position.prefix, input: input) } ?? []
    let to =
      position.given.contains("to")
      ? [] : [Completion("to=", "File to write the result to.")]
    return positional + free.map { Completion($0.name + "=", $0.summary) } + to
  }
  /// Those of a name; behind `neuron` a bound neuron brings its own.
  private func declarations(of word: String?, _ name: String) -> [CommandDeclaration] {
    let known = registry.declarations(name)
    guard known.isEmpty, let word, case .neuron(let neuron)? = state.names[word]?.content else { return known }
    if let made = neuron as? any RunTimeNeuron { return [CommandDeclaration(made)] }
    return registry.declarations("neuron \(neuron.kind)")
  }
  private func values(for form: SettingForm, prefix: String, input: Facts?) -> [Completion] {
    switch form {
    case .choice(let choices, _): choices.map { Completion($0) }
    case .flag: [Completion("true"), Completion("false")]
    case .list(let inner): values(for: inner, prefix: prefix, input: input)
    case .either(let a, let b):
      values(for: a, prefix: prefix, input: input) + values(for: b, prefix: prefix, input: input)
    case .kind(let family): kinds(family, nil) + names(of: [.neuron])
    case .layer:
      if case .model(let model)? = input {
        model.model.network.nodes.map { Completion($0.name, $0.layer.summary) }
      } else {
        []
      }
    case .column: Interpreter.columnNames(input ?? .unknown).map { $0.map { Completion($0) } } ?? []
    case .file(let endings, let isWritten):
      files(prefix, endings: endings) + (isWritten ? [] : dataFiles(prefix, endings)) + names(of: [.text])
    case .value(let type): ValueType(rawValue: type).map { names(of: [$0]) } ?? []
    case .number, .count, .timeOrSteps, .quantity: names(of: [.number])
    case .text: names(of: [.text])
    case .name: []
    }
  }
  /// Files below the folders that are looked in after the working folder.
  private func dataFiles(_ prefix: String, _ endings: [String]) -> [Completion] {
    guard !prefix.hasPrefix("/"), !prefix.hasPrefix("~"), !prefix.hasPrefix(".") else { return [] }
    return registry.dataFolders(state.settings).flatMap { files(prefix, endings: endings, below: $0) }
  }
  private func files(_ prefix: String, endings: [String], below root: String? = nil) -> [Completion] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let path = root.map { "\($0)/\(folder)" } ?? (folder.isEmpty ? "." : folder)
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return entries.filter { !$0.hasPrefix(".") }.compactMap { entry in
      var isFolder = false
      _ = FileManager.default.fileExists(atPath: "\(path)/\(entry)", isDirectory: &isFolder)
      if isFolder { return Completion(folder + entry + "/", "folder") }
      return endings.isEmpty || endings.contains { entry.hasSuffix($0) } ? Completion(folder + entry, "") : nil
    }
  }

  /// What flows into the stage under the cursor.
  private func facts(before position: CompletionPosition) -> Facts? {
    guard position.isAfterBar else { return .nothing }
    let before = position.before
    guard !before.allSatisfy(\.isWhitespace) else { return state.last?.facts }
    let source = Source(before)
    let parsed = Parser.parse(source)
    guard parsed.diagnostics.isEmpty, let line = parsed.program.lines.last else { return nil }
    let checker = Interpreter(
      registry: registry, machine: machine, surroundings: surroundings, state: state, source: source, isChecking: true)
    return checker.facts(of: line)
  }
}

extension Interpreter {
  func facts(of line: Line) -> Facts? {
    switch line.statement {
    case .pipeline(let pipeline), .bind(_, let pipeline): (try? evaluate(pipeline))?.result.facts
    default: nil
    }
  }
}

/// Where the cursor stands: which stage, which verb, which setting, and what of the word is typed already.
struct CompletionPosition {
  /// The pipeline before the last bar; empty where the stage is the first.
  var before = ""
  var isAfterBar = false
  /// Whether the value will be bound to a name.
  var isBound = false
  var verb: String?
  /// Words behind the verb that are no settings.
  var words: [String] = []
  var given: Set<String> = []
  var setting: String?
  var prefix = ""

  init(_ text: String) {
    let start = Self.stageStart(text)
    let stage = String(text[start...])
    isAfterBar = start > text.startIndex && text[text.index(before: start)] == "|"
    if isAfterBar { before = Self.lastOpen(String(text[..<text.index(before: start)])) }
    var pieces = stage.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    let endsInBlank = stage.last.map { $0 == " " || $0 == "\t" } ?? true
    if !isAfterBar, pieces.first == "let", let equals = pieces.firstIndex(of: "="),
      equals + (endsInBlank ? 0 : 1) < pieces.count + (endsInBlank ? 1 : 0)
    {
      pieces = Array(pieces.dropFirst(equals + 1))
      isBound = true
    }
    prefix = endsInBlank ? "" : pieces.last ?? ""
    guard pieces.count > (endsInBlank ? 0 : 1) else { return }
    verb = pieces[0]
    for piece in pieces.dropFirst() {
      if let equals = piece.firstIndex(of: "=") { given.insert(String(piece[..<equals])) } else { words.append(piece) }
    }
    if let equals = prefix.firstIndex(of: "=") {
      setting = String(prefix[..<equals])
      prefix = String(prefix[prefix.index(after: equals)...])
    }
    if let bracket = prefix.lastIndex(where: { $0 == "[" || $0 == "(" }) {
      prefix = String(prefix[prefix.index(after: bracket)...])
    }
  }
  /// The start of the stage under the cursor: behind the last `|`, `;`, brace, bracket or line end that is not in a text.
  private static func stageStart(_ text: String) -> String.Index {
    var start = text.startIndex, inText = false
    for index in text.indices {
      if text[index] == "\"" { inText.toggle() }
      if !inText, "|;{}(\n".contains(text[index]) { start = text.index(after: index) }
    }
    return start
  }
  /// The part of a text behind its last bracket that is still open: what a nested pipeline consists of so far.
  private static func lastOpen(_ text: String) -> String {
    var opens: [String.Index] = [], inText = false
    for index in text.indices {
      if text[index] == "\"" { inText.toggle() }
      guard !inText else { continue }
      if "([{".contains(text[index]) { opens.append(index) }
      if ")]}".contains(text[index]) { _ = opens.popLast() }
    }
    let inner = opens.last.map { String(text[text.index(after: $0)...]) } ?? text
    return inner.split(separator: ";").last.map(String.init) ?? inner
  }
}

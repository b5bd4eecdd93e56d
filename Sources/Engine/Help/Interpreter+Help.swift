internal import Language
internal import Spiking

extension Interpreter {
  func help(_ words: [Name]) throws {
    guard let first = words.first else {
      if !isChecking { write(Wrapping.wrapped(Help.overview(registry), width: tableWidth)) }
      return
    }
    let text = try helpText(words.map(\.text), first)
    if !isChecking { write(Wrapping.wrapped(text, width: tableWidth)) }
  }
  private func helpText(_ words: [String], _ first: Name) throws -> String {
    let word = first.text
    if let item = lookUp(word) { return holding(word, item) }
    if let function = state.functions[word] { return function.text }
    if let known = Help.interpreted[words.joined(separator: " ")] ?? Help.interpreted[word] {
      let details = known.details.isEmpty ? "" : "\n\n\(known.details)"
      let example = known.example.split(separator: "\n").joined(separator: "\n  ")
      return "\(known.usage)\n\(known.summary)\(details)\n\nexamples\n  \(example)"
    }
    let found = Help.find(words, registry)
    if words.count == 1, registry.isFamily(word) { return Help.family(word, registry) }
    if !found.isEmpty { return found.map(Help.command).joined(separator: "\n\n") }
    if let entry = zip(SessionSettings.described, state.settings.currentSettings).first(where: { $0.0.name == word }) {
      return "set \(word) \(entry.1.argument.written)\n\(entry.0.summary)"
    }
    if let statement = Help.statements.first(where: { $0.0.split(separator: " ").first.map(String.init) == word }) {
      return "\(statement.0)\n\(statement.1)"
    }
    let known = Array(registry.verbs) + registry.commands.values.joined().compactMap(\.kind) + state.names.names
    throw fail(
      Diagnostic(
        "help.unknown", "there is no help for '\(words.joined(separator: " "))'", at: first.span,
        help: Spelling.nearest(to: word, among: known).map { "did you mean '\($0)'?" } ?? "help alone lists everything")
    )
  }
  /// What a name holds and which verbs take it.
  private func holding(_ name: String, _ item: Item) -> String {
    guard let content = item.content, let type = item.type else { return name }
    var lines = [Presentation.full(content, state.settings, options: textOptions, width: tableWidth)]
    let verbs = Set(registry.accepting(type).map(\.verb)).sorted()
    if !verbs.isEmpty { lines.append("taken by: \(verbs.joined(separator: ", "))") }
    return lines.joined(separator: "\n")
  }

  /// Runs the first example of a command without touching the session's names.
  func example(_ words: [Name]) throws {
    guard let first = words.first else {
      if !isChecking { write("example words: runs an example of a verb or kind, as in: example neuron lif") }
      return
    }
    let found = Help.find(words.map(\.text), registry)
    let name = words.map(\.text).joined(separator: " ")
    let line =
      (Help.interpreted[name] ?? Help.interpreted[first.text])?.example ?? found.lazy.flatMap(\.manual.examples).first
    guard let line else {
      throw fail(
        Diagnostic(
          "example.none", "there is no example for '\(words.map(\.text).joined(separator: " "))'", at: first.span,
          help: "help \(first.text) may tell more"))
    }
    guard !isChecking else { return }
    write(line.split(separator: "\n").map { "> \($0)" }.joined(separator: "\n"))
    try runAside(Source(line, name: "example"))
  }
  /// Runs lines on a copy of the session's state.
  private func runAside(_ source: Source) throws {
    let parsed = Parser.parse(source)
    if let first = parsed.diagnostics.first { throw Failure(diagnostic: first, source: source) }
    for checks in [true, false] {
      let aside = Interpreter(
        registry: registry, machine: machine, surroundings: surroundings, state: state, source: source,
        isChecking: checks)
      for line in parsed.program.lines { try aside.run(line) }
    }
  }
}

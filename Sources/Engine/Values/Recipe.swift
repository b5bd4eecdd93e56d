/// How a value was made: the stage that made it, what flowed in, what it referred to, and the settings in force.
public final class Recipe: Sendable {
  /// The stage as typed, or a literal.
  let stage: String
  /// The type of what it gave.
  let type: ValueType?
  /// Lines that come before it, for a value whose making was read from a file.
  let before: [String]
  let input: Recipe?
  /// Names the stage refers to, with how they were made.
  let names: [(name: String, recipe: Recipe)]
  /// Definitions of functions it calls, as typed.
  let definitions: [String]
  /// `set` lines that matter for the bits: seed and step.
  let settings: [String]
  /// Comment lines behind the stage: why it gives other bits when it is run again.
  let remarks: [String]

  init(
    stage: String, type: ValueType? = nil, before: [String] = [], input: Recipe? = nil,
    names: [(name: String, recipe: Recipe)] = [], definitions: [String] = [], settings: [String] = [],
    remarks: [String] = []
  ) {
    (self.stage, self.type, self.before) = (stage, type, before)
    (self.input, self.names) = (input, names)
    (self.definitions, self.settings, self.remarks) = (definitions, settings, remarks)
  }

  /// How a value was made that was read from a file, from the lines it was stored with.
  convenience init?(stored lines: [String], type: ValueType) {
    guard let last = lines.lastIndex(where: { !$0.hasPrefix("#") }) else { return nil }
    self.init(
      stage: lines[last], type: type, before: Array(lines[..<last]), remarks: Array(lines[(last + 1)...]))
  }
  /// The same with one more comment behind it.
  func remarked(_ remark: String) -> Recipe {
    Recipe(
      stage: stage, type: type, before: before, input: input, names: names, definitions: definitions,
      settings: settings, remarks: remarks + [remark])
  }
  /// How the data set behind the value was made, where a stage of its making gave one.
  public var dataset: Recipe? {
    var link: Recipe? = self
    while let recipe = link, recipe.type != .dataset { link = recipe.input }
    return link
  }

  /// The lines that make the value again.
  public var lines: [String] {
    var printer = Printer()
    printer.emit(self, to: nil)
    return printer.lines
  }

  /// Writes each recipe once, under the name it was bound to.
  private struct Printer {
    var lines: [String] = []
    var settings: [String] = []
    var definitions: Set<String> = []
    var bound: [String: ObjectIdentifier] = [:]

    mutating func emit(_ recipe: Recipe, to name: String?) {
      let chain = chain(of: recipe)
      for (index, link) in chain.enumerated() {
        for (name, reference) in link.names where bound[name] != ObjectIdentifier(reference) { bind(name, reference) }
        for definition in link.definitions where definitions.insert(definition).inserted { lines.append(definition) }
        if !link.before.isEmpty {
          settings = ["set seed ", "set dt "].compactMap { word in link.before.last { $0.hasPrefix(word) } }
        }
        let changed = link.settings.filter { !settings.contains($0) }
        if index > 0, !changed.isEmpty || !chain[index - 1].remarks.isEmpty { breaks.insert(index) }
        pending[index] = changed
        settings = link.settings.isEmpty ? settings : link.settings
      }
      write(chain, to: name)
    }
    private var breaks: Set<Int> = []
    private var pending: [Int: [String]] = [:]

    private mutating func bind(_ name: String, _ recipe: Recipe) {
      let kept = (breaks, pending)
      (breaks, pending) = ([], [:])
      emit(recipe, to: name)
      (breaks, pending) = kept
      bound[name] = ObjectIdentifier(recipe)
    }
    private mutating func write(_ chain: [Recipe], to name: String?) {
      var row = ""
      for (index, link) in chain.enumerated() {
        if index > 0, breaks.contains(index) {
          lines.append(row)
          lines += chain[index - 1].remarks
          row = ""
        }
        lines += pending[index] ?? []
        if !link.before.isEmpty {
          lines += link.before
          (bound, definitions) = ([:], [])
        }
        if index > 0 { row += row.isEmpty ? "| " : " | " }
        row += link.stage
      }
      let remarks = chain.last?.remarks ?? []
      // Equations bind their name themselves.
      if let name, breaks.isEmpty, !row.hasPrefix("neuron define \(name) ") { row = "let \(name) = \(row)" }
      lines.append(row)
      lines += remarks
      if let name, !breaks.isEmpty { lines.append("let \(name) = _") }
      (breaks, pending) = ([], [:])
    }
    private func chain(of recipe: Recipe) -> [Recipe] {
      var chain = [recipe], current = recipe
      while let input = current.input {
        chain.append(input)
        current = input
      }
      return chain.reversed()
    }
  }
}

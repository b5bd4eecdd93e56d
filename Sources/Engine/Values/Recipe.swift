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

  init(
    stage: String, type: ValueType? = nil, before: [String] = [], input: Recipe? = nil,
    names: [(name: String, recipe: Recipe)] = [], definitions: [String] = [], settings: [String] = []
  ) {
    (self.stage, self.type, self.before) = (stage, type, before)
    (self.input, self.names) = (input, names)
    (self.definitions, self.settings) = (definitions, settings)
  }

  /// How a value was made that was read from a file, from the lines it was stored with.
  convenience init?(stored lines: [String], type: ValueType) {
    guard let last = lines.last else { return nil }
    self.init(stage: last, type: type, before: Array(lines.dropLast()))
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
        if !changed.isEmpty, index > 0 { breaks.insert(index) }
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
      if let name {
        if breaks.isEmpty {
          row = "let \(name) = \(row)"
        } else {
          lines.append(row)
          row = "let \(name) = _"
        }
      }
      lines.append(row)
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

internal import Language
internal import Spiking

/// Help computed from declarations: an overview, a family, one command, a setting of the session.
public enum Help {
  /// Verbs in the order of a day's work, under what they are for. Verbs of plugins are added at the end.
  static let purposes: [(String, [String])] = [
    ("data", ["data", "sample", "take", "split", "where", "augment", "corrupt"]),
    ("codes", ["encode", "decode"]),
    ("neurons", ["neuron", "lmu-memory", "mystery", "drive", "stdp"]),
    ("layers", ["dense", "conv", "pool", "batchnorm", "dropout", "relu", "lmu", "lstm", "gru", "residual", "mlp"]),
    ("models", ["train", "convert", "fold", "change", "probe", "weights"]),
    (
      "measuring",
      [
        "evaluate", "predict", "history", "curve", "layers", "activity", "operations", "doctor", "measure", "at",
        "guess", "compare",
        "race", "verify", "names", "explain", "recipe",
      ]
    ),
    ("tables", ["sweep", "derive", "select", "sort", "rows", "group", "best"]),
    ("figures", ["plot", "overlay", "grid"]),
    ("files and session", ["save", "load", "expect", "run", "lesson", "session", "plugin"]),
  ]
  static let statements: [(String, String)] = [
    ("let name = …", "binds a name"), ("set name value", "changes a setting of the session; set alone lists them"),
    ("def name parameters { … }", "makes a function"),
    ("neuron define name { … }", "makes a neuron from equations"), ("for x values { … }", "repeats lines"),
    ("if condition { … } else { … }", "chooses"), ("help words", "tells about a verb or kind; ? is short for it"),
    ("example words", "runs an example"), ("forget name", "unbinds"), ("undo, redo", "take back, bring back"),
    ("quit", "leaves"),
  ]
  /// How neurons are written as equations.
  static let equations = "neuron define"
  /// Words for verbs that the interpreter carries out itself.
  public static let interpreted: [String: (summary: String, details: String, usage: String, example: String)] = [
    "sweep": (
      "Repeats a block for every combination of values and collects the results.",
      "Numbers, reports and tables become one table with a column for each name, other values a list.",
      "sweep x values y values … { … }    → table, list",
      "sweep n 1..3 { n * n }"
    ),
    "where": (
      "Keeps the rows or samples for which a formula holds.",
      "A formula on a table may name its columns, one on a dataset index, label and part; they come before bound names.",
      "where formula    table, dataset → table, dataset", "data glyphs | where label == 3"
    ),
    "derive": (
      "Adds a column computed from the others, or replaces one.", "", "derive name = formula    table → table",
      "sweep n 1..3 { n * n } | derive root = sqrt(value)"
    ),
    "expect": (
      "Passes on what flows in, or fails with both sides of a comparison.", "",
      "expect formula    any value → the same",
      "expect 1 + 1 == 2"
    ),
    "run": (
      "Runs the lines of a script here; name=value wins over its lets.", "", "run file name=value", "run tour.soma"
    ),
    equations: (
      "Makes a neuron from equations and binds it to its name.",
      """
      x' = formula               a state variable
      x = formula                a shorthand
      spike formula [as -1]      when it spikes; the first condition that holds counts
      reset x = formula, …       what a spike does
      start x = formula          where a variable starts; 0 when left out
      refractory formula         how long it is silent and its first variable held
      noise x formula            white noise, a standard deviation per √s
      integrate euler | exponential | rk4

      Statements stand in rows of their own or are parted by ';'. I is the input, units are constants, pi is known; - and / \
      always operate. Parameters follow the brace with their defaults. Equations that are linear in their own variable are \
      solved exactly over a step for whatever else stands still, others by Runge and Kutta in parts of 0.1 ms. Units are \
      checked where they are given. The name is used as any neuron: driven, plotted, changed (neuron cell tau=5ms), saved, \
      and trained, with the distance to the spike condition as argument of the surrogate.
      """,
      "neuron define name { equations } parameter=default …    → neuron",
      "neuron define cell { v' = (I - v)/tau; spike v >= 1; reset v = 0 } tau=20ms\ncell | drive current=1.2 for=100ms | measure"
    ),
  ]

  static func overview(_ registry: Registry) -> String {
    var lines = ["A line is a pipeline: data glyphs | encode ttfs | plot raster sample=4", ""]
    var told: Set<String> = []
    for (purpose, verbs) in purposes + [("plugins", registry.verbs.sorted())] {
      let known = verbs.filter { registry.verbs.contains($0) && !told.contains($0) }
      guard !known.isEmpty else { continue }
      told.formUnion(known)
      lines.append(purpose)
      for verb in known { lines.append("  " + padded(verb, 12) + summary(of: verb, registry)) }
    }
    lines.append("lines")
    for (form, text) in statements { lines.append("  " + padded(form, 32) + text) }
    lines += ["", "help plot, help plot raster, help lif: more about one; example plot raster: see it run"]
    return lines.joined(separator: "\n")
  }
  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
  /// One line about a verb; a family names its kinds.
  static func summary(of verb: String, _ registry: Registry) -> String {
    if let known = interpreted[verb] { return known.summary }
    if registry.isFamily(verb) { return registry.kinds(of: verb).joined(separator: " ") }
    return registry.declarations(verb).first?.manual.summary ?? ""
  }

  /// The declarations that words mean: `plot raster`, `plot`, or a kind alone such as `lif`.
  static func find(_ words: [String], _ registry: Registry) -> [CommandDeclaration] {
    let name = words.joined(separator: " ")
    let exact = registry.declarations(name)
    if !exact.isEmpty { return exact }
    if words.count == 1 {
      let family = registry.family(words[0])
      if !family.isEmpty { return family }
      return registry.commands.values.joined().filter { $0.kind == words[0] }.sorted { $0.name < $1.name }
    }
    return []
  }

  static func family(_ verb: String, _ registry: Registry) -> String {
    let kinds = registry.family(verb)
    let width = (kinds.compactMap { $0.kind?.count }.max() ?? 0) + 2
    let lines = kinds.map { "  " + padded($0.kind ?? "", width) + $0.manual.summary }
    let equations = verb == "neuron" ? ["  " + padded("define", width) + (interpreted[equations]?.summary ?? "")] : []
    return ([usage(verb, kinds)] + lines + equations + ["help \(verb) \(kinds.first?.kind ?? ""): more about one"])
      .joined(
        separator: "\n")
  }
  private static func usage(_ verb: String, _ kinds: [CommandDeclaration]) -> String {
    let accepts = Set(kinds.flatMap(\.accepts)), gives = Set(kinds.flatMap(\.gives))
    return "\(verb) KIND    \(types(accepts)) → \(types(gives))"
  }
  private static func types(_ set: Set<ValueType>) -> String {
    let named = ValueType.allCases.filter { set.contains($0) && $0 != .nothing }.map(\.rawValue)
    return named.isEmpty ? "" : named.joined(separator: ", ")
  }

  /// All there is to say about one command.
  static func command(_ declaration: CommandDeclaration) -> String {
    let manual = declaration.manual
    var lines = [signature(declaration), manual.summary]
    if !manual.equation.isEmpty { lines += [""] + manual.equation.split(separator: "\n").map { "  \($0)" } }
    if !manual.details.isEmpty { lines += ["", manual.details] }
    if !declaration.settings.isEmpty { lines += [""] + settingLines(declaration.settings) }
    if !manual.examples.isEmpty {
      lines += ["", "examples"] + manual.examples.flatMap { $0.split(separator: "\n").map { "  \($0)" } }
    }
    if !manual.reference.isEmpty { lines += ["", manual.reference] }
    return lines.joined(separator: "\n")
  }
  static func signature(_ declaration: CommandDeclaration) -> String {
    let positional = declaration.settings.filter(\.isPositional).map { setting in
      if case .list = setting.form { return setting.isRequired ? "\(setting.name)…" : "[\(setting.name)…]" }
      return setting.isRequired ? setting.name : "[\(setting.name)]"
    }
    let from = types(Set(declaration.accepts)), to = types(Set(declaration.gives))
    let flow = from.isEmpty ? "→ \(to)" : "\(from) → \(to.isEmpty ? "nothing" : to)"
    return ([declaration.name] + positional).joined(separator: " ") + "    " + flow
  }
  static func settingLines(_ settings: [SettingDescription]) -> [String] {
    let heads = settings.map {
      $0.name + "=" + ($0.preset.isEmpty || $0.preset == "[]" ? formWord($0.form) : $0.preset)
    }
    let width = (heads.map(\.count).max() ?? 0) + 2
    return zip(settings, heads).map { "  " + padded($1, width) + $0.summary + limits($0) }
  }
  private static func formWord(_ form: SettingForm) -> String {
    switch form {
    case .number, .quantity: "number"
    case .count: "n"
    case .timeOrSteps: "time"
    case .flag: "true"
    case .text: "\"…\""
    case .name: "word"
    case .choice: "…"
    case .file: "file"
    case .layer: "layer"
    case .column: "column"
    case .list(let form): "[\(formWord(form)) …]"
    case .either(let a, _): formWord(a)
    case .value(let name): name
    case .kind(let family): family
    }
  }
  private static func limits(_ setting: SettingDescription) -> String {
    if case .choice(let names, _) = setting.form { return " (\(names.joined(separator: ", ")))" }
    return range(setting)
  }
  /// " (1 to 100)"; empty where there are no limits.
  static func range(_ setting: SettingDescription) -> String {
    guard let range = setting.range else { return "" }
    let dimension = if case .number(let d) = setting.form { d } else { Dimension.none }
    let ends = [range.lowerBound, range.upperBound].map {
      $0.isFinite && abs($0) < 1e300 ? Quantity($0, dimension).written() : ""
    }
    return switch (ends[0].isEmpty, ends[1].isEmpty) {
    case (false, false): " (\(ends[0]) to \(ends[1]))"
    case (false, true): " (at least \(ends[0]))"
    case (true, false): " (at most \(ends[1]))"
    case (true, true): ""
    }
  }

  // MARK: Settings of the session

  static func settings(_ settings: SessionSettings) -> String {
    let width = (settings.currentSettings.map { $0.name.count + $0.argument.written.count + 1 }.max() ?? 0) + 2
    return zip(settings.currentSettings, SessionSettings.described).map { entry, description in
      padded("\(entry.name) \(shown(entry.argument))", width) + description.summary
    }.joined(separator: "\n") + "\n"
  }
  static func setting(_ name: String, _ settings: SessionSettings) -> String {
    (settings.currentSettings.first { $0.name == name }.map { shown($0.argument) } ?? "") + "\n"
  }
  private static func shown(_ argument: Argument) -> String {
    argument.written.isEmpty ? "\"\"" : argument.written
  }
}

internal import Spiking

/// The reference in Markdown: one page for each verb, made from the declarations.
public enum Documentation {
  /// File names with their contents, the index first.
  public static func pages(_ registry: Registry) -> [(name: String, text: String)] {
    let verbs = registry.verbs.sorted()
    return [("README.md", index(verbs, registry))] + verbs.map { ("\($0).md", page($0, registry)) } + [
      ("settings.md", settings())
    ]
  }

  private static func index(_ verbs: [String], _ registry: Registry) -> String {
    var lines = [
      "# Reference", "", "Made from the declarations by `soma docs`.", "", "| verb | what it does |", "| --- | --- |",
    ]
    for verb in verbs { lines.append("| [`\(verb)`](\(verb).md) | \(escaped(Help.summary(of: verb, registry))) |") }
    lines.append("| [`set`](settings.md) | Shows or changes the settings of the session. |")
    return lines.joined(separator: "\n") + "\n"
  }
  private static func page(_ verb: String, _ registry: Registry) -> String {
    var lines = ["# \(verb)", ""]
    if let known = Help.interpreted[verb] {
      let details = known.details.isEmpty ? [] : [known.details, ""]
      return
        (lines + [known.summary, ""] + details + ["```", known.usage, "```", "", "```soma", known.example, "```"])
        .joined(
          separator: "\n") + "\n"
    }
    if verb == "neuron", let known = Help.interpreted[Help.equations] {
      lines += [
        "## neuron define", "", known.summary, "", "`\(known.usage)`", "", "```", known.details, "```", "", "```soma",
        known.example, "```", "",
      ]
    }
    for declaration in registry.family(verb) { lines += section(declaration) }
    return lines.joined(separator: "\n") + "\n"
  }
  private static func section(_ declaration: CommandDeclaration) -> [String] {
    let manual = declaration.manual
    var lines = declaration.kind == nil ? [] : ["## \(declaration.name)", ""]
    lines += [manual.summary, "", "`\(Help.signature(declaration))`", ""]
    if !manual.equation.isEmpty { lines += ["```", manual.equation, "```", ""] }
    if !manual.details.isEmpty { lines += [manual.details, ""] }
    if !declaration.settings.isEmpty { lines += table(declaration.settings) + [""] }
    for example in manual.examples { lines += ["```soma", example, "```", ""] }
    if !manual.reference.isEmpty { lines += [manual.reference, ""] }
    return lines
  }
  private static func settings() -> String {
    (["# Settings of the session", "", "`set name value` changes one, `set` lists them.", ""]
      + table(machineless)).joined(separator: "\n") + "\n"
  }
  /// Settings whose default the machine decides are shown without one.
  private static var machineless: [SettingDescription] {
    SessionSettings.described.map { setting in
      var setting = setting
      if setting.name == "threads" { setting.preset = "" }
      return setting
    }
  }
  private static func table(_ settings: [SettingDescription]) -> [String] {
    ["| setting | default | takes | meaning |", "| --- | --- | --- | --- |"]
      + settings.map {
        "| `\($0.name)` | \($0.preset.isEmpty ? ($0.isRequired ? "required" : "") : "`\(escaped($0.preset))`") | \(escaped($0.form.noun)) | \(escaped($0.summary + Help.range($0))) |"
      }
  }
  private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }
}

internal import ArgumentParser
internal import Engine

/// The manual page, made from the declarations of the command line.
enum ManualPage {
  static var text: String {
    let name = #".TH SOMA 1 "" "soma \#(Version.current)" "User Commands""#
    let sections = [
      section("NAME", escaped("soma - an interactive laboratory for spiking neural networks")),
      section("COMMAND LINE", asTyped(Soma.helpMessage(columns: 76))),
      section("RUNNING A SCRIPT", asTyped(Soma.helpMessage(for: Run.self, columns: 76))),
      section("FETCHING DATA", asTyped(Soma.helpMessage(for: GetData.self, columns: 76))),
      section("WRITING THE REFERENCE", asTyped(Soma.helpMessage(for: Docs.self, columns: 76))),
      section("THE PROMPT", escaped(prompt)), section("FILES", list(files)), section("ENVIRONMENT", list(environment)),
      section("EXIT STATUS", list(statuses)),
    ]
    return ([name] + sections).joined(separator: "\n") + "\n"
  }
  private static let prompt = """
    help lists what can be typed, help VERB explains one. Tab completes, Up searches the history for lines that begin with \
    what is typed, ^R searches anywhere in them. ^C clears the line or interrupts what runs, ^D leaves.
    """
  private static let files = [
    ("~/.config/soma/start.soma", "Lines that run before anything else; XDG_CONFIG_HOME moves the folder."),
    ("~/.local/state/soma/history", "The history of the prompt; XDG_STATE_HOME moves the folder."),
    ("~/.cache/soma/data", "Data sets that were fetched; XDG_CACHE_HOME moves the folder."),
  ]
  private static let environment = [
    ("SOMA_DATA", "A folder in which data sets are looked for first."),
    ("NO_COLOR", "Where set and not empty: no colours."), ("TERM", "Where it is dumb: plain text."),
  ]
  private static let statuses = [
    ("0", "Everything ran."), ("1", "A line failed, or standard output could not be written."),
    ("2", "The command line could not be understood."),
    ("130", "It was interrupted."),
  ]

  private static func section(_ title: String, _ body: String) -> String { ".SH \(title)\n\(body)" }
  private static func list(_ entries: [(String, String)]) -> String {
    entries.map { ".TP\n.B \(escaped($0.0))\n\(escaped($0.1))" }.joined(separator: "\n")
  }
  private static func asTyped(_ text: String) -> String { ".nf\n\(escaped(text))\n.fi" }
  /// Backslashes and hyphens are themselves; no row begins with a request.
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\e").replacing("-", with: "\\-").split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&" + $0 : String($0) }.joined(separator: "\n")
  }
}

internal import FoundationEssentials
public import Language
internal import Spiking

extension Interpreter {
  /// `run file name=value`: the lines of a script, carried out here.
  func runScript(_ call: Call) throws -> (Item, isLook: Bool, isWritten: Bool) {
    guard let first = call.arguments.first, first.name == nil else {
      throw fail(
        EngineMessages.missingSetting(
          "file", command: "run", form: .file(endings: [".soma"], isWritten: false), call.name.span))
    }
    let description = SettingDescription(name: "file", summary: "", form: .file(endings: [".soma"], isWritten: false))
    guard case .text(let path)? = try argument(first.value, for: description, isNamed: false, input: .nothing) else {
      return (Item(facts: .unknown), true, false)
    }
    guard !activeFunctions.contains("run \(path)") else { throw fail(EngineMessages.recursion(path, first.span)) }
    let script = try located(Place(first.span, [:])) { try ScriptFile.read(path, data: state.settings.data) }
    let parsed = Parser.parse(script)
    if let problem = parsed.diagnostics.first { throw Failure(diagnostic: problem, source: script) }
    let given = call.arguments.dropFirst().map { text($0.span) }
    let outer = (source, overrides)
    (source, overrides) = (script, try Overrides(given, program: parsed.program))
    activeFunctions.append("run \(path)")
    defer {
      (source, overrides) = outer
      activeFunctions.removeLast()
    }
    for line in parsed.program.lines { try run(line) }
    return (Item(.nothing), true, false)
  }
}

/// Scripts as files: looked up in the working folder, then in the data folder.
public enum ScriptFile {
  public static func read(_ path: String, data: String = "") throws -> Source {
    let candidates = [path] + (data.isEmpty ? [] : ["\(data)/\(path)"])
    for candidate in candidates {
      guard let bytes = FileManager.default.contents(atPath: candidate) else { continue }
      guard bytes.count <= 16_000_000, let text = String(data: bytes, encoding: .utf8) else {
        throw Diagnostic("file.text", "'\(path)' is not a text in UTF-8")
      }
      return Source(text.replacing("\r\n", with: "\n"), name: candidate)
    }
    throw Diagnostic("file.missing", "there is no file '\(path)'")
  }
}

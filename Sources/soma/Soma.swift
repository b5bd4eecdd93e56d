internal import Accelerated
internal import ArgumentParser
internal import Compute
internal import Engine
internal import Language

/// `soma`: the prompt, a line, a script or standard input.
@main struct Soma: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "soma", abstract: "An interactive laboratory for spiking neural networks.",
    discussion: "Without arguments it shows a prompt, or reads lines from standard input where that is no terminal.",
    version: "soma \(Version.current)", subcommands: [Run.self, DataCommand.self, Docs.self])

  @OptionGroup var options: SessionOptions
  @Option(name: [.customShort("c"), .long], help: "Runs a line and ends; may be given several times.")
  var command: [String] = []

  func run() throws {
    let session = try options.session()
    if !command.isEmpty {
      try finish(session.run(Source(command.joined(separator: "\n"), name: "-c")))
    } else if Console.isInputTerminal {
      Prompt(session).run()
    } else {
      try finish(session.run(Source(StandardInput.text(), name: "standard input")))
    }
  }

  /// A script as first argument is run: `soma file.soma` is short for `soma run file.soma`.
  private static var arguments: [String] {
    let given = Array(CommandLine.arguments.dropFirst())
    return given.first?.hasSuffix(".soma") == true ? ["run"] + given : given
  }

  /// Runs the command and ends with 0, 1 (a line failed, or the output was lost), 2 (bad usage) or 130 (interrupted).
  static func main() {
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let code as ExitCode {
      Soma.exit(withError: code)
    } catch {
      let code = exitCode(for: error)
      guard code != .success else { exit(withError: error) }
      Console.surroundings().writeError(fullMessage(for: error) + "\n")
      exit(withError: ExitCode(2))
    }
  }
}

/// How the reading of a text ended, as the process's exit code.
func finish(_ ending: Session.Ending) throws {
  switch ending {
  case .finished, .quit: return
  case .failed: throw ExitCode(1)
  case .interrupted: throw ExitCode(130)
  }
}

/// Options that every way of running a session has.
struct SessionOptions: ParsableArguments {
  @Flag(name: .customLong("no-start"), help: "Leaves out the start-up file.")
  var leavesOutStart = false
  @Option(help: "Threads for the heavy work; results do not depend on it.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...256).contains(threads) { throw ValidationError("--threads must be between 1 and 256") }
  }
  func session() throws -> Session {
    Console.catchInterrupts()
    let machine = Machine(backend: Native(), threads: threads ?? min(8, Processors.count))
    let session = Session(
      registry: try BundledPlugins.registry(), machine: machine, surroundings: Console.surroundings())
    if !leavesOutStart { StartUp.run(in: session) }
    return session
  }
}

/// `soma run file name=value …`
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Runs a script; name=value wins over its lets.")
  @OptionGroup var options: SessionOptions
  @Argument(help: "The script.", completion: .file(extensions: ["soma"])) var file: String
  @Argument(help: "Values for names that the script binds, as name=value.") var values: [String] = []

  func validate() throws {
    for value in values where !value.dropFirst().contains("=") {
      throw ValidationError("values for a script are written name=value, not '\(value)'")
    }
  }
  func run() throws {
    let session = try options.session()
    do {
      try finish(session.run(try ScriptFile.read(file), overrides: values))
    } catch let diagnostic as Diagnostic {
      session.surroundings.writeError(diagnostic.rendered(in: Source(""), width: session.surroundings.width()) + "\n")
      throw ExitCode(1)
    }
  }
}
/// `soma docs`
struct Docs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the reference, made from the declarations, as Markdown.")
  @Argument(help: "Folder to write to.", completion: .directory) var folder = "docs/reference"
  @Flag(help: "Writes the manual page to standard output instead.") var manual = false

  func run() throws {
    guard !manual else { return Console.surroundings().write(ManualPage.text) }
    try ReferencePages.write(to: folder, try BundledPlugins.registry())
  }
}

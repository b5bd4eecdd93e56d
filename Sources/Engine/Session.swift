public import Compute
public import Language
internal import Spiking

/// A user's session: everything bound so far, and the way a text changes it.
public final class Session {
  /// How the reading of a text ended.
  public enum Ending: Sendable { case finished, failed, interrupted, quit }

  public let registry: Registry
  public let surroundings: Surroundings
  let machine: Machine
  var state = State()
  var history: [State] = [], undone: [State] = []
  /// What an interrupted line left as the last value, in a line.
  public private(set) var salvaged: String?

  public init(registry: Registry, machine: Machine, surroundings: Surroundings) {
    (self.registry, self.machine, self.surroundings) = (registry, machine, surroundings)
    state.settings.threads = machine.threads
  }
  public var settings: SessionSettings {
    get { state.settings }
    set { state.settings = newValue }
  }

  /// Checks a whole text, then runs it line by line; nothing runs if anything in it is wrong.
  ///
  /// - Parameter overrides: values for the `let`s of a script, as `name=value` texts.
  @discardableResult
  public func run(_ source: Source, overrides: [String] = []) -> Ending {
    let parsed = Parser.parse(source)
    guard parsed.diagnostics.isEmpty else { return report(parsed.diagnostics, in: source) }
    var changes = state.changes
    salvaged = nil
    do {
      let given = try Overrides(overrides, program: parsed.program)
      try check(parsed.program, source, given)
      let interpreter = interpreter(source, isChecking: false, given)
      defer { take(interpreter) }
      for line in parsed.program.lines {
        try interpreter.run(line)
        take(interpreter)
        changes = state.changes
      }
      return .finished
    } catch {
      surroundings.progress(nil)
      if error is Interrupted, state.changes != changes {
        salvaged = state.last?.content.map { Presentation.summary($0) }
      }
      return report(error)
    }
  }
  /// What is wrong with a text, without running it.
  public func problems(in source: Source) -> [Diagnostic] {
    let parsed = Parser.parse(source)
    guard parsed.diagnostics.isEmpty else { return parsed.diagnostics }
    do {
      try check(parsed.program, source, Overrides())
      return []
    } catch let failure as Failure {
      return [failure.diagnostic]
    } catch { return [] }
  }

  private func check(_ program: Program, _ source: Source, _ overrides: Overrides) throws {
    let checker = interpreter(source, isChecking: true, overrides)
    for line in program.lines { try checker.run(line) }
  }
  private func interpreter(_ source: Source, isChecking: Bool, _ overrides: Overrides) -> Interpreter {
    let interpreter = Interpreter(
      registry: isChecking ? registry.forChecking : registry, machine: machine, surroundings: surroundings,
      state: state, source: source,
      isChecking: isChecking)
    (interpreter.history, interpreter.undone) = (history, undone)
    interpreter.overrides = overrides
    return interpreter
  }
  private func take(_ interpreter: Interpreter) {
    (state, history, undone) = (interpreter.state, interpreter.history, interpreter.undone)
  }

  private func report(_ diagnostics: [Diagnostic], in source: Source) -> Ending {
    let style: MessageStyle = surroundings.showsColor ? .coloured : .plain
    let width = settings.width > 0 ? settings.width : surroundings.width()
    for diagnostic in diagnostics {
      surroundings.writeError(diagnostic.rendered(in: source, style: style, width: width) + "\n")
    }
    return .failed
  }
  private func report(_ error: any Error) -> Ending {
    switch error {
    case let failure as Failure: return report([failure.diagnostic], in: failure.source)
    case let diagnostic as Diagnostic: return report([diagnostic], in: Source(""))
    case is Interrupted:
      surroundings.writeError("interrupted\n")
      return .interrupted
    case is Quit: return .quit
    default:
      surroundings.writeError("error[internal]: \(error)\n")
      return .failed
    }
  }
}

import Accelerated
import BS4NN
import Classic
import Commands
import Compute
import Engine
import HybridLMU
import L4Conversion
import Language
import Synchronization
import TernarySpike

/// Counts down to an interruption, where one is set.
private final class Counter: Sendable {
  private let left = Mutex<Int?>(nil), late = Mutex(0)
  /// Polls that came after the one that was answered with yes.
  var overdue: Int { late.withLock { $0 } }
  func set(_ polls: Int?) {
    left.withLock { $0 = polls }
    if polls != nil { late.withLock { $0 = 0 } }
  }
  func isUsedUp() -> Bool {
    left.withLock { left in
      guard let polls = left else { return false }
      left = polls - 1
      if polls < 0 { late.withLock { $0 += 1 } }
      return polls <= 0
    }
  }
}
/// A session whose output is kept as text.
final class Lab {
  private final class Paper: Sendable { let text = Mutex("") }
  private let output = Paper(), errors = Paper()
  /// Polls until ^C is pretended; every poll after that says so too.
  private let patience = Counter()
  let session: Session

  /// - Parameter more: adds to what every session knows.
  init(threads: Int = 2, _ more: (inout Registry) throws -> Void = { _ in }) throws {
    var registry = Registry()
    try registry.add(BuiltIn.self)
    try registry.add(ClassicPlugin.self)
    try registry.add(BS4NNPlugin.self)
    try registry.add(L4ConversionPlugin.self)
    try registry.add(TernarySpikePlugin.self)
    try registry.add(HybridLMUPlugin.self)
    try more(&registry)
    let (output, errors) = (output, errors)
    session = Session(
      registry: registry, machine: Machine(backend: Native(), threads: threads),
      surroundings: Surroundings(
        write: { text in output.text.withLock { $0 += text } },
        writeError: { text in errors.text.withLock { $0 += text } },
        isInterrupted: { [patience] in patience.isUsedUp() }))
  }
  var pollsSinceInterruption: Int { patience.overdue }
  /// Runs lines as if ^C were pressed at a certain poll for it.
  @discardableResult
  func run(_ text: String, interruptedAfter polls: Int) -> String {
    patience.set(polls)
    defer { patience.set(nil) }
    return run(text)
  }
  /// Runs lines and returns what they print, errors behind the rest.
  @discardableResult
  func run(_ text: String) -> String {
    session.run(Source(text, name: "input"))
    return take()
  }
  func ending(_ text: String) -> Session.Ending { session.run(Source(text, name: "input")) }
  func take() -> String {
    let text =
      output.text.withLock { text in
        defer { text = "" }
        return text
      }
      + errors.text.withLock { text in
        defer { text = "" }
        return text
      }
    return text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n")
  }
}

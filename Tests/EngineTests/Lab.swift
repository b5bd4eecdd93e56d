import Accelerated
import BS4NN
import Classic
import Commands
import Compute
import Engine
import L4Conversion
import Language
import Synchronization
import TernarySpike

/// A session whose output is kept as text.
final class Lab {
  private final class Paper: Sendable { let text = Mutex("") }
  private let output = Paper(), errors = Paper()
  let interrupted = Atomic<Bool>(false)
  let session: Session

  init(threads: Int = 2) throws {
    var registry = Registry()
    try registry.add(BuiltIn.self)
    try registry.add(ClassicPlugin.self)
    try registry.add(BS4NNPlugin.self)
    try registry.add(L4ConversionPlugin.self)
    try registry.add(TernarySpikePlugin.self)
    let (output, errors) = (output, errors)
    session = Session(
      registry: registry, machine: Machine(backend: Native(), threads: threads),
      surroundings: Surroundings(
        write: { text in output.text.withLock { $0 += text } },
        writeError: { text in errors.text.withLock { $0 += text } }))
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

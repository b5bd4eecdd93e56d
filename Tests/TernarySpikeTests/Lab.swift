import Accelerated
import Classic
import Commands
import Compute
import Language
import Spiking
import Synchronization

@testable import Engine
@testable import TernarySpike

/// A session whose output is kept as text.
final class Lab {
  private final class Paper: Sendable { let text = Mutex("") }
  private let paper = Paper()
  let session: Session
  init(threads: Int = 2) throws {
    var registry = Registry()
    try registry.add(BuiltIn.self)
    try registry.add(ClassicPlugin.self)
    try registry.add(TernarySpikePlugin.self)
    let paper = paper
    session = Session(
      registry: registry, machine: Machine(backend: Native(), threads: threads),
      surroundings: Surroundings(
        write: { text in paper.text.withLock { $0 += text } },
        writeError: { text in paper.text.withLock { $0 += text } }))
  }
  func model(_ name: String) -> Model? {
    guard case .model(let model)? = session.state.names[name]?.content else { return nil }
    return model
  }
  /// Runs lines and returns what they print.
  @discardableResult func run(_ text: String) -> String {
    session.run(Source(text, name: "input"))
    return paper.text.withLock { text in
      defer { text = "" }
      return text
    }
  }
}

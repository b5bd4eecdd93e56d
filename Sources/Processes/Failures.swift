public import Language
internal import Synchronization

/// What went wrong in the plugins of a session and nobody was told of yet. Neurons and codes cannot fail, so a plugin leaves
/// its failure here, and the stage that asked for it fails when it is over.
public final class Failures: Sendable {
  private enum Failure { case told(Diagnostic), interrupted }
  private let first = Mutex<Failure?>(nil)
  public init() {}

  /// Whether there is something to be told: until then plugins are not asked any more.
  var isPending: Bool { first.withLock { $0 != nil } }
  func report(_ problem: PluginProblem, _ file: String) {
    first.withLock { $0 = $0 ?? (problem == .interrupted ? .interrupted : .told(problem.diagnostic(file))) }
  }
  /// The first failure, once; an interruption is no failure.
  public func take() -> Diagnostic? {
    first.withLock { first in
      defer { first = nil }
      if case .told(let diagnostic)? = first { return diagnostic }
      return nil
    }
  }
}

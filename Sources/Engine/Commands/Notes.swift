internal import Language
internal import Synchronization

/// Remarks of a running stage, shown behind what it gives.
public final class Notes: Sendable {
  private let told = Mutex<[Diagnostic]>([])

  public init() {}
  public func add(_ code: String, _ message: String, help: String? = nil) {
    told.withLock { $0.append(Diagnostic(code, message, help: help, severity: .note)) }
  }
  /// The remarks so far, which then are forgotten.
  func take() -> [Diagnostic] {
    told.withLock { notes in
      defer { notes = [] }
      return notes
    }
  }
}

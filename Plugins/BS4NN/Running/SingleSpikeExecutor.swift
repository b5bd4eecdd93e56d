public import Spiking

/// Which of several outputs that came first together is the answer.
public enum TieRule: String, Sendable {
  /// The one with the highest potential at that moment, then the lowest class.
  case potential
  /// The lowest class, as in the programs of the articles.
  case lowest
}

/// Runs networks of dense layers and if-once neurons spike by spike: exact, and finished when the first output fires.
///
/// Two executors are registered: `single-spike` breaks ties by potential, and is asked first; `single-spike-lowest`
/// takes the lowest class, and runs models that ask for it by name.
public struct SingleSpikeExecutor: Executor {
  public var ties: TieRule
  public init(ties: TieRule = .potential) { self.ties = ties }
  public var kind: String { ties == .potential ? "single-spike" : "single-spike-lowest" }

  public func prepare(_ model: Model, _ options: ExecutionOptions) -> (any Execution)? {
    guard ties == .potential || model.executor == kind else { return nil }
    return SingleSpikeExecution(model, options, ties: ties)
  }
}

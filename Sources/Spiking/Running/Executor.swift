public import Compute

/// How a model is to be run.
public struct ExecutionOptions: Sendable {
  public var machine: Machine
  /// Another number of steps than that of the code.
  public var steps: Int?
  /// Samples that are run at a time.
  public var batch = 100
  public var isInterrupted: @Sendable () -> Bool
  /// Called with the share of the samples that are done.
  public var report: @Sendable (Double) -> Void

  public init(
    machine: Machine, steps: Int? = nil, isInterrupted: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (Double) -> Void = { _ in }
  ) {
    (self.machine, self.steps, self.isInterrupted, self.report) = (machine, steps, isInterrupted, report)
  }
}

/// A way to run models. Plugins register theirs; they are asked in order, and the clocked one accepts every model.
///
/// Law: executors that accept a model agree on every observable that its decision rule does not redefine.
public protocol Executor: Sendable {
  /// "clocked", "event-driven"
  var kind: String { get }
  /// The model made ready to run, or nil where it is not of this executor's sort.
  func prepare(_ model: Model, _ options: ExecutionOptions) -> (any Execution)?
}

/// A model made ready to run on samples.
public protocol Execution: Sendable {
  /// How an answer is chosen: "the class whose output is largest on average over time".
  var rule: String { get }
  /// Steps of a run.
  var steps: Int { get }
  /// One outcome per sample, in order; fewer where the run was interrupted.
  func outcomes(_ indices: [Int], _ part: Part, of data: EncodedData) -> [Outcome]
  /// Every variable of every layer for one sample.
  func record(_ sample: Int, _ part: Part, of data: EncodedData) -> Recording
  /// Share of right answers if the run had ended after each step; empty where answers do not build up.
  func curve(_ indices: [Int], _ part: Part, of data: EncodedData) -> [Double]
}
extension Execution {
  public func curve(_ indices: [Int], _ part: Part, of data: EncodedData) -> [Double] { [] }
  /// The outcomes of samples in one row.
  public func evaluation(_ indices: [Int], _ part: Part, of data: EncodedData) -> Evaluation {
    Evaluation(outcomes(indices, part, of: data), steps: steps, rule: rule)
  }
}

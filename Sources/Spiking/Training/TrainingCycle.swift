/// The epochs over which a schedule runs. An interrupted run keeps its cycle; after a finished one a new cycle starts.
public struct TrainingCycle: Sendable, Equatable {
  /// Epochs before it, and in it.
  public var start: Int, length: Int
  public var end: Int { start + length }

  /// The cycle of the next epoch, when `epochs` more are asked for.
  public init(after state: TrainingState?, epochs: Int) {
    let epoch = state?.epoch ?? 0
    if let start = state?.numbers["cycle.start"], let length = state?.numbers["cycle.length"],
      let first = Int(exactly: start), let count = Int(exactly: length), first >= 0, count >= 0,
      first.addingReportingOverflow(count).partialValue > epoch
    {
      self.init(start: first, length: count)
    } else {
      self.init(start: epoch, length: epochs)
    }
  }
  public init(start: Int, length: Int) { (self.start, self.length) = (start, length) }
  public func write(to numbers: inout [String: Double]) {
    (numbers["cycle.start"], numbers["cycle.length"]) = (Double(start), Double(length))
  }
}

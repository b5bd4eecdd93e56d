/// The epochs over which a schedule runs. An interrupted run keeps its cycle; after a finished one a new cycle starts.
public struct TrainingCycle: Sendable, Equatable {
  /// Epochs before it, and in it.
  public var start: Int, length: Int
  public var end: Int { start + length }

  /// The cycle of the next epoch, when `epochs` more are asked for.
  public init(after state: TrainingState?, epochs: Int) {
    let epoch = state?.epoch ?? 0
    if let state, let stored = TrainingCycle(storedIn: state), stored.end > epoch {
      self = stored
    } else {
      self.init(start: epoch, length: epochs)
    }
  }
  /// The cycle a state was written in; nil where it holds none that can be.
  init?(storedIn state: TrainingState) {
    guard let start = state.numbers["cycle.start"], let length = state.numbers["cycle.length"],
      let first = Int(exactly: start), let count = Int(exactly: length), (0...state.epoch).contains(first),
      (0..<1 << 40).contains(count)
    else { return nil }
    self.init(start: first, length: count)
  }
  static func forget(_ numbers: inout [String: Double]) {
    (numbers["cycle.start"], numbers["cycle.length"]) = (nil, nil)
  }
  public init(start: Int, length: Int) { (self.start, self.length) = (start, length) }
  public func write(to numbers: inout [String: Double]) {
    (numbers["cycle.start"], numbers["cycle.length"]) = (Double(start), Double(length))
  }
}

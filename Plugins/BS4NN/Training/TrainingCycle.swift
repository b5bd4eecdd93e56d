internal import Spiking

/// The epochs over which a schedule runs. An interrupted run keeps its cycle; after a finished one a new cycle starts.
struct TrainingCycle: Equatable {
  /// Epochs before it, and in it.
  var start: Int, length: Int
  var end: Int { start + length }

  /// The cycle of the next epoch, when `epochs` more are asked for.
  init(after state: TrainingState?, epochs: Int) {
    let epoch = state?.epoch ?? 0
    if let start = state?.numbers["cycle.start"], let length = state?.numbers["cycle.length"],
      Int(start + length) > epoch
    {
      self.init(start: Int(start), length: Int(length))
    } else {
      self.init(start: epoch, length: epochs)
    }
  }
  init(start: Int, length: Int) { (self.start, self.length) = (start, length) }
  func write(to numbers: inout [String: Double]) {
    (numbers["cycle.start"], numbers["cycle.length"]) = (Double(start), Double(length))
  }
}

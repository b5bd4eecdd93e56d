internal import Spiking

/// What the outputs of one sample have sent and collected so far, and the answers that follow.
struct Tally: Sendable {
  var counts: [Int], charge: [Int64], potential: [Int32]
  private var squares: [Double], steps = 0

  init(classes: Int, start: Int32) {
    counts = Array(repeating: 0, count: classes)
    charge = Array(repeating: 0, count: classes)
    potential = Array(repeating: start, count: classes)
    squares = Array(repeating: 0, count: classes)
  }
  /// Takes over one step: what arrived at each output, its potential after firing, and who fired.
  mutating func add(arrived: (Int) -> Int64, after: (Int) -> Int32) {
    steps += 1
    for c in charge.indices {
      let drive = arrived(c)
      charge[c] += drive
      squares[c] += Double(drive) * Double(drive)
      potential[c] = after(c)
    }
  }

  /// Most spikes; then the higher potential where `ties` says so; then the lower class.
  func answerByCount(_ ties: ReadOut.Ties) -> Int {
    var best = 0
    for c in counts.indices.dropFirst() {
      if counts[c] > counts[best] || (ties == .potential && counts[c] == counts[best] && potential[c] > potential[best])
      {
        best = c
      }
    }
    return best
  }
  /// Most charge; then the lower class.
  var answerByCharge: Int {
    var best = 0
    for c in charge.indices.dropFirst() where charge[c] > charge[best] { best = c }
    return best
  }
  func answer(_ readOut: ReadOut) -> Int {
    readOut.readout == .count ? answerByCount(readOut.ties) : answerByCharge
  }
  /// Whether the lead over the runner-up is large enough to stop.
  func isDecided(_ readOut: ReadOut) -> Bool {
    guard readOut.exit > 0, counts.count > 1 else { return false }
    switch readOut.readout {
    case .count:
      let sorted = counts.sorted(by: >)
      return Double(sorted[0] - sorted[1]) >= readOut.exit
    case .membrane:
      let sorted = charge.sorted(by: >), lead = Double(sorted[0] - sorted[1]), t = Double(steps)
      let variance =
        charge.indices.reduce(0.0) { sum, c in
          let mean = Double(charge[c]) / t
          return sum + max(0, squares[c] / t - mean * mean)
        } / Double(charge.count)
      return variance > 0 && lead >= readOut.exit * (t * variance).squareRoot()
    }
  }
}

/// What one sample did in a run.
struct SampleRun: Sendable {
  var label: Int
  /// The answer after each step, by spikes and by charge.
  var byCount: [Int32] = [], byCharge: [Int32] = []
  var tally: Tally
  /// Entries sent by the input and by every layer of neurons, and additions they caused.
  var spikes: [Int], operations = 0
  /// The step at which it ended early, counted from 1.
  var exit: Int?
  /// Spikes of every neuron of every layer, where they were asked for: [layer][neuron, in outside numbering].
  var counts: [[UInt32]] = []
}

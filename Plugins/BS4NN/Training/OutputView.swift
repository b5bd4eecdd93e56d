/// The outputs of one sample: firing times, and the potentials that order what times leave open.
struct OutputView {
  let window: Int
  private(set) var times: [Int]
  /// Potential at the crossing, for outputs that fired.
  private(set) var crossing: [Double]
  /// Potential at index window - 3.
  private(set) var probe: [Double]
  /// The potential halfway between firing and not.
  private(set) var middle = 0.0
  /// Time of the first output, `window` where none fired.
  private(set) var first = 0

  init(outputs: Int, window: Int) {
    self.window = window
    times = Array(repeating: window, count: outputs)
    (crossing, probe) = (Array(repeating: 0, count: outputs), Array(repeating: 0, count: outputs))
  }
  mutating func read(_ layer: OnlineLayer) { read(layer.response, layer.firing) }
  mutating func read(_ response: LayerResponse, _ firing: SynapseMatrix.Firing) {
    middle = firing.middle
    first = window
    for c in times.indices {
      times[c] = Int(response.time[c])
      first = min(first, times[c])
      crossing[c] = response.potentialAtCrossing(c) ?? 0
      probe[c] = response.potentialAtProbe(c)
    }
  }
  var isSilent: Bool { first >= window }
  func isFirst(_ c: Int) -> Bool { times[c] == first && first < window }
  /// How many came first together.
  var firstCount: Int { isSilent ? 0 : times.count { $0 == first } }
  /// The first output; of several the one with the highest potential at that moment, then the lowest. If none fired,
  /// the highest potential at index window - 3.
  var answer: Int {
    var best = -1
    for c in times.indices where isSilent || times[c] == first {
      if best < 0 || value(c) > value(best) { best = c }
    }
    return max(0, best)
  }
  /// The same with the lowest output on a tie, as in the released program.
  var lowestAnswer: Int { isSilent ? answer : times.firstIndex(of: first) ?? 0 }
  private func value(_ c: Int) -> Double { isSilent ? probe[c] : crossing[c] }

  func verdict(_ label: Int) -> OnlineNetwork.Verdict {
    var verdict = OnlineNetwork.Verdict()
    verdict.isSilent = isSilent
    verdict.isTied = firstCount > 1
    verdict.isCorrect = answer == label
    verdict.isTiedCorrect = isSilent ? verdict.isCorrect : isFirst(label)
    verdict.firstTime = first
    return verdict
  }
}

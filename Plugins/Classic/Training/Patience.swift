internal import Compute
internal import Spiking

/// Keeps the best values of a run and says when it has waited long enough for better ones.
struct Patience {
  private let limit: Int
  private var accuracy = -1.0, waited = 0
  private(set) var best: Parameters?

  /// Nothing where no patience is asked for.
  init?(_ limit: Int?) {
    guard let limit else { return nil }
    self.limit = limit
  }
  mutating func resume(from state: TrainingState, _ layout: ParameterLayout) {
    guard let kept = state.vectors["best"], kept.count == layout.count else { return }
    accuracy = state.numbers["best.accuracy"] ?? -1
    waited = min(limit, max(0, state.numbers["waited"].flatMap { Int(exactly: $0) } ?? 0))
    var values = Parameters(zeros: layout)
    values.flat = Tensor(kept, [kept.count])
    best = values
  }
  func write(to state: inout TrainingState) {
    (state.numbers["best.accuracy"], state.numbers["waited"]) = (accuracy, Double(waited))
    state.vectors["best"] = best?.flat.values
  }
  /// Whether it is over after an epoch that ended with `parameters`.
  mutating func isExhausted(by record: EpochRecord, _ parameters: Parameters) -> Bool {
    let reached = record.validationAccuracy ?? record.accuracy ?? 0
    if reached > accuracy { (accuracy, waited, best) = (reached, 0, parameters) } else { waited += 1 }
    return waited >= limit
  }
}

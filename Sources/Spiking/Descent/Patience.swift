internal import Compute

/// Keeps the best values of a run and says when it has waited long enough for better ones.
struct Patience {
  private let limit: Int
  private var reached = -Double.infinity, waited = 0
  private(set) var best: Parameters?

  /// Nothing where no patience is asked for.
  init?(_ limit: Int?) {
    guard let limit else { return nil }
    self.limit = limit
  }
  mutating func resume(from state: TrainingState, _ layout: ParameterLayout) {
    guard let kept = state.vectors["best"], kept.count == layout.count else { return }
    reached = state.numbers["best.accuracy"] ?? -.infinity
    waited = min(limit, max(0, state.numbers["waited"].flatMap { Int(exactly: $0) } ?? 0))
    var values = Parameters(zeros: layout)
    values.flat = Tensor(kept, [kept.count])
    best = values
  }
  func write(to state: inout TrainingState) {
    (state.numbers["best.accuracy"], state.numbers["waited"]) = (reached, Double(waited))
    state.vectors["best"] = best?.flat.values
  }
  /// Whether it is over after an epoch that ended with `parameters`.
  mutating func isExhausted(by record: EpochRecord, _ parameters: Parameters) -> Bool {
    // Where nothing is right or wrong, a smaller loss is better.
    let accuracy = record.validationAccuracy ?? record.accuracy,
      loss = record.validationLoss ?? record.loss ?? .infinity
    let now = accuracy ?? -loss
    if now > reached { (reached, waited, best) = (now, 0, parameters) } else { waited += 1 }
    return waited >= limit
  }
}

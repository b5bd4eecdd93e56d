/// How near a model came to what was to be answered at every step of a sample.
public struct StepScore: Sendable, Equatable {
  /// Σ (o − y)² and Σ y², of numbers.
  public var error = 0.0, power = 0.0
  /// Right classes.
  public var right = 0
  /// Numbers, or steps that had a class.
  public var count = 0
  public init() {}
  static func + (a: StepScore, b: StepScore) -> StepScore {
    var sum = a
    (sum.error, sum.power) = (a.error + b.error, a.power + b.power)
    (sum.right, sum.count) = (a.right + b.right, a.count + b.count)
    return sum
  }
}

/// What a model made of one sample, and what it cost.
public struct Outcome: Sendable, Equatable {
  /// The one answer: on a tie the lowest class; nil where the rule gives none.
  public var answer: Int?
  public var label: Int
  /// Whether several classes came first together.
  public var isTied: Bool
  /// Whether the label is among those that came first.
  public var labelAmongFirst: Bool
  /// Whether no output spiked, where outputs spike at all.
  public var isSilent: Bool
  /// The step at which the answer was known; nil where only the whole run tells.
  public var decisionTime: Int?
  /// Spikes, or values other than 0 sent by graded layers, of the input and of every population in order.
  public var spikes: [Int]
  /// Additions at synapses that these spikes caused.
  public var synapticOperations: Int
  /// What the answer was chosen by: mean output, potential, time.
  public var scores: [Float]
  /// Where every step was to be answered.
  public var steps: StepScore?

  public init(
    answer: Int?, label: Int, isTied: Bool = false, labelAmongFirst: Bool? = nil, isSilent: Bool = false,
    decisionTime: Int? = nil, spikes: [Int] = [], synapticOperations: Int = 0, scores: [Float] = []
  ) {
    (self.answer, self.label, self.isTied, self.isSilent) = (answer, label, isTied, isSilent)
    self.labelAmongFirst = labelAmongFirst ?? (answer == label)
    (self.decisionTime, self.spikes, self.synapticOperations) = (decisionTime, spikes, synapticOperations)
    self.scores = scores
  }
  /// The outcome that the largest score decides; silence has no answer.
  public init(scores: [Float], label: Int, isSilent: Bool = false) {
    let best = scores.max() ?? 0
    let first = isSilent ? [] : scores.indices.filter { scores[$0] == best }
    self.init(
      answer: first.first, label: label, isTied: first.count > 1, labelAmongFirst: first.contains(label),
      isSilent: isSilent, scores: scores)
  }
  public var isCorrect: Bool { answer == label }
}

/// The outcomes of many samples in one row. Its names are those of a report.
public struct Evaluation: Sendable, Equatable {
  public var samples: Int, steps: Int
  /// Share of samples whose one answer is right.
  public var accuracy: Double
  /// Share of samples whose label is among those that came first; nil where nothing tied.
  public var accuracyTied: Double?
  /// Share of samples on which several classes came first.
  public var tieShare: Double
  /// Share of samples on which no output spiked.
  public var silentShare: Double
  /// Share of samples without an answer.
  public var unanswered: Double
  /// Spikes of input and populations per sample.
  public var spikesPerSample: Double
  public var synapticOperations: Double
  /// Mean step at which the answer was known, over samples where it was.
  public var meanDecisionTime: Double?
  public var loss: Double?
  /// √(Σ (o − y)² / Σ y²), where numbers were to be answered.
  public var normalisedError: Double?
  /// How an answer was chosen, in words.
  public var rule: String

  public init(_ outcomes: [Outcome], steps: Int, rule: String, loss: Double? = nil) {
    let n = Double(max(1, outcomes.count))
    func share(_ condition: (Outcome) -> Bool) -> Double { Double(outcomes.count(where: condition)) / n }
    (samples, self.steps, self.rule, self.loss) = (outcomes.count, steps, rule, loss)
    (accuracy, tieShare) = (share(\.isCorrect), share(\.isTied))
    silentShare = share(\.isSilent)
    unanswered = share { $0.answer == nil }
    accuracyTied = tieShare > 0 ? share(\.labelAmongFirst) : nil
    spikesPerSample = Double(outcomes.reduce(0) { $0 + $1.spikes.reduce(0, +) }) / n
    synapticOperations = Double(outcomes.reduce(0) { $0 + $1.synapticOperations }) / n
    let times = outcomes.compactMap(\.decisionTime)
    let scores = outcomes.compactMap(\.steps)
    if !scores.isEmpty {
      let sum = scores.reduce(StepScore(), +), count = Double(max(1, sum.count))
      if sum.power > 0 || sum.error > 0 {
        (self.loss, normalisedError) = (
          sum.error / count, (sum.error / max(sum.power, .leastNormalMagnitude)).squareRoot()
        )
      }
      (accuracy, tieShare, accuracyTied, unanswered) = (Double(sum.right) / count, 0, nil, 0)
    }
    meanDecisionTime = times.isEmpty ? nil : Double(times.reduce(0, +)) / Double(times.count)
  }
}

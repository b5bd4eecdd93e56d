internal import Spiking

/// All numbers of a training, with those left open filled in.
///
/// The defaults are those measured on MNIST where fewer than a third of the inputs spike, and those measured on
/// Fashion-MNIST above. Whole thresholds follow the number A of inputs that spike and the number H of neurons before
/// the layer: n = 25 (A/150)^0.72 for hidden layers (25 on MNIST, 50 on Fashion-MNIST; 0.35 H for A behind the first),
/// n = 8 (H/600)^0.8 for the output (8 and 12), 8 (H/600)^0.25 below 600 neurons. Binary weights that see few samples
/// in all, N below 200 000, step (200 000/N)^0.26 times as far, at most 3.3 times. Real weights of the first layer start the
/// larger the fewer inputs there are, in the same proportion, and their rates with them; those of the output do not depend on
/// the size of the hidden layer (docs/results.md). For real weights, weights and rates are given for a threshold of 100
/// and rescaled to others.
///
/// Rates of the output layer on MNIST are 0.002 (signs; tried 0.0014, 0.002, 0.003, 0.0045) and 0.08 (real weights;
/// tried 0.03, 0.05, 0.08), chosen on the last 10 000 training images after 12 epochs: better on each of three seeds than
/// 0.003 and 0.05. Runs of fewer than 200 000 samples keep the 0.003 and 0.05 that they were measured with.
struct Recipe: Sendable {
  var rule: LearningRule, gamma: Double, rates: [Double], decay: [Double], schedule: RateSchedule
  var start: [Double], positive: [Double], wake: Double, tieSlope: Double, silenceSlope: Double, clip: Double
  var order: UpdateOrder, silent: SilentRule
  /// Whole thresholds (margin rule) or scales (published rule) of binary layers.
  var thresholds: [Int], alphas: [Double], alphaRate: [Double]

  /// What the data and the network look like.
  struct Situation {
    var isBinary: Bool, inputs: Int, units: [Int], neuronThresholds: [Double]
    /// Mean number of inputs that spike.
    var activeInputs: Double
    /// Samples shown over the whole cycle.
    var shown = 1_000_000
    var isDense: Bool { activeInputs * 3 > Double(inputs) }
    var isShort: Bool { shown < 200_000 }
  }

  init(_ o: OnlineOptions, _ s: Situation) {
    let count = s.units.count, published = o.rule == .published, preset = Preset(s, published: published)
    func spread(_ given: [Double], _ preset: [Double], middle: [Double] = []) -> [Double] {
      let values = given.isEmpty ? preset : given
      return (0..<count).map { l in
        // Presets hold the first and the last layer, and those between apart; given lists go on with their last value.
        if given.isEmpty, middle.indices.contains(l - 1) { return middle[l - 1] }
        return
          given.isEmpty
          ? (l == 0 && count > 1 ? values[0] : values[values.count - 1])
          : values[min(l, values.count - 1)]
      }
    }
    (rule, gamma, order) = (o.rule, o.gamma ?? preset.gamma, o.order)
    let depth = Depth(s, published: published)
    rates = spread(o.rates, [preset.rates[0] * depth.firstRate, preset.rates[1]], middle: depth.rates)
    decay = spread(o.decay, preset.decay)
    start = spread(o.start, preset.start, middle: depth.start)
    positive = spread(o.positive, preset.positive, middle: depth.positive)
    schedule = o.schedule ?? (published ? .constant : .cosine)
    wake = o.wake ?? 0.3
    tieSlope = o.tieSlope ?? preset.tieSlope
    silenceSlope = o.silenceSlope ?? preset.silenceSlope
    clip = o.clip ?? (s.isBinary && !published ? 1 : .infinity)
    silent = o.silent ?? (s.isBinary ? .none : .pull)
    thresholds = (0..<count).map { l in
      o.thresholds.isEmpty ? Self.threshold(of: l, s) : o.thresholds[min(l, o.thresholds.count - 1)]
    }
    alphas = spread(o.alphaStart, [5, 5])
    alphaRate = spread(o.alphaRate, [0.01, 0.01])
    if !s.isBinary, !published { rescale(to: s.neuronThresholds) }
  }

  /// Weights grow with the threshold of their layer, and so do steps; errors grow with the weights they pass.
  private mutating func rescale(to thresholds: [Double]) {
    var errorScale = 1.0
    for l in rates.indices.reversed() {
      let scale = max(1e-9, thresholds[l]) / 100
      rates[l] *= scale / errorScale
      start[l] *= scale
      errorScale *= scale
    }
    let output = max(1e-9, thresholds.last ?? 100) / 100
    tieSlope /= output
    silenceSlope /= output
  }
  static func threshold(of layer: Int, _ s: Situation) -> Int {
    let before = layer == 0 ? s.activeInputs : 0.35 * Double(s.units[layer - 1])
    if layer == s.units.count - 1, layer > 0 {
      return max(1, Int(outputThreshold(hidden: s.units[layer - 1]).rounded()))
    }
    return max(1, Int((25 * power(before / 150, 0.72)).rounded()))
  }
  private static func outputThreshold(hidden: Int) -> Double {
    let ratio = Double(hidden) / 600
    return 8 * power(ratio, ratio > 1 ? 0.8 : 0.25)
  }
  /// Rate of a layer in an epoch of a cycle: η (1 + cos πe/E) / 2.
  func rate(_ layer: Int, epoch: Int, of length: Int) -> Double {
    schedule == .constant
      ? rates[layer] : rates[layer] * (1 + cosine(Double.pi * Double(epoch) / Double(max(1, length)))) / 2
  }
}

/// What changes with a second hidden layer: it begins like the first, and both learn in smaller steps, for their errors
/// are sums over many neurons.
private struct Depth {
  var firstRate = 1.0, rates: [Double] = [], start: [Double] = [], positive: [Double] = []

  init(_ s: Recipe.Situation, published: Bool) {
    guard s.units.count > 2, !published else { return }
    firstRate = s.isBinary ? 0.17 : 0.033
    for l in 1..<s.units.count - 1 {
      // As many inputs count as spikes are to be expected of the layer before.
      let share = power(150 / max(1, 0.35 * Double(s.units[l - 1])), 0.72)
      rates.append(s.isBinary ? 0.002 : 0.0005 * share)
      start.append(s.isBinary ? 1 : 4 * share)
      positive.append(0.7)
    }
  }
}

/// What settings are when they are left open.
private struct Preset {
  var gamma: Double, rates: [Double], decay: [Double], start: [Double], positive: [Double]
  var tieSlope: Double, silenceSlope: Double

  init(_ s: Recipe.Situation, published: Bool) {
    let dense = s.isDense
    (tieSlope, silenceSlope) = s.isBinary ? (0.1, 1) : (0.05, dense ? 0.4 : 0.5)
    if published {
      gamma = s.isBinary ? 1 : 3
      rates = s.isBinary ? [0.1, 0.1] : [0.2, 0.2]
      decay = s.isBinary ? [0, 0] : [1e-6, 1e-6]
      (start, positive) = ([5, 48], [1, 1])
    } else if s.isBinary {
      gamma = dense ? 30 : 20
      let haste = min(3.3, max(1, power(200_000 / Double(max(1, s.shown)), 0.26)))
      let last = s.isShort ? 0.003 : 0.002
      rates = dense ? [0.01 * haste, 0.001 * haste] : [0.03 * haste, last * haste]
      (decay, start, positive) = ([0, 0], [1, 1], [dense ? 0.8 : 0.7, 0.5])
    } else {
      gamma = dense ? 30 : 20
      let first = power(150 / max(1, s.activeInputs), 0.72)
      rates = dense ? [0.01 * first, 0.03] : [0.015 * first, s.isShort ? 0.05 : 0.08]
      decay = [dense ? 2e-3 : 1e-3, 1e-5]
      (start, positive) = ([4 * first, 8], [0.7, 0.5])
    }
  }
}

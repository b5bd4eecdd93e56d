public import Spiking

/// Pair-based spike-timing-dependent plasticity: a synapse grows where its input came before the spike of the neuron, and
/// shrinks where it came after.
///
///     Δw = A₊ e^(−Δt/τ₊) for Δt = t_post − t_pre > 0,    Δw = −A₋ e^(Δt/τ₋) for Δt < 0
///
/// All pairs count. Each side keeps a trace that jumps by 1 at a spike and fades with τ₊ or τ₋; a spike is worth the trace of
/// the other side. Spikes in the same step do not pair.
///
/// - Reference: S. Song, K. D. Miller, L. F. Abbott, Nat. Neurosci. 3, 2000, doi:10.1038/78829.
public struct PairRule: Sendable, Equatable {
  public var growth = 0.01, shrinkage = 0.012
  public var before = Time.ms(20), after = Time.ms(20)

  public init() {}
  /// Δw of one pair.
  public func change(_ lag: Time) -> Double {
    if lag.seconds > 0 { return growth * Double.exponential(-(lag / before)) }
    return lag.seconds < 0 ? -shrinkage * Double.exponential(lag / after) : 0
  }
}

/// Synapses of one neuron that learn by the rule, with their traces.
struct PlasticSynapses {
  let rule: PairRule, limit: ClosedRange<Double>
  var weights: [Double]
  private var before: [Double], after = 0.0
  private let fadeBefore: Double, fadeAfter: Double

  init(_ weights: [Double], _ rule: PairRule, limit: ClosedRange<Double>, dt: Time) {
    (self.weights, self.rule, self.limit) = (weights, rule, limit)
    before = [Double](repeating: 0, count: weights.count)
    (fadeBefore, fadeAfter) = (decay(dt / rule.before), decay(dt / rule.after))
  }
  /// One step: which inputs spiked, and whether the neuron did.
  mutating func step(inputs: [Bool], fired: Bool) {
    after *= fadeAfter
    for i in weights.indices {
      before[i] *= fadeBefore
      if inputs[i] { weights[i] -= rule.shrinkage * after }
      if fired { weights[i] += rule.growth * before[i] }
      weights[i] = min(limit.upperBound, max(limit.lowerBound, weights[i]))
    }
    if fired { after += 1 }
    for i in weights.indices where inputs[i] { before[i] += 1 }
  }
}

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The free membrane of a neuron, one that never fires, after T steps of independent inputs of rates r per step.
///
///     mean      T·Σ wᵢ rᵢ
///     variance  T·Σ wᵢ² rᵢ (Poisson),   T·Σ wᵢ² rᵢ(1 − rᵢ) (Bernoulli)
///
/// Since ‖w∘w‖₂ = ‖w‖₄², the Poisson deviation is ‖w‖₄·√(T‖r‖₂ cos φ) with φ the angle between w∘w and r.
public struct FreeMembrane: Sendable {
  public var weights: [Double], rates: [Double], steps: Double

  public init(weights: [Double], rates: [Double], steps: Int) {
    (self.weights, self.rates, self.steps) = (weights, rates, Double(steps))
  }
  private func sum(_ term: (Double, Double) -> Double) -> Double {
    zip(weights, rates).reduce(0) { $0 + term($1.0, $1.1) }
  }
  public var mean: Double { steps * sum { $0 * $1 } }
  public var variancePoisson: Double { steps * sum { $0 * $0 * $1 } }
  public var varianceBernoulli: Double { steps * sum { $0 * $0 * $1 * (1 - $1) } }
  /// ‖r‖₂
  public var rateNorm: Double { Norm.l2(rates) }
  /// cos φ, from 0 to 1; 0 where there are no weights or no rates.
  public var alignment: Double {
    let four = Norm.l4(weights), length = rateNorm
    return four > 0 && length > 0 ? sum { $0 * $0 * $1 } / (four * four * length) : 0
  }
  /// ‖w‖₄·√(T‖r‖₂ cos φ): the Poisson deviation by way of the L4 norm.
  public var deviationFromL4: Double { Norm.l4(weights) * (steps * rateNorm * alignment).squareRoot() }
  /// ‖w‖₄·√(T‖r‖₂): never exceeded; met where r is proportional to w∘w.
  public var boundPoisson: Double { Norm.l4(weights) * (steps * rateNorm).squareRoot() }
  /// ‖w‖₄·√(T‖r∘(1 − r)‖₂)
  public var boundBernoulli: Double { Norm.l4(weights) * (steps * Norm.l2(rates.map { $0 * (1 - $0) })).squareRoot() }
}

/// Running maximum and spike count of a noisy neuron.
public enum Spitzer {
  /// E[max(0, F₁, …, F_T)] for steps of mean μ and deviation σ, taken as normal:
  ///
  ///     Σ_k [ μ·Φ(μ√k/σ) + σ/√k·φ(μ√k/σ) ]
  ///
  /// by Spitzer's identity E[max] = Σ_k E[F_k⁺]/k. (F. Spitzer, Trans. Amer. Math. Soc. 82, 1956, doi:10.2307/1993051)
  public static func runningMaximum(mean: Double, deviation: Double, steps: Int) -> Double {
    guard deviation > 0 else { return max(0, mean) * Double(steps) }
    return (1...max(1, steps)).reduce(0) { sum, k in
      let root = Double(k).squareRoot(), z = mean * root / deviation
      return sum + mean * distribution(z) + deviation / root * density(z)
    }
  }
  /// E[N(T)] ≈ E[max]/θ − 1/2, never below 0: soft reset, a few spikes or more. On weights of a lattice g thresholds apart
  /// the offset is (1 − g)/2.
  public static func count(mean: Double, deviation: Double, steps: Int, lattice: Double = 0) -> Double {
    max(0, runningMaximum(mean: mean, deviation: deviation, steps: steps) - (1 - lattice) / 2)
  }
  static func distribution(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
  static func density(_ z: Double) -> Double { exp(-z * z / 2) / (2 * Double.pi).squareRoot() }
}

/// A neuron of threshold 1 with soft reset under Bernoulli inputs, worked out exactly on a lattice of potentials.
public struct LatticeNeuron: Sendable {
  /// Probability of each charge of one step, in units of the lattice.
  private var step: [Int: Double] = [0: 1]
  private let threshold: Int

  /// - Parameter unit: weights are whole multiples of it, and so is the threshold.
  public init(weights: [Double], rates: [Double], unit: Double) {
    threshold = Int((1 / unit).rounded())
    for (w, r) in zip(weights, rates) {
      let jump = Int((w / unit).rounded())
      var next: [Int: Double] = [:]
      for (charge, p) in step {
        next[charge, default: 0] += p * (1 - r)
        next[charge + jump, default: 0] += p * r
      }
      step = next
    }
  }
  private func moved(_ state: [Int: Double]) -> [Int: Double] {
    var next: [Int: Double] = [:]
    for (v, p) in state { for (charge, q) in step { next[v + charge, default: 0] += p * q } }
    return next
  }
  /// E[N(T)]: one spike a step at most, what is above stays.
  public func expectedCount(steps: Int) -> Double {
    var state = [0: 1.0], count = 0.0
    for _ in 0..<steps {
      var next: [Int: Double] = [:]
      for (v, p) in moved(state) {
        if v >= threshold { count += p }
        next[v >= threshold ? v - threshold : v, default: 0] += p
      }
      state = next
    }
    return count
  }
  /// E[max(0, F₁, …, F_T)] by Spitzer's identity.
  public func expectedMaximum(steps: Int) -> Double {
    var free = [0: 1.0], sum = 0.0
    for k in 1...max(1, steps) {
      free = moved(free)
      sum += free.reduce(0) { $0 + Double(max(0, $1.key)) * $1.value } / Double(k)
    }
    return sum / Double(threshold)
  }
  /// P(no spike in T steps).
  public func probabilitySilent(steps: Int) -> Double {
    var state = [0: 1.0]
    for _ in 0..<steps { state = moved(state).filter { $0.key < threshold } }
    return state.values.reduce(0, +)
  }
}

/// Variance of the second layer's charge after T steps.
public enum SecondLayer {
  /// T·Σᵢ G²ₖᵢ rᵢ(1 − rᵢ) with G = W₂ D W₁, D the neurons whose mean charge is positive: noise that the hidden neurons share.
  public static func sharedNoise(_ first: [[Double]], _ second: [[Double]], rates: [Double], steps: Int) -> [Double] {
    let active = first.map { row in zip(row, rates).reduce(0) { $0 + $1.0 * $1.1 } > 0 }
    return second.map { row in
      rates.indices.reduce(0.0) { sum, i in
        let gain = row.indices.reduce(0.0) { $0 + (active[$1] ? row[$1] * first[$1][i] : 0) }
        return sum + gain * gain * rates[i] * (1 - rates[i])
      } * Double(steps)
    }
  }
  /// T·Σⱼ W²ₖⱼ aⱼ(1 − aⱼ) with the activations a as rates: as if hidden spikes were independent, which they are not.
  public static func independent(_ second: [[Double]], activations: [Double], steps: Int) -> [Double] {
    second.map { row in
      zip(row, activations).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * (1 - $1.1) } * Double(steps)
    }
  }
}

/// How many steps suffice for the class of the network of numbers.
public enum Guarantee {
  /// The first whole number above max over c ≠ k of Σⱼ (Wₖⱼ − W_cⱼ)⁺ / (zₖ − z_c), for constant analog input, soft reset, V(0) = 0, one hidden layer
  /// with activations of at most 1 and read-out by charge: hidden counts obey 0 ≤ a − N/T < 1/T. Nil for a tie.
  public static func steps(outputWeights: [[Double]], outputs: [Double]) -> Int? {
    guard let k = outputs.indices.max(by: { outputs[$0] < outputs[$1] }) else { return nil }
    var most = 0.0
    for c in outputs.indices where c != k {
      let lead = outputs[k] - outputs[c]
      guard lead > 0 else { return nil }
      most = max(most, zip(outputWeights[k], outputWeights[c]).reduce(0) { $0 + max(0, $1.0 - $1.1) } / lead)
    }
    // A ratio that is whole up to rounding counts as whole.
    return Int((most + 1e-9 * max(1, most)).rounded(.down)) + 1
  }
  /// Steps for an error probability of 1 − Φ(q) between two classes of one layer with Bernoulli input:
  /// q²·Σ dᵢ² rᵢ(1 − rᵢ) / (d·r)², d the difference of their weights. Infinite where the means do not differ.
  public static func steps(difference: [Double], rates: [Double], quantile: Double) -> Double {
    let membrane = FreeMembrane(weights: difference, rates: rates, steps: 1)
    return membrane.mean == 0
      ? .infinity : quantile * quantile * membrane.varianceBernoulli / (membrane.mean * membrane.mean)
  }
}

/// Agreement of two lists of numbers.
public enum Agreement {
  /// Pearson's r; 0 where one of the lists does not vary.
  public static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    let n = Double(max(1, x.count)), mx = x.reduce(0, +) / n, my = y.reduce(0, +) / n
    var xy = 0.0, xx = 0.0, yy = 0.0
    for (a, b) in zip(x, y) {
      xy += (a - mx) * (b - my)
      xx += (a - mx) * (a - mx)
      yy += (b - my) * (b - my)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
  }
  /// R² = 1 − Σ(y − ŷ)²/Σ(y − ȳ)²; 0 where y does not vary.
  public static func determination(_ y: [Double], predicted: [Double]) -> Double {
    let mean = y.reduce(0, +) / Double(max(1, y.count))
    let total = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let rest = zip(y, predicted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return total > 0 ? 1 - rest / total : 0
  }
  /// The factor c that makes c·x closest to y.
  public static func factor(_ y: [Double], _ x: [Double]) -> Double {
    let xx = x.reduce(0) { $0 + $1 * $1 }
    return xx > 0 ? zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / xx : 0
  }
}

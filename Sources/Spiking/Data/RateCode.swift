public import Compute

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// How a value between 0 and 1 becomes spikes whose rate follows it.
///
/// With the peak rate ρ (spikes per step, above 0 and at most 1) a value x has p = ρ·x:
///
///     bernoulli   one spike with probability p in every step        mean p, variance p(1 − p)
///     poisson     a Poisson number of spikes in every step          mean p, variance p
///     regular     c ← c + p; a spike when c ≥ 1, then c ← c − 1     ⌊t·p + phase⌋ spikes after t steps
///     analog      the value p itself in every step                  no variance
///
/// What published work calls a Poisson code is mostly the Bernoulli one. (P. U. Diehl et al., IJCNN 2015,
/// doi:10.1109/IJCNN.2015.7280696)
public struct RateCode: Sendable, Hashable {
  public enum Kind: String, Choice { case bernoulli, poisson, regular, analog }
  public var kind: Kind
  /// ρ, spikes per step of a value of 1.
  public var peak: Double

  public init(_ kind: Kind, peak: Double = 1) { (self.kind, self.peak) = (kind, peak) }

  /// ρ·x, in single precision: what is compared with the random number.
  @inlinable public func rate(_ value: Float) -> Float { Float(peak) * value }
  /// Variance of what one step sends for a rate p.
  public func variance(_ rate: Double) -> Double {
    switch kind {
    case .bernoulli: rate * (1 - rate)
    case .poisson: rate
    case .regular, .analog: 0
    }
  }
  /// Whether a uniform number u in [0, 1) makes a spike: u < p, so 0 never spikes and 1 always does.
  @inlinable public static func fires(_ uniform: Float, _ rate: Float) -> Bool { uniform < rate }
  /// The smallest k with u below the distribution function of a Poisson number of mean `rate` at k.
  public static func poisson(_ uniform: Double, _ rate: Double) -> Int {
    var term = exp(-rate), sum = term, k = 0
    // The sum ends just below 1 in floating point; no rate here needs as many terms.
    while uniform >= sum, k < 64 {
      k += 1
      term *= rate / Double(k)
      sum += term
    }
    return k
  }
  /// Spikes of the regular code in step t, counted from 0: ⌊(t+1)·p + phase⌋ − ⌊t·p + phase⌋.
  public static func regular(_ rate: Float, phase: Double = 0, step: Int) -> Int {
    let p = Double(rate)
    return Int((Double(step + 1) * p + phase).rounded(.down) - (Double(step) * p + phase).rounded(.down))
  }

  /// Spikes of input `i` of `n` in step `step`; counters of `random` belong to (step, input), and 0 draws nothing.
  public func spikes(_ value: Float, step: Int, input i: Int, of n: Int, random: RandomStream) -> Int {
    guard value > 0 else { return 0 }
    let p = rate(value), counter = step * n + i
    return switch kind {
    case .bernoulli: Self.fires(random.uniform(counter), p) ? 1 : 0
    case .poisson: Self.poisson(random.uniformDouble(counter), Double(p))
    case .regular: Self.regular(p, step: step)
    case .analog: 0
    }
  }
}

/// Capability: takes values of a range only; others are refused before a run.
public protocol BoundedEncoder: Encoder {
  var bounds: ClosedRange<Float> { get }
}
/// A value that an encoder cannot take.
public struct ValueProblem: Error, Sendable, Equatable {
  public var part: Part, sample: Int, index: Int, value: Float
}
extension Dataset {
  /// The first value outside of `bounds` or not a number, if there is one.
  public func firstValue(outside bounds: ClosedRange<Float>) -> ValueProblem? {
    for part in Part.allCases {
      guard let view = self[part] else { continue }
      if case .bytes = view.bank.values, bounds.lowerBound <= 0, bounds.upperBound >= 1 { continue }
      for sample in 0..<view.count {
        for (index, value) in view.sample(sample).enumerated() where !bounds.contains(value) {
          return ValueProblem(part: part, sample: sample, index: index, value: value)
        }
      }
    }
    return nil
  }
}
extension ValueProblem {
  /// "value -0.1 at index 1 of sample 0 of the test part"
  public var text: String {
    "value \(value) at index \(index) of sample \(sample) of the \(part.rawValue) part"
  }
  /// What to do about it.
  public var remedy: String {
    value.isFinite
      ? "scale the values to 0…1, or show positive and negative parts as two channels" : "leave the sample out"
  }
}

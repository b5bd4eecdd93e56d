internal import Compute
internal import HybridLMUKernels
public import Spiking

/// How an activation a becomes a whole number n of quanta, ω of them in a unit:
///
///     diffusing: s = v + ω·a, n = ⌊s⌋, v = s − n     nearest: n = ⌊ω·a + ½⌋
///     stochastic: |n| = ⌊ω·|a|⌋, plus 1 with the probability of the rest     poisson: |n| ~ Poisson(ω·|a|)
public enum Rounding: String, Choice {
  case diffusing, nearest, stochastic, poisson

  /// Whether it draws random numbers.
  var isRandom: Bool { self == .stochastic || self == .poisson }
}
/// Where the rounding error v begins.
public enum ErrorStart: String, Choice { case half, random, zero }

/// A quantiser of many values, with what it needs to know of each: its error, and random numbers of its own.
struct Quantiser: Sendable {
  var omega: Double, rounding: Rounding, start: ErrorStart

  /// From here on a float has no digits left for the fraction, and the activation itself is sent.
  static let infinite = 1e6
  var isExact: Bool { omega >= Self.infinite }
  /// Whether the error is a state.
  var hasState: Bool { !isExact && rounding == .diffusing }

  /// The error of value `i` before the first step. Counters below 0 are not those of any step.
  func error(_ random: RandomStream, _ i: Int) -> Float {
    switch start {
    case .half: 0.5
    case .zero: 0
    case .random: random.uniform(-1 - i)
    }
  }
  /// Rows of `width` values into rows of what is sent; row r draws from `streams`(r) at counters from step · width on.
  func send(
    _ a: lmu_rows, rows: Int, width: Int, errors: lmu_rows, into y: lmu_rows, step: Int,
    streams: (_ row: Int) -> RandomStream
  ) {
    let omega = Float(self.omega)
    guard !isExact, rounding.isRandom else {
      let rule = isExact ? LMU_EXACT : rounding == .diffusing ? LMU_DIFFUSING : LMU_NEAREST
      return lmu_quantise(Int32(rule), omega, rows, width, a, errors, y)
    }
    let rule = Int32(rounding == .stochastic ? LMU_STOCHASTIC : LMU_POISSON)
    for r in 0..<rows {
      lmu_draw(
        rule, omega, width, a.base + r * a.stride, y.base + r * y.stride, streams(r).seed, Int64(step * width))
    }
  }
}

/// The diffusing quantiser of one value in double precision.
struct ErrorDiffusion {
  var omega: Double, error: Double
  /// The number of quanta that an activation sends; the error is carried on.
  mutating func quanta(_ a: Double) -> Double {
    let scaled = omega * a, sum = error + scaled, n = sum.rounded(.down)
    error = sum - n
    return n
  }
}

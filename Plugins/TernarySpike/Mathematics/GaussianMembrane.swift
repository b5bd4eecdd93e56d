#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Spikes of a neuron whose membrane is normally distributed, m ~ N(0, σ²), with the threshold θ.
///
/// With z = θ/σ, φ the density and Q the upper tail of the standard normal distribution.
struct GaussianMembrane {
  let deviation: Double, threshold: Double, isTernary: Bool
  private var z: Double { threshold / deviation }
  /// Q(z)
  private var tail: Double { erfc(z / 2.0.squareRoot()) / 2 }
  /// φ(z)
  private var density: Double { exp(-z * z / 2) / (2 * Double.pi).squareRoot() }

  /// Spikes per step: Q(z), twice that where both signs are sent.
  var rate: Double { (isTernary ? 2 : 1) * tail }
  var bits: Double { isTernary ? Entropy.ternary(rate: rate) : Entropy.binary(rate: rate) }
  /// The height with the smallest error, a* = E[|m| given a spike] = σ·φ(z)/Q(z).
  var bestAmplitude: Double { tail > 0 ? deviation * density / tail : threshold }
  /// E[(m − a·b)²]/σ² = 1 − 2a·E[m·b]/σ² + a²·rate/σ²
  func error(amplitude a: Double) -> Double {
    let together = (isTernary ? 2 : 1) * deviation * density
    return 1 - (2 * a * together - a * a * rate) / (deviation * deviation)
  }
}

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Bits that spikes carry.
enum Entropy {
  /// H = −Σ p log₂ p
  static func bits(_ shares: [Double]) -> Double {
    shares.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 }
  }
  /// H₂(r)
  static func binary(rate: Double) -> Double { bits([rate, 1 - rate]) }
  /// Of spikes whose share `positive` is positive; half of them unless told otherwise: H₂(r) + r.
  static func ternary(rate: Double, positive: Double = 0.5) -> Double {
    bits([rate * positive, rate * (1 - positive), 1 - rate])
  }
  /// log₂ of the number of symbols: reached where all are equally frequent.
  static func capacity(symbols: Int) -> Double { log2(Double(symbols)) }
}

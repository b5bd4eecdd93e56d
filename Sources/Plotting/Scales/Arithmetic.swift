#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension Double {
  /// Whether a value can have a place in a drawing: finite, and so small that differences stay finite.
  var isDrawable: Bool { isFinite && magnitude < 1e100 }

  /// The logarithm to base ten.
  var logarithm: Double { log10(self) }

  /// Ten to the power of an exponent.
  static func tenTo(_ exponent: Double) -> Double { pow(10, exponent) }

  /// Ten to the power of a whole exponent; correctly rounded where the standard library is.
  static func tenTo(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

  /// Cosine and sine of an angle in degrees.
  static func direction(degrees: Double) -> (x: Double, y: Double) {
    let angle = degrees * .pi / 180
    return (cos(angle), sin(angle))
  }

  /// The nearest whole number within limits.
  func rounded(in limits: ClosedRange<Int>) -> Int {
    guard isFinite else { return limits.lowerBound }
    return Int(max(Double(limits.lowerBound), min(Double(limits.upperBound), rounded())))
  }
}

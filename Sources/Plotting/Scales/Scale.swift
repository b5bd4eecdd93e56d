/// The map from values to the fraction of an axis, 0 at its lower or left end.
struct Scale: Equatable, Sendable {
  let range: ClosedRange<Double>
  let isLogarithmic: Bool
  let isReversed: Bool

  /// Creates a scale; a range that is empty or not usable is widened.
  init(_ range: ClosedRange<Double>, logarithmic: Bool = false, reversed: Bool = false) {
    self.range = logarithmic ? Self.usableLogarithmic(range) : Self.usable(range)
    isLogarithmic = logarithmic
    isReversed = reversed
  }

  /// Whether a value has a place on an axis of this kind.
  func accepts(_ value: Double) -> Bool { value.isDrawable && (!isLogarithmic || value > 0) }

  /// The place of a value; outside 0…1 when the value is outside the range.
  func fraction(_ value: Double) -> Double {
    let position =
      isLogarithmic
      ? (value.logarithm - range.lowerBound.logarithm) / (range.upperBound.logarithm - range.lowerBound.logarithm)
      : (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return isReversed ? 1 - position : position
  }

  /// The value at a fraction of the axis.
  func value(at fraction: Double) -> Double {
    let position = isReversed ? 1 - fraction : fraction
    guard isLogarithmic else { return range.lowerBound + position * (range.upperBound - range.lowerBound) }
    let (low, high) = (range.lowerBound.logarithm, range.upperBound.logarithm)
    return .tenTo(low + position * (high - low))
  }

  private static func usable(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let (low, high) = (range.lowerBound, range.upperBound)
    guard low.isDrawable, high.isDrawable else { return 0...1 }
    let magnitude = max(low.magnitude, high.magnitude)
    guard high - low <= 1e-12 * magnitude || high - low < 1e-290 else { return range }
    let half = magnitude < 1e-280 ? 0.5 : magnitude * 0.1
    return low - half...high + half
  }

  private static func usableLogarithmic(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let (low, high) = (range.lowerBound, range.upperBound)
    guard low.isDrawable, high.isDrawable, high > 0 else { return 1...10 }
    let lower = low > 1e-290 ? low : high / 1000
    guard lower > 1e-290 else { return 1...10 }
    return high / lower > 1 + 1e-9 ? lower...high : lower / 2...high * 2
  }
}

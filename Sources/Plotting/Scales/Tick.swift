/// A place on an axis with its text; a minor tick has no text.
struct Tick: Equatable, Sendable {
  var value: Double
  var label: String

  var isMinor: Bool { label.isEmpty }
}

/// Steps of 1, 2 or 5 times a power of ten, and the texts of their multiples.
struct TickStep: Equatable {
  /// 1, 2 or 5.
  var mantissa: Int
  var exponent: Int

  var size: Double { Double(mantissa) * .tenTo(exponent) }

  /// The smallest step of which at most `count` fit in `span`.
  init(span: Double, atMost count: Int, wholeNumbers: Bool = false) {
    let least = span / Double(max(1, count))
    exponent = Int(least.logarithm.rounded(.down))
    mantissa = 10
    for candidate in [1, 2, 5] where Double(candidate) * .tenTo(exponent) >= least * (1 - 1e-9) {
      mantissa = candidate
      break
    }
    if mantissa == 10 { (mantissa, exponent) = (1, exponent + 1) }
    if wholeNumbers, exponent < 0 { (mantissa, exponent) = (1, 0) }
  }

  /// The multiples of the step inside a range.
  func multiples(in range: ClosedRange<Double>) -> [Double] {
    let slack = 1e-9 * (range.upperBound - range.lowerBound) / size
    let first = (range.lowerBound / size - slack).rounded(.up)
    let last = (range.upperBound / size + slack).rounded(.down)
    guard first <= last, last - first < 1000 else { return [] }
    return (0...Int(last - first)).map { value(first + Double($0)) }
  }

  /// The multiple itself, with no rounding error from a step below one.
  private func value(_ index: Double) -> Double {
    let multiple = index * Double(mantissa)
    return exponent < 0 ? multiple / .tenTo(-exponent) : multiple * .tenTo(exponent)
  }
}

/// The texts of evenly spaced values: one count of decimals, one suffix or power of ten for all.
struct TickLabels {
  var step: TickStep
  var largest: Double

  func label(_ value: Double) -> String {
    if largest >= 1e21 || largest < 1e-3 { return scientific(value) }
    guard largest >= 1e6 else { return NumberText.fixed(value, decimals: -step.exponent) }
    let exponent = Int(largest.logarithm.rounded(.down)) / 3 * 3
    let suffix = ["k", "M", "G", "T", "P", "E"][exponent / 3 - 1]
    guard value != 0 else { return "0" }
    return NumberText.fixed(value / .tenTo(exponent), decimals: exponent - step.exponent) + suffix
  }

  private func scientific(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let exponent = Int(largest.logarithm.rounded(.down))
    let mantissa = NumberText.fixed(value / .tenTo(exponent), decimals: exponent - step.exponent)
    return "\(mantissa)×10\(NumberText.superscript(exponent))"
  }
}

/// A number with its dimension, in base units (s, V, A).
public struct Quantity: Sendable, Hashable {
  public var value: Double, dimension: Dimension

  public init(_ value: Double, _ dimension: Dimension = .none) {
    (self.value, self.dimension) = (value, dimension)
  }
  public init(_ value: Double, _ unit: Unit) {
    // Dividing by the inverse keeps 20ms equal to the literal 0.02.
    let scaled = unit.factor < 1 ? value / (1 / unit.factor).rounded() : value * unit.factor
    self.init(scaled, unit.dimension)
  }

  /// The quantity in the unit that keeps its number between 1 and 1000, with `digits` significant digits.
  public func written(digits: Int = 6) -> String {
    guard dimension != .none else { return Self.decimal(value, digits: digits) }
    guard value.isFinite, let unit = displayUnit else {
      return Self.decimal(value, digits: digits) + dimension.symbol
    }
    return Self.decimal(value / unit.factor, digits: digits) + unit.symbol
  }
  private var displayUnit: Unit? {
    let units = Unit.all.filter { $0.dimension == dimension && !["µs", "μs", "min"].contains($0.symbol) }
      .sorted { $0.factor < $1.factor }
    guard value != 0 else { return Unit.usual(for: dimension) }
    return units.last { abs(value) >= $0.factor * (1 - 1e-9) } ?? units.first
  }
  /// A number as people write it: no trailing zeros, an exponent only for very large or small ones.
  public static func decimal(_ x: Double, digits: Int = 6) -> String {
    if x.isNaN { return "nan" }
    if x.isInfinite { return x < 0 ? "-inf" : "inf" }
    if x == 0 { return "0" }
    if x == x.rounded(), abs(x) < 1e15, abs(x) < Self.power(10, max(digits, 9)) { return String(Int64(x)) }
    var exponent = Int(Self.log10Floor(abs(x)))
    var scaled = (abs(x) * Self.power(10, digits - 1 - exponent)).rounded()
    if scaled >= Self.power(10, digits) {
      exponent += 1
      scaled = (abs(x) * Self.power(10, digits - 1 - exponent)).rounded()
    }
    var figures = String(UInt64(scaled))
    while figures.hasSuffix("0"), figures.count > 1 { figures.removeLast() }
    let sign = x < 0 ? "-" : ""
    switch exponent {
    case 0..<max(digits, 9):
      let whole = exponent + 1
      if figures.count <= whole { return sign + figures + String(repeating: "0", count: whole - figures.count) }
      return sign + figures.prefix(whole) + "." + figures.dropFirst(whole)
    case -4..<0:
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + figures
    default:
      let mantissa = figures.count == 1 ? figures : figures.prefix(1) + "." + figures.dropFirst(1)
      return sign + mantissa + "e" + String(exponent)
    }
  }
  static func power(_ base: Double, _ n: Int) -> Double {
    var result = 1.0
    for _ in 0..<abs(n) { result *= base }
    return n < 0 ? 1 / result : result
  }
  private static func log10Floor(_ x: Double) -> Int {
    var exponent = 0, y = x
    while y >= 10 {
      y /= 10
      exponent += 1
    }
    while y < 1 {
      y *= 10
      exponent -= 1
    }
    return exponent
  }
}

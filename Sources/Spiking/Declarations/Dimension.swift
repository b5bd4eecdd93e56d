/// A physical dimension as whole powers of second, volt and ampere.
public struct Dimension: Sendable, Hashable {
  public var second: Int, volt: Int, ampere: Int

  /// Makes the dimension s^second · V^volt · A^ampere.
  public init(second: Int = 0, volt: Int = 0, ampere: Int = 0) {
    (self.second, self.volt, self.ampere) = (second, volt, ampere)
  }

  public static let none = Dimension()
  public static let time = Dimension(second: 1)
  public static let frequency = Dimension(second: -1)
  public static let voltage = Dimension(volt: 1)
  public static let current = Dimension(ampere: 1)
  public static let conductance = Dimension(volt: -1, ampere: 1)
  public static let resistance = Dimension(volt: 1, ampere: -1)
  public static let capacitance = Dimension(second: 1, volt: -1, ampere: 1)
  public static let energy = Dimension(second: 1, volt: 1, ampere: 1)

  public static func * (a: Dimension, b: Dimension) -> Dimension {
    Dimension(second: a.second &+ b.second, volt: a.volt &+ b.volt, ampere: a.ampere &+ b.ampere)
  }
  public static func / (a: Dimension, b: Dimension) -> Dimension {
    Dimension(second: a.second &- b.second, volt: a.volt &- b.volt, ampere: a.ampere &- b.ampere)
  }
  /// The dimension of the n-th power.
  public func power(_ n: Int) -> Dimension { Dimension(second: second &* n, volt: volt &* n, ampere: ampere &* n) }
  /// The dimension of the square root, or nil where an exponent is odd.
  public var squareRoot: Dimension? {
    guard second % 2 == 0, volt % 2 == 0, ampere % 2 == 0 else { return nil }
    return Dimension(second: second / 2, volt: volt / 2, ampere: ampere / 2)
  }

  /// What a person calls it: "a time", "a frequency", "a number", or its units.
  public var noun: String {
    switch self {
    case .none: "a plain number"
    case .time: "a time"
    case .frequency: "a frequency"
    case .voltage: "a voltage"
    case .current: "a current"
    case .conductance: "a conductance"
    case .resistance: "a resistance"
    case .capacitance: "a capacitance"
    case .energy: "an energy"
    default: "a quantity in \(symbol)"
    }
  }
  /// The dimension in base units: "s", "s⁻¹", "V·A".
  public var symbol: String {
    let parts = [("s", second), ("V", volt), ("A", ampere)].filter { $0.1 != 0 }
    return parts.map { $0.1 == 1 ? $0.0 : $0.0 + Self.superscript($0.1) }.joined(separator: "·")
  }
  private static func superscript(_ n: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return (n < 0 ? "⁻" : "") + String(String(n.magnitude).compactMap { $0.wholeNumberValue.map { digits[$0] } })
  }
}

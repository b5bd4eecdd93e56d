/// A unit that may stand behind a number: its spelling, its dimension and its size in base units.
public struct Unit: Sendable, Hashable {
  public let symbol: String, dimension: Dimension, factor: Double

  /// Every unit of the language, the ones used for display first within their dimension.
  public static let all: [Unit] = [
    Unit("ms", .time, 1e-3), Unit("s", .time, 1), Unit("us", .time, 1e-6), Unit("µs", .time, 1e-6),
    Unit("μs", .time, 1e-6), Unit("min", .time, 60),
    Unit("Hz", .frequency, 1), Unit("kHz", .frequency, 1e3),
    Unit("mV", .voltage, 1e-3), Unit("V", .voltage, 1),
    Unit("nA", .current, 1e-9), Unit("pA", .current, 1e-12), Unit("uA", .current, 1e-6), Unit("mA", .current, 1e-3),
    Unit("nS", .conductance, 1e-9), Unit("uS", .conductance, 1e-6), Unit("mS", .conductance, 1e-3),
    Unit("MOhm", .resistance, 1e6), Unit("kOhm", .resistance, 1e3),
    Unit("pF", .capacitance, 1e-12), Unit("nF", .capacitance, 1e-9), Unit("uF", .capacitance, 1e-6),
    Unit("pJ", .energy, 1e-12), Unit("nJ", .energy, 1e-9), Unit("uJ", .energy, 1e-6), Unit("mJ", .energy, 1e-3),
    Unit("J", .energy, 1),
    Unit("%", .none, 0.01),
  ]
  private static let bySymbol = Dictionary(uniqueKeysWithValues: all.map { ($0.symbol, $0) })

  private init(_ symbol: String, _ dimension: Dimension, _ factor: Double) {
    (self.symbol, self.dimension, self.factor) = (symbol, dimension, factor)
  }
  /// The unit of that spelling.
  public init?(_ symbol: String) {
    guard let unit = Self.bySymbol[symbol] else { return nil }
    self = unit
  }
  /// The unit in which a diagnostic suggests to write a quantity of `dimension`.
  public static func usual(for dimension: Dimension) -> Unit? {
    all.first { $0.dimension == dimension && $0.symbol != "%" }
  }
}

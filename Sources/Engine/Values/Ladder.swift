public import Spiking

/// A range with its step: `0..4 by 0.5`, both ends included.
public struct Ladder: Sendable, Hashable {
  public var first: Double, last: Double, step: Double, dimension: Dimension

  /// No range or list is longer.
  public static let limit = 10_000_000

  public init(first: Double, last: Double, step: Double, dimension: Dimension = .none) {
    (self.first, self.last, self.step, self.dimension) = (first, last, step, dimension)
  }
  /// How many numbers it stands for; rounding of the step does not lose the last.
  public var count: Int {
    let n = (last - first) / step
    guard n.isFinite, n >= -1e-9 else { return 0 }
    return Int(min((n * (1 + 1e-12) + 1e-9).rounded(.down), 1e15)) + 1
  }
  public var values: [Double] { (0..<count).map { first + Double($0) * step } }
  /// The number at a place, counted from 0.
  public func quantity(_ place: Int) -> Quantity { Quantity(first + Double(place) * step, dimension) }
  public var quantities: [Quantity] { values.map { Quantity($0, dimension) } }
  public var written: String {
    let ends = [first, last].map { Quantity($0, dimension).written() }.joined(separator: "..")
    return step == 1 && dimension == .none ? ends : ends + " by " + Quantity(step, dimension).written()
  }
}

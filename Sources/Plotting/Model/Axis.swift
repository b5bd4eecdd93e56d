/// What one direction of a panel means.
public struct Axis: Equatable, Sendable {
  /// How values are spread along the axis.
  public enum Scale: Hashable, Sendable {
    case linear
    /// Equal ratios have equal lengths; values of zero and below are not drawn.
    case logarithmic
  }

  /// The quantity, as in `time`.
  public var label: String
  /// The unit, as in `ms`; empty for a bare number.
  public var unit: String
  public var scale: Scale
  /// The values at both ends; taken from the data when absent.
  public var range: ClosedRange<Double>?
  /// Names for the positions 0, 1, 2 …, shown instead of numbers.
  public var categories: [String]
  /// Whether only whole numbers are meaningful, as for epochs.
  public var wholeNumbers: Bool
  /// Whether values grow to the left or downwards.
  public var reversed: Bool

  public init(
    _ label: String = "", unit: String = "", scale: Scale = .linear, range: ClosedRange<Double>? = nil,
    categories: [String] = [], wholeNumbers: Bool = false, reversed: Bool = false
  ) {
    self.label = label
    self.unit = unit
    self.scale = scale
    self.range = range
    self.categories = categories
    self.wholeNumbers = wholeNumbers
    self.reversed = reversed
  }

  /// The label with its unit, as in `time (ms)`.
  public var title: String {
    if unit.isEmpty { return label }
    return label.isEmpty ? unit : "\(label) (\(unit))"
  }
}

/// Bars over the positions 0, 1, 2 …, which the categories of the x axis name.
public struct Bars: Equatable, Sendable {
  /// Bars of one colour, one per position.
  public struct Group: Equatable, Sendable {
    public var values: [Double]
    public var label: String
    /// The half width of an error bar on each bar; empty for none.
    public var errors: [Double]
    public var tint: Tint

    public init(values: [Double], label: String = "", errors: [Double] = [], tint: Tint = .automatic) {
      self.values = values
      self.label = label
      self.errors = errors
      self.tint = tint
    }
  }

  /// Groups stand side by side at each position.
  public var groups: [Group]

  public init(_ groups: [Group]) {
    self.groups = groups
  }
}

/// Counts over intervals.
public struct Histogram: Equatable, Sendable {
  /// A bar apart from the intervals, for what has no place on the axis, as neurons that never spike.
  public struct Extra: Equatable, Sendable {
    public var label: String
    public var count: Double

    public init(_ label: String, count: Double) {
      self.label = label
      self.count = count
    }
  }

  /// The borders of the intervals, one more than there are counts.
  public var edges: [Double]
  public var counts: [Double]
  public var label: String
  public var extra: Extra?
  public var tint: Tint

  public init(
    edges: [Double], counts: [Double], label: String = "", extra: Extra? = nil, tint: Tint = .automatic
  ) {
    self.edges = edges
    self.counts = counts
    self.label = label
    self.extra = extra
    self.tint = tint
  }

  /// Sorts values into intervals of equal width.
  ///
  /// Values that are not finite are left out; values outside `range` count in the nearest interval.
  public init(of values: [Double], bins: Int, in range: ClosedRange<Double>? = nil, label: String = "") {
    let finite = values.filter(\.isDrawable)
    let bins = max(1, bins)
    var lower = range?.lowerBound ?? finite.min() ?? 0
    var upper = range?.upperBound ?? finite.max() ?? 1
    if !(upper > lower) { (lower, upper) = (lower - 0.5, lower + 0.5) }
    let width = (upper - lower) / Double(bins)
    var counts = [Double](repeating: 0, count: bins)
    for value in finite {
      let position = ((value - lower) / width).rounded(.down)
      counts[Int(max(0, min(Double(bins - 1), position)))] += 1
    }
    self.init(edges: (0...bins).map { lower + Double($0) * width }, counts: counts, label: label)
  }
}

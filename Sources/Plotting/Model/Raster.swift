/// Spikes of many neurons over time: one tick per spike.
public struct Raster: Equatable, Sendable {
  /// Spikes of one colour: a layer, or one sign.
  public struct Group: Equatable, Sendable {
    public var times: [Double]
    /// The row of each spike; fractions are allowed.
    public var rows: [Double]
    public var label: String
    public var tint: Tint

    public init(times: [Double], rows: [Double], label: String = "", tint: Tint = .automatic) {
      self.times = times
      self.rows = rows
      self.label = label
      self.tint = tint
    }

    var count: Int { min(times.count, rows.count) }
  }

  public var groups: [Group]
  /// The number of rows, spiking or not; taken from the data when absent.
  public var rowCount: Int?

  public init(_ groups: [Group], rowCount: Int? = nil) {
    self.groups = groups
    self.rowCount = rowCount
  }
}

/// Spikes of one neuron, drawn as strokes above its membrane potential.
public struct Spikes: Equatable, Sendable {
  public var times: [Double]
  /// The y at which strokes begin, usually the threshold; near the upper end of the panel when absent.
  public var base: Double?
  public var label: String
  public var tint: Tint

  public init(times: [Double], base: Double? = nil, label: String = "", tint: Tint = .palette(1)) {
    self.times = times
    self.base = base
    self.label = label
    self.tint = tint
  }
}

/// Points with an x and a y, joined or not.
public struct Series: Equatable, Sendable {
  /// What lies between two points.
  public enum Connection: Hashable, Sendable {
    case straight
    /// The value holds until the next x.
    case steps
    case none
  }

  /// The shape of a point.
  public enum Marker: Hashable, Sendable, CaseIterable {
    case circle, square, diamond, triangle, cross
  }

  public var x: [Double]
  public var y: [Double]
  /// The name in the legend; empty for none.
  public var label: String
  /// The half width of an error bar at each point; empty for none.
  public var errors: [Double]
  public var connection: Connection
  public var style: LineStyle
  public var marker: Marker?
  public var tint: Tint

  public init(
    x: [Double], y: [Double], label: String = "", errors: [Double] = [], connection: Connection = .straight,
    style: LineStyle = .solid, marker: Marker? = nil, tint: Tint = .automatic
  ) {
    self.x = x
    self.y = y
    self.label = label
    self.errors = errors
    self.connection = connection
    self.style = style
    self.marker = marker
    self.tint = tint
  }

  /// The number of points that have both coordinates.
  var count: Int { min(x.count, y.count) }
}

/// How a line is interrupted.
public enum LineStyle: Hashable, Sendable {
  case solid, dashed, dotted
}

/// Which colour a mark has.
public enum Tint: Hashable, Sendable {
  /// The next colour of the palette that no other mark of the panel has.
  case automatic
  /// A colour of the palette, counted from 0; larger numbers start again.
  case palette(Int)
  /// The dark grey of axes and rules.
  case ink
  /// A light grey, for what is only background.
  case muted
}

/// A straight line across the panel, with a label beside it.
public struct Rule: Equatable, Sendable {
  public enum Direction: Hashable, Sendable {
    case horizontal, vertical
  }

  public var direction: Direction
  /// The y of a horizontal, the x of a vertical rule.
  public var value: Double
  public var label: String
  public var style: LineStyle
  public var tint: Tint

  public init(
    _ direction: Direction, at value: Double, label: String = "", style: LineStyle = .dashed, tint: Tint = .ink
  ) {
    self.direction = direction
    self.value = value
    self.label = label
    self.style = style
    self.tint = tint
  }
}

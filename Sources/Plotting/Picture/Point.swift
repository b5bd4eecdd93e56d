/// A place; in pictures the origin is the upper left corner and y grows downwards.
struct Point: Hashable, Sendable {
  var x: Double
  var y: Double
}

/// An upright rectangle.
struct Rectangle: Hashable, Sendable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
  var middle: Point { Point(x: x + width / 2, y: y + height / 2) }

  /// The rectangle without margins; never smaller than a point.
  func inset(left: Double = 0, top: Double = 0, right: Double = 0, bottom: Double = 0) -> Rectangle {
    Rectangle(
      x: x + left, y: y + top, width: max(1, width - left - right), height: max(1, height - top - bottom))
  }

  /// The place of a point given in fractions from the lower left corner.
  func place(_ point: UnitPoint) -> Point {
    Point(x: x + point.x * width, y: bottom - point.y * height)
  }
}

/// Pixels, and the two ways to colour them: strokes through a coverage mask, and rectangles.
///
/// A stroke first marks in the mask how much of each pixel it covers, keeping the maximum where its parts meet, and
/// then colours all of them at once, so that joins and crossings do not darken. Coverage has 16 levels, which keeps
/// most pictures within a palette of 256 colours.
struct Canvas {
  let width: Int
  let height: Int
  /// Red, green and blue, row by row from the top.
  private(set) var pixels: [UInt8]
  /// The part that can be coloured, in pixels.
  private var clip: (left: Int, top: Int, right: Int, bottom: Int)
  private var mask: [UInt8]
  private var touched: (left: Int, top: Int, right: Int, bottom: Int)

  static let levels = 16.0

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: 255, count: 3 * width * height)
    mask = [UInt8](repeating: 0, count: width * height)
    clip = (0, 0, width, height)
    touched = (width, height, 0, 0)
  }

  /// Lets only a rectangle be coloured, or everything.
  mutating func setClip(_ rectangle: Rectangle?) {
    guard let rectangle else {
      clip = (0, 0, width, height)
      return
    }
    clip = (
      rectangle.x.rounded(in: 0...width), rectangle.y.rounded(in: 0...height),
      rectangle.right.rounded(in: 0...width), rectangle.bottom.rounded(in: 0...height)
    )
  }

  /// Colours what the mask covers and clears it.
  mutating func paint(_ colour: Colour, opacity: Double = 1) {
    for row in stride(from: touched.top, to: touched.bottom, by: 1) {
      for column in stride(from: touched.left, to: touched.right, by: 1) {
        let coverage = mask[row * width + column]
        guard coverage > 0 else { continue }
        mask[row * width + column] = 0
        blend(row * width + column, colour, Double(coverage) / Self.levels * opacity)
      }
    }
    touched = (width, height, 0, 0)
  }

  /// Fills a rectangle; borders between pixels are shared in proportion.
  mutating func fill(_ rectangle: Rectangle, _ colour: Colour, opacity: Double = 1) {
    let left = max(Double(clip.left), rectangle.x)
    let right = min(Double(clip.right), rectangle.right)
    let top = max(Double(clip.top), rectangle.y)
    let bottom = min(Double(clip.bottom), rectangle.bottom)
    guard left < right, top < bottom else { return }
    for row in Int(top)..<min(height, Int(bottom.rounded(.up))) {
      let vertical = min(bottom, Double(row) + 1) - max(top, Double(row))
      for column in Int(left)..<min(width, Int(right.rounded(.up))) {
        let horizontal = min(right, Double(column) + 1) - max(left, Double(column))
        let coverage = (vertical * horizontal * Self.levels).rounded() / Self.levels
        if coverage > 0 { blend(row * width + column, colour, coverage * opacity) }
      }
    }
  }

  private mutating func blend(_ pixel: Int, _ colour: Colour, _ share: Double) {
    let weight = Int32((share * 256).rounded())
    func mix(_ old: UInt8, _ new: UInt8) -> UInt8 {
      UInt8(truncatingIfNeeded: (Int32(old) &* (256 &- weight) &+ Int32(new) &* weight &+ 128) >> 8)
    }
    pixels[3 * pixel] = mix(pixels[3 * pixel], colour.red)
    pixels[3 * pixel + 1] = mix(pixels[3 * pixel + 1], colour.green)
    pixels[3 * pixel + 2] = mix(pixels[3 * pixel + 2], colour.blue)
  }
}

extension Canvas {
  /// Marks a line with round ends.
  mutating func cover(from a: Point, to b: Point, thickness: Double) {
    let reach = thickness / 2 + 0.5
    let rows = bounds(min(a.y, b.y) - reach, max(a.y, b.y) + reach, clip.top, clip.bottom)
    let line = LineDistance(a, b)
    let strength = min(1, thickness)
    for row in rows {
      let y = Double(row) + 0.5
      let (first, last) = line.reached(y: y, within: reach)
      for column in bounds(first, last, clip.left, clip.right) {
        let distance = line.distance(Double(column) + 0.5, y)
        mark(row, column, max(0, min(1, reach - distance)) * strength)
      }
    }
  }

  /// Marks a convex polygon, given clockwise on the screen.
  mutating func cover(polygon: [Point]) {
    guard polygon.count > 2 else { return }
    let (xs, ys) = (polygon.map(\.x), polygon.map(\.y))
    let edges = polygon.indices.map { EdgeDistance(polygon[$0], polygon[($0 + 1) % polygon.count]) }
    for row in bounds((ys.min() ?? 0) - 1, (ys.max() ?? 0) + 1, clip.top, clip.bottom) {
      for column in bounds((xs.min() ?? 0) - 1, (xs.max() ?? 0) + 1, clip.left, clip.right) {
        let inside = edges.reduce(1.0) { min($0, $1.depth(Double(column) + 0.5, Double(row) + 0.5) + 0.5) }
        mark(row, column, max(0, inside))
      }
    }
  }

  private mutating func mark(_ row: Int, _ column: Int, _ coverage: Double) {
    let level = UInt8(coverage * Self.levels + 0.5)
    guard level > mask[row * width + column] else { return }
    mask[row * width + column] = level
    touched = (
      min(touched.left, column), min(touched.top, row), max(touched.right, column + 1), max(touched.bottom, row + 1)
    )
  }

  /// The pixels between two places, within limits.
  private func bounds(_ from: Double, _ to: Double, _ lower: Int, _ upper: Int) -> Range<Int> {
    let first = from.rounded(.down).rounded(in: lower...upper)
    let last = to.rounded(.up).rounded(in: lower...upper)
    return first..<max(first, last)
  }
}

/// Distances from a line that ends at two points.
private struct LineDistance {
  let a: Point
  let delta: Point
  let squaredLength: Double

  init(_ a: Point, _ b: Point) {
    self.a = a
    delta = Point(x: b.x - a.x, y: b.y - a.y)
    squaredLength = delta.x * delta.x + delta.y * delta.y
  }

  func distance(_ x: Double, _ y: Double) -> Double {
    let (px, py) = (x - a.x, y - a.y)
    let t = squaredLength > 0 ? max(0, min(1, (px * delta.x + py * delta.y) / squaredLength)) : 0
    let (dx, dy) = (px - t * delta.x, py - t * delta.y)
    return (dx * dx + dy * dy).squareRoot()
  }

  /// The stretch of a row that can lie within a distance.
  func reached(y: Double, within reach: Double) -> (Double, Double) {
    let (left, right) = (min(a.x, a.x + delta.x) - reach, max(a.x, a.x + delta.x) + reach)
    guard delta.y.magnitude > 1e-9 else { return (left, right) }
    let centre = a.x + (y - a.y) * delta.x / delta.y
    let half = reach * squaredLength.squareRoot() / delta.y.magnitude
    return (max(left, centre - half), min(right, centre + half))
  }
}

/// Distances from the straight line through an edge of a polygon.
private struct EdgeDistance {
  let a: Point
  let normal: Point

  init(_ a: Point, _ b: Point) {
    self.a = a
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = max(1e-12, (dx * dx + dy * dy).squareRoot())
    normal = Point(x: -dy / length, y: dx / length)
  }

  /// How far inside a point lies.
  func depth(_ x: Double, _ y: Double) -> Double { (x - a.x) * normal.x + (y - a.y) * normal.y }
}

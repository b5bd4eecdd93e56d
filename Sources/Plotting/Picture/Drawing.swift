/// A canvas measured in points, with lines, shapes and text.
struct Drawing {
  private(set) var canvas: Canvas
  /// Pixels per point.
  let scale: Double

  init(width: Double, height: Double, scale: Double) {
    canvas = Canvas(
      width: (width * scale).rounded(in: 1...1 << 15), height: (height * scale).rounded(in: 1...1 << 15))
    self.scale = scale
  }

  mutating func setClip(_ rectangle: Rectangle?) { canvas.setClip(rectangle.map(pixels)) }

  mutating func fill(_ rectangle: Rectangle, _ colour: Colour, opacity: Double = 1) {
    canvas.fill(pixels(rectangle), colour, opacity: opacity)
  }

  /// Fills a rectangle whose borders are moved to whole pixels, so that neighbours leave no seam.
  mutating func fillSnapped(_ rectangle: Rectangle, _ colour: Colour) {
    canvas.fill(snapped(rectangle), colour)
  }

  /// Draws the border of a rectangle on whole pixels.
  mutating func outline(_ rectangle: Rectangle, _ colour: Colour, thickness: Double) {
    let (box, pen) = (snapped(rectangle), max(1, (thickness * scale).rounded()))
    canvas.fill(Rectangle(x: box.x, y: box.y, width: box.width, height: pen), colour)
    canvas.fill(Rectangle(x: box.x, y: box.bottom - pen, width: box.width, height: pen), colour)
    canvas.fill(Rectangle(x: box.x, y: box.y + pen, width: pen, height: box.height - 2 * pen), colour)
    canvas.fill(Rectangle(x: box.right - pen, y: box.y + pen, width: pen, height: box.height - 2 * pen), colour)
  }

  /// Draws a level line on whole pixels.
  mutating func level(y: Double, from left: Double, to right: Double, _ colour: Colour, thickness: Double) {
    let pen = max(1, (thickness * scale).rounded())
    let top = (y * scale - pen / 2).rounded()
    canvas.fill(
      Rectangle(x: (left * scale).rounded(), y: top, width: ((right - left) * scale).rounded(), height: pen), colour)
  }

  /// Draws an upright line on whole pixels.
  mutating func upright(x: Double, from top: Double, to bottom: Double, _ colour: Colour, thickness: Double) {
    let pen = max(1, (thickness * scale).rounded())
    let left = (x * scale - pen / 2).rounded()
    canvas.fill(
      Rectangle(x: left, y: (top * scale).rounded(), width: pen, height: ((bottom - top) * scale).rounded()), colour)
  }

  /// Draws lines through points.
  mutating func line(
    _ points: [Point], _ colour: Colour, thickness: Double, style: LineStyle = .solid, opacity: Double = 1
  ) {
    for piece in style.pieces(of: points, thickness: thickness) { cover(piece, thickness: thickness) }
    canvas.paint(colour, opacity: opacity)
  }

  /// Draws a marker of a given radius.
  mutating func marker(_ marker: Series.Marker, at centre: Point, radius: Double, _ colour: Colour) {
    let c = pixel(centre)
    let r = radius * scale
    switch marker {
    case .circle:
      canvas.cover(from: c, to: c, thickness: 2 * r)
    case .cross:
      let arm = r * 0.8
      canvas.cover(
        from: Point(x: c.x - arm, y: c.y - arm), to: Point(x: c.x + arm, y: c.y + arm), thickness: 1.4 * scale)
      canvas.cover(
        from: Point(x: c.x - arm, y: c.y + arm), to: Point(x: c.x + arm, y: c.y - arm), thickness: 1.4 * scale)
    case .square, .diamond, .triangle:
      canvas.cover(polygon: marker.corners.map { Point(x: c.x + $0.x * r, y: c.y + $0.y * r) })
    }
    canvas.paint(colour)
  }

  private mutating func cover(_ points: [Point], thickness: Double) {
    guard let first = points.first else { return }
    if points.count == 1 { canvas.cover(from: pixel(first), to: pixel(first), thickness: thickness * scale) }
    for (a, b) in zip(points, points.dropFirst()) {
      canvas.cover(from: pixel(a), to: pixel(b), thickness: thickness * scale)
    }
  }

  private func pixel(_ point: Point) -> Point { Point(x: point.x * scale, y: point.y * scale) }

  private func pixels(_ box: Rectangle) -> Rectangle {
    Rectangle(x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale)
  }

  private func snapped(_ box: Rectangle) -> Rectangle {
    let (left, top) = ((box.x * scale).rounded(), (box.y * scale).rounded())
    return Rectangle(
      x: left, y: top, width: (box.right * scale).rounded() - left, height: (box.bottom * scale).rounded() - top)
  }
}

extension Drawing {
  /// Which point of a text a place means.
  enum Anchor { case start, middle, end }

  /// Draws a line of text; `place` lies on its baseline. Rotated text reads upwards.
  mutating func text(
    _ text: String, at place: Point, _ anchor: Anchor = .start, capHeight: Double, _ colour: Colour = .ink,
    rotated: Bool = false
  ) {
    let width = StrokeFont.width(text, capHeight: capHeight)
    let shift = anchor == .start ? 0 : anchor == .middle ? width / 2 : width
    let unit = capHeight / Glyph.capHeight
    var advance = -shift
    for character in text {
      let glyph = StrokeFont.glyph(character)
      for stroke in glyph.strokes {
        let points = stroke.map { point in
          let (along, up) = (advance + point.x * unit, point.y * unit)
          return rotated
            ? Point(x: place.x - up, y: place.y - along) : Point(x: place.x + along, y: place.y - up)
        }
        cover(points, thickness: StrokeFont.strokeWidth(capHeight: capHeight))
      }
      advance += glyph.advance * unit
    }
    canvas.paint(colour)
  }
}

extension Series.Marker {
  /// The corners for a radius of one, clockwise on the screen.
  fileprivate var corners: [Point] {
    switch self {
    case .square: [(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)].map { Point(x: $0.0, y: $0.1) }
    case .diamond: [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)].map { Point(x: $0.0, y: $0.1) }
    case .triangle: [(0, -1.2), (1.1, 0.85), (-1.1, 0.85)].map { Point(x: $0.0, y: $0.1) }
    case .circle, .cross: []
    }
  }
}

extension LineStyle {
  /// The visible pieces of a line, each a line of its own.
  func pieces(of points: [Point], thickness: Double) -> [[Point]] {
    let lengths =
      switch self {
      case .solid: [Double]()
      case .dashed: [3.6 * thickness + 1, 3 * thickness + 1]
      case .dotted: [0.01, 2.6 * thickness]
      }
    guard !lengths.isEmpty, var previous = points.first else { return [points] }
    var pieces: [[Point]] = [[previous]]
    var (phase, left) = (0, lengths[0])
    for point in points.dropFirst() {
      var distance = previous.distance(to: point)
      while distance > left, pieces.count < 20_000 {
        previous = previous.moved(towards: point, share: left / distance)
        if phase == 0 { pieces[pieces.count - 1].append(previous) } else { pieces.append([previous]) }
        phase = 1 - phase
        distance -= left
        left = lengths[phase]
      }
      left -= distance
      previous = point
      if phase == 0 { pieces[pieces.count - 1].append(point) }
    }
    return pieces
  }
}

extension Point {
  fileprivate func distance(to other: Point) -> Double {
    ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
  }

  fileprivate func moved(towards other: Point, share: Double) -> Point {
    Point(x: x + (other.x - x) * share, y: y + (other.y - y) * share)
  }
}

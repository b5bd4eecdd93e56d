/// A character as strokes of a pen.
///
/// A glyph is written as its character, its advance and its strokes. Capitals are 14 units high, small letters 10,
/// y grows upwards from the baseline. `M` starts a stroke and `L` goes on with straight lines, `C` is a cubic Bézier
/// curve with two control points, `E` a new and `A` a joined arc of an ellipse (centre, half axes, angles in
/// degrees), and `D` a dot.
struct Glyph: Sendable {
  var advance: Double
  var strokes: [[Point]]

  static let capHeight = 14.0
  /// Air added after each character.
  private static let tracking = 0.5

  /// Reads one line of the notation, or nothing when it is malformed.
  static func parse(_ line: Substring) -> (Character, Glyph)? {
    let fields = line.split(separator: " ")
    guard fields.count > 1, let character = fields[0].first, let advance = Double(fields[1]) else { return nil }
    var path = GlyphPath()
    var command: Character = "M"
    var numbers: [Double] = []
    for field in fields.dropFirst(2) {
      if let number = Double(field) {
        numbers.append(number)
      } else {
        path.add(command, numbers)
        (command, numbers) = (field.first ?? "M", [])
      }
    }
    path.add(command, numbers)
    return (character, Glyph(advance: advance + tracking, strokes: path.strokes))
  }

  /// The same glyph smaller and moved up, for exponents and indices.
  func reduced(to size: Double, raisedBy rise: Double) -> Glyph {
    let strokes = strokes.map { stroke in stroke.map { Point(x: $0.x * size, y: $0.y * size + rise) } }
    return Glyph(advance: advance * size + 0.4, strokes: strokes)
  }
}

/// The strokes collected while a glyph is read.
private struct GlyphPath {
  private(set) var strokes: [[Point]] = []

  mutating func add(_ command: Character, _ numbers: [Double]) {
    switch command {
    case "M":
      if !numbers.isEmpty { strokes.append(points(numbers)) }
    case "L":
      extend(points(numbers))
    case "C":
      curve(points(numbers))
    case "E" where numbers.count == 6:
      strokes.append(arc(numbers))
    case "A" where numbers.count == 6:
      extend(arc(numbers))
    case "D" where numbers.count == 2:
      strokes.append(arc(numbers + [0.3, 0.3, 0, 360]))
    default:
      break
    }
  }

  private mutating func extend(_ points: [Point]) {
    if strokes.isEmpty { strokes.append([]) }
    strokes[strokes.count - 1] += points
  }

  private func points(_ numbers: [Double]) -> [Point] {
    stride(from: 0, to: numbers.count - 1, by: 2).map { Point(x: numbers[$0], y: numbers[$0 + 1]) }
  }

  private mutating func curve(_ controls: [Point]) {
    guard controls.count == 3, let start = strokes.last?.last else { return }
    let pieces = 8
    extend(
      (1...pieces).map { piece in
        let t = Double(piece) / Double(pieces)
        let (a, b, c, d) = ((1 - t) * (1 - t) * (1 - t), 3 * t * (1 - t) * (1 - t), 3 * t * t * (1 - t), t * t * t)
        return Point(
          x: a * start.x + b * controls[0].x + c * controls[1].x + d * controls[2].x,
          y: a * start.y + b * controls[0].y + c * controls[1].y + d * controls[2].y)
      })
  }

  /// Points on an arc, one for about every fifteen degrees.
  private func arc(_ numbers: [Double]) -> [Point] {
    let (start, end) = (numbers[4], numbers[5])
    let pieces = max(2, ((end - start) / 15).rounded(in: 2...48))
    return (0...pieces).map { piece in
      let direction = Double.direction(degrees: start + (end - start) * Double(piece) / Double(pieces))
      return Point(x: numbers[0] + numbers[2] * direction.x, y: numbers[1] + numbers[3] * direction.y)
    }
  }
}

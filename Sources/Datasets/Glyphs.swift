public import Compute
public import Spiking

/// Digits drawn by the program itself: 28×28, ten classes, no file and no network needed.
///
/// Each digit is a set of strokes in the unit square, moved, turned, sheared, scaled and drawn with a pen of varying width;
/// `difficulty` sets how far. Same seed, same pictures.
public struct Glyphs: Sendable {
  public var difficulty = 0.5, train = 2000, test = 500
  public init() {}
  public init(difficulty: Double, train: Int, test: Int) {
    (self.difficulty, self.train, self.test) = (difficulty, train, test)
  }
  public static let side = 28
  public static let classes = (0...9).map(String.init)
  public static let shape: Shape = [28, 28]

  /// Draws all samples.
  public func dataset(seed: UInt64) -> Dataset {
    dataset(seed: seed, machine: Machine(), isInterrupted: { false }, report: { _ in }) ?? outline(seed, [:])
  }
  /// Draws all samples; nil where `isInterrupted` said so in between.
  public func dataset(
    seed: UInt64, machine: Machine, isInterrupted: () -> Bool, report: (Double) -> Void
  ) -> Dataset? {
    let random = RandomStream(seed: seed, "glyphs")
    var parts: [Part: Dataset.View] = [:]
    for (number, (part, count)) in [(Part.train, train), (Part.test, test)].enumerated() where count > 0 {
      guard let bank = bank(count, random.child(number), machine, isInterrupted, report) else { return nil }
      parts[part] = Dataset.View(bank)
    }
    return outline(seed, parts)
  }
  private func outline(_ seed: UInt64, _ parts: [Part: Dataset.View]) -> Dataset {
    Dataset(
      name: "glyphs", origin: "drawn with difficulty \(difficulty), seed \(seed)", classes: Self.classes,
      shape: Self.shape, parts: parts)
  }
  private func bank(
    _ count: Int, _ random: RandomStream, _ machine: Machine, _ isInterrupted: () -> Bool, _ report: (Double) -> Void
  ) -> SampleBank? {
    let labels = (0..<count).map { $0 % 10 }
    let order = random.child(-1).shuffled(count)
    var bytes = [UInt8](repeating: 0, count: count * Self.side * Self.side)
    let size = Self.side * Self.side
    for first in stride(from: 0, to: count, by: 256) {
      if isInterrupted() { return nil }
      report(Double(first) / Double(count))
      bytes.withUnsafeMutableBufferPointer { bytes in
        nonisolated(unsafe) let bytes = bytes
        machine.forEach(min(256, count - first)) { place in
          let index = order[first + place], start = (first + place) * size
          draw(
            labels[index], random.child(index), into: UnsafeMutableBufferPointer(rebasing: bytes[start..<start + size]))
        }
      }
    }
    return SampleBank(shape: Self.shape, labels: order.map { labels[$0] }, bytes: bytes)
  }

  /// Draws one digit; the pen's ink falls off over one pixel at its border.
  func draw(_ digit: Int, _ random: RandomStream, into bytes: UnsafeMutableBufferPointer<UInt8>) {
    let hand = Hand(difficulty: difficulty, random: random)
    let strokes = Strokes.of[digit].map { $0.map(hand.place) }
    for y in 0..<Self.side {
      for x in 0..<Self.side {
        let distance = strokes.map { Self.distance(Double(x) + 0.5, Double(y) + 0.5, to: $0) }.min() ?? 100
        let ink = min(1, max(0, hand.pen - distance + 0.5))
        guard ink > 0 else { continue }
        let noise = 1 - 0.25 * difficulty * Double(random.uniform(1000 + y * Self.side + x))
        bytes[y * Self.side + x] = UInt8((255 * ink * noise).rounded())
      }
    }
  }
  private static func distance(_ x: Double, _ y: Double, to line: [(x: Double, y: Double)]) -> Double {
    zip(line, line.dropFirst()).map { a, b in
      let dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy
      let t = length > 0 ? min(1, max(0, ((x - a.x) * dx + (y - a.y) * dy) / length)) : 0
      let ex = x - a.x - t * dx, ey = y - a.y - t * dy
      return (ex * ex + ey * ey).squareRoot()
    }.min() ?? 100
  }
}

/// How one digit is written: an affine map with a wobble, and the width of the pen.
private struct Hand {
  var pen: Double
  private var angle: Double, shear: Double, width: Double, height: Double, x: Double, y: Double
  private var wobble: (Double, Double, Double, Double)

  init(difficulty d: Double, random: RandomStream) {
    func spread(_ n: Int, _ size: Double) -> Double { (2 * Double(random.uniform(n)) - 1) * size * d }
    pen = 1.3 + spread(0, 0.7)
    angle = spread(1, 0.35)
    shear = spread(2, 0.35)
    width = 0.85 * (1 + spread(3, 0.25))
    height = 1 + spread(4, 0.15)
    (x, y) = (14 + spread(5, 2.5), 14 + spread(6, 2.5))
    wobble = (spread(7, 1.2), spread(8, 1.2), 6.3 * Double(random.uniform(9)), 6.3 * Double(random.uniform(10)))
  }
  func place(_ p: (Double, Double)) -> (x: Double, y: Double) {
    let u = (p.0 - 0.5) * 18 * width + shear * (0.5 - p.1) * 18, v = (p.1 - 0.5) * 20 * height
    let c = Wave.cosine(angle), s = Wave.sine(angle)
    let bend = wobble.0 * Wave.sine(3 * p.1 + wobble.2), sag = wobble.1 * Wave.sine(3 * p.0 + wobble.3)
    return (x + c * u - s * v + bend, y + s * u + c * v + sag)
  }
}

/// Sine and cosine as sums of a few terms: the same bits on every machine, whatever its mathematics library.
private enum Wave {
  static func sine(_ angle: Double) -> Double {
    var x = angle.remainder(dividingBy: 2 * .pi)
    if x > .pi / 2 { x = .pi - x } else if x < -.pi / 2 { x = -.pi - x }
    let q = x * x
    return x * (1 - q / 6 * (1 - q / 20 * (1 - q / 42 * (1 - q / 72 * (1 - q / 110)))))
  }
  static func cosine(_ angle: Double) -> Double { sine(angle + .pi / 2) }
}

/// The ten digits as lines in the unit square, y downwards.
private enum Strokes {
  static let of: [[[(Double, Double)]]] = [
    [arc(0.5, 0.5, 0.36, 0.48, 0, 1)],
    [[(0.28, 0.24), (0.54, 0.02), (0.54, 0.98)]],
    [arc(0.48, 0.28, 0.32, 0.26, 0.52, 1.1) + [(0.18, 0.96)], [(0.16, 0.97), (0.84, 0.97)]],
    [arc(0.44, 0.26, 0.30, 0.24, 0.58, 1.24), arc(0.44, 0.73, 0.34, 0.25, 0.76, 1.44)],
    [[(0.62, 0.98), (0.62, 0.02), (0.14, 0.68), (0.88, 0.68)]],
    [[(0.80, 0.03), (0.26, 0.03), (0.22, 0.46)] + arc(0.46, 0.68, 0.34, 0.29, 0.66, 1.4)],
    [[(0.72, 0.02), (0.40, 0.26), (0.20, 0.62)], arc(0.50, 0.70, 0.31, 0.28, 0, 1)],
    [[(0.14, 0.03), (0.84, 0.03), (0.40, 0.98)]],
    [arc(0.5, 0.25, 0.27, 0.23, 0, 1), arc(0.5, 0.73, 0.33, 0.25, 0, 1)],
    [arc(0.50, 0.30, 0.31, 0.28, 0, 1), [(0.81, 0.34), (0.74, 0.66), (0.50, 0.98)]],
  ]
  /// A stretch of an ellipse, as shares of a turn, clockwise from the right.
  static func arc(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ from: Double, _ to: Double) -> [(
    Double, Double
  )] {
    let pieces = max(4, Int((24 * (to - from)).rounded()))
    return (0...pieces).map { step in
      let turn = 2 * .pi * (from + (to - from) * Double(step) / Double(pieces))
      return (x + width * Wave.cosine(turn), y + height * Wave.sine(turn))
    }
  }
}

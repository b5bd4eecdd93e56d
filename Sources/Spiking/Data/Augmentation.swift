public import Compute

/// Changes that make every showing of an image in training another one; what a sample is does not change by them.
///
///     shift    by dy and dx, each a whole number from −shift to shift; what comes in is 0
///     flip     left and right exchanged, with probability 1/2
///     cutout   a square of that side around a random pixel is 0, as far as it lies within the image
///
/// Shifts by up to 4 pixels are the crops out of images padded with 4 zeros that are usual with CIFAR-10. All draws of a
/// sample come from one stream: all channels and all steps are changed alike.
///
/// - Reference: T. DeVries, G. W. Taylor, 2017, arXiv:1708.04552 (cutout).
public struct Augmentation: Sendable, Equatable {
  public var shift: Int, flip: Bool, cutout: Int

  public init(shift: Int = 0, flip: Bool = false, cutout: Int = 0) {
    (self.shift, self.flip, self.cutout) = (shift, flip, cutout)
  }
  public var isNone: Bool { shift == 0 && !flip && cutout == 0 }
  /// The settings as a user would write them: "shift=4 flip=true".
  public var text: String {
    [shift > 0 ? "shift=\(shift)" : "", flip ? "flip=true" : "", cutout > 0 ? "cutout=\(cutout)" : ""].filter {
      !$0.isEmpty
    }.joined(separator: " ")
  }
  /// Whether samples of a shape are images, or channels or steps of images: height and width stand last.
  public static func fits(_ shape: Shape) -> Bool { (2...4).contains(shape.rank) }

  /// What happens to one showing of a sample.
  struct Draw: Equatable {
    var dy = 0, dx = 0, isFlipped = false, rows = 0..<0, columns = 0..<0
  }
  func draw(height: Int, width: Int, _ random: RandomStream) -> Draw {
    var draw = Draw()
    if shift > 0 {
      draw.dy = random.integer(below: 2 * shift + 1, counter: 0) - shift
      draw.dx = random.integer(below: 2 * shift + 1, counter: 1) - shift
    }
    if flip { draw.isFlipped = random.integer(below: 2, counter: 2) == 1 }
    if cutout > 0, height > 0, width > 0 {
      draw.rows = square(around: random.integer(below: height, counter: 3), within: height)
      draw.columns = square(around: random.integer(below: width, counter: 4), within: width)
    }
    return draw
  }
  private func square(around centre: Int, within extent: Int) -> Range<Int> {
    let first = centre - cutout / 2
    return max(0, first)..<min(extent, first + cutout)
  }

  /// Writes another view of a sample; `random` belongs to the sample and the epoch.
  ///
  /// - Precondition: the shape `fits`, and both buffers hold as many values as it has.
  func apply<Value: AdditiveArithmetic>(
    _ sample: UnsafePointer<Value>, _ shape: Shape, into output: UnsafeMutablePointer<Value>, random: RandomStream
  ) {
    let height = shape[shape.rank - 2], width = shape[shape.rank - 1], size = height * width
    let draw = draw(height: height, width: width, random)
    for plane in 0..<(size > 0 ? shape.count / size : 0) {
      draw.apply(sample + plane * size, height, width, into: output + plane * size)
    }
  }
}

extension Augmentation.Draw {
  /// Writes one plane.
  func apply<Value: AdditiveArithmetic>(
    _ plane: UnsafePointer<Value>, _ height: Int, _ width: Int, into output: UnsafeMutablePointer<Value>
  ) {
    let first = max(0, dx), count = width - abs(dx)
    for y in 0..<height {
      var line = UnsafeMutableBufferPointer(start: output + y * width, count: width)
      let from = y - dy
      line.update(repeating: .zero)
      if (0..<height).contains(from), count > 0 {
        (output + y * width + first).update(from: plane + from * width + first - dx, count: count)
      }
      if isFlipped { line.reverse() }
      if rows.contains(y) { for x in columns { line[x] = .zero } }
    }
  }
}

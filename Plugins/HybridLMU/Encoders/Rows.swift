public import Compute
public import Spiking

/// Shows images row by row, one row a step:
///
///     x[t] = row t of every channel,    images of the shape [height, width] or [channels, height, width]
public struct Rows: Encoder, Declared {
  public init() {}
  public static let manual = Manual(
    "rows", "Shows images as sequences of their rows.", equation: "x[t] = row t",
    details: "The rows of all channels of an image are shown together.",
    examples: [
      "data glyphs | take train=200 test=50 | encode rows | lmu 20 memory=8 window=28 | dense 10 | train hybrid epochs=2"
    ])

  public func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code {
    let size = try ImageSize(shape, for: "rows")
    return Code(steps: size.height, features: [size.channels, size.width], alphabet: .graded)
  }
  public func encode(
    _ sample: UnsafeBufferPointer<Float>, _ code: Code, into output: UnsafeMutablePointer<Float>, stride: Int,
    random: RandomStream
  ) {
    let channels = code.features[0], width = code.features[1], height = code.steps
    for k in 0..<channels {
      for t in 0..<height {
        for i in 0..<width { output[t * stride + k * width + i] = sample[(k * height + t) * width + i] }
      }
    }
  }
}

/// The extents of images; one channel where none is told.
struct ImageSize {
  let channels: Int, height: Int, width: Int

  init(_ shape: Shape, for kind: String) throws(ShapeError) {
    guard (2...3).contains(shape.rank) else {
      throw ShapeError(code: "shape.image", message: "'\(kind)' needs images, but samples have the shape \(shape)")
    }
    (height, width) = (shape[shape.rank - 2], shape[shape.rank - 1])
    channels = shape.rank == 3 ? shape[0] : 1
  }
}

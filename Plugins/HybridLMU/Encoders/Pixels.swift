public import Compute
public import Spiking

/// Shows images pixel by pixel, one a step:
///
///     x[t] = pixel order(t)
///
/// With `side` the image is first reduced to side × side: blocks of ⌊width/side⌋² pixels around its centre are averaged.
public struct Pixels: Encoder, Declared {
  public enum Order: String, Choice {
    case raster
    /// That of the article's permuted MNIST.
    case psmnist
    /// That of the library's example.
    case library = "psmnist-library"

    var permutation: [Int]? {
      switch self {
      case .raster: nil
      case .psmnist: Permutation.published
      case .library: Permutation.library
      }
    }
  }
  public var order = Order.raster, side: Int?
  public init() {}
  public static let manual = Manual(
    "pixels", "Shows images as sequences of their pixels.", equation: "x[t] = pixel order(t)",
    reference: "A. R. Voelker, I. Kajić, C. Eliasmith, NeurIPS 2019",
    details: """
      order=psmnist is the permutation behind the published figures of permuted sequential MNIST, psmnist-library that of \
      the example of KerasLMU; their figures cannot be compared. side=8 averages 28×28 pixels to 8×8: blocks of 3×3 of \
      the central 24×24. The channels of a pixel are shown together.
      """,
    examples: [
      "data glyphs | take train=200 test=50 | encode pixels side=7 | lmu 16 memory=8 window=49 | dense 10 | train hybrid epochs=2",
      "data glyphs samples=20 | encode pixels order=psmnist",
    ])
  public static let settings: [Setting<Self>] = [
    Setting("order", \.order, "The order of the pixels."),
    Setting("side", \.side, "Height and width to which the image is reduced; left open, it is not.", in: 1...1e4),
  ]

  public func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code {
    let size = try ImageSize(shape, for: "pixels")
    if let side, side > size.width || size.height != size.width {
      throw ShapeError(
        code: "shape.image",
        message: "side=\(side) needs square images that large, and these are \(size.height)×\(size.width)")
    }
    let steps = side.map { $0 * $0 } ?? size.height * size.width
    guard order == .raster || steps == 784 else {
      throw ShapeError(
        code: "shape.image", message: "order=\(order.rawValue) is one of 784 pixels, and these images have \(steps)")
    }
    return Code(steps: steps, features: [size.channels], alphabet: .graded)
  }
  public func encode(
    _ sample: UnsafeBufferPointer<Float>, _ code: Code, into output: UnsafeMutablePointer<Float>, stride: Int,
    random: RandomStream
  ) {
    let channels = code.features.count, pixels = sample.count / channels, order = order.permutation
    for k in 0..<channels {
      let image = UnsafeBufferPointer(rebasing: sample[k * pixels..<(k + 1) * pixels])
      for t in 0..<code.steps {
        let pixel = order?[t] ?? t
        output[t * stride + k] = side.map { Self.mean(of: image, block: pixel, side: $0) } ?? image[pixel]
      }
    }
  }
  /// The mean of one block of a square image.
  private static func mean(of image: UnsafeBufferPointer<Float>, block: Int, side: Int) -> Float {
    let width = Int(Double(image.count).squareRoot().rounded()), size = width / side, edge = (width - size * side) / 2
    let top = edge + block / side * size, left = edge + block % side * size
    var sum: Float = 0
    for y in top..<top + size { for x in left..<left + size { sum += image[y * width + x] } }
    return sum / Float(size * size)
  }
}

internal import Compute

/// A shape read as images: [channels, height, width], or [height, width] with one channel.
struct ImageShape {
  var channels: Int, height: Int, width: Int

  init?(_ shape: Shape) {
    switch shape.rank {
    case 2: (channels, height, width) = (1, shape[0], shape[1])
    case 3: (channels, height, width) = (shape[0], shape[1], shape[2])
    default: return nil
    }
  }
  /// The image, or the fact that there is none.
  static func require(_ shape: Shape, for layer: String) throws(ShapeError) -> ImageShape {
    guard let image = ImageShape(shape) else {
      throw ShapeError(code: "shape.image", message: "'\(layer)' needs images, but its input has the shape \(shape)")
    }
    return image
  }
  func window(_ kernel: Int, stride: Int, padded: Bool) -> Window {
    Window(channels: channels, height: height, width: width, kernel: kernel, stride: stride, padded: padded)
  }
  /// The window, or the fact that it is larger than the image; behind zeros it may reach over an edge, but not over both.
  func requireWindow(_ kernel: Int, stride: Int, padded: Bool, noun: String) throws(ShapeError) -> Window {
    let most = padded ? 2 * min(height, width) - 1 : min(height, width)
    guard kernel <= most else {
      throw ShapeError(
        code: "shape.kernel", message: "a \(noun) of \(kernel)×\(kernel) does not fit images of \(height)×\(width)")
    }
    return window(kernel, stride: stride, padded: padded)
  }
}

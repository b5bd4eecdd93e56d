/// The geometry of a window that slides over an image of several channels: of a convolution or a pooling.
public struct Window: Sendable, Hashable {
  /// Image: channels × height × width.
  public var channels: Int, height: Int, width: Int
  /// Window: kernelHeight × kernelWidth, moved by `stride`.
  public var kernelHeight: Int, kernelWidth: Int, stride: Int
  /// Zeros above and left of the image; below and right they follow from the extents.
  public var top: Int, left: Int
  public var outputHeight: Int, outputWidth: Int

  /// A square window over an image; with `padded`, an output of ⌈extent / stride⌉, else only places that lie inside.
  public init(channels: Int, height: Int, width: Int, kernel: Int, stride: Int = 1, padded: Bool = false) {
    (self.channels, self.height, self.width) = (channels, height, width)
    (kernelHeight, kernelWidth, self.stride) = (kernel, kernel, stride)
    func places(_ extent: Int) -> (count: Int, before: Int) {
      guard padded else { return (max(0, (extent - kernel) / stride + 1), 0) }
      let count = (extent + stride - 1) / stride
      return (count, max(0, (count - 1) * stride + kernel - extent) / 2)
    }
    (outputHeight, top) = places(height)
    (outputWidth, left) = places(width)
  }

  /// Elements of one image.
  public var inputCount: Int { channels * height * width }
  /// Places of the window on one channel.
  public var places: Int { outputHeight * outputWidth }
  /// Elements under the window, all channels: the depth of a convolution's product.
  public var depth: Int { channels * kernelHeight * kernelWidth }
  /// Floats of scratch that one image needs: depth × places.
  public var scratch: Int { depth * places }
}

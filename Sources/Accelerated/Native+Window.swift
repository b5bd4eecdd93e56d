public import Compute
internal import Kernels

extension Window {
  /// The same geometry for C.
  fileprivate var native: soma_window {
    soma_window(
      channels: channels, height: height, width: width, kernel_height: kernelHeight, kernel_width: kernelWidth,
      stride: stride, top: top, left: left, output_height: outputHeight, output_width: outputWidth)
  }
}

extension Native {
  public func convolve(
    _ images: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, count: Int, outputs: Int, _ window: Window,
    into output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    var window = window.native
    soma_convolve(images, weights, count, outputs, &window, output, scratch)
  }
  public func convolveBackward(
    _ gradients: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, count: Int, outputs: Int, _ window: Window,
    into result: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    var window = window.native
    soma_convolve_backward(gradients, weights, count, outputs, &window, result, scratch)
  }
  public func convolveWeights(
    _ gradients: UnsafePointer<Float>, _ images: UnsafePointer<Float>, count: Int, outputs: Int, _ window: Window,
    into result: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    var window = window.native
    soma_convolve_weights(gradients, images, count, outputs, &window, result, scratch)
  }
  public func pool(
    _ kind: Pooling, _ image: UnsafePointer<Float>, _ window: Window, into output: UnsafeMutablePointer<Float>
  ) {
    var window = window.native
    switch kind {
    case .average: soma_pool_average(image, &window, output)
    case .maximum: soma_pool_maximum(image, &window, output)
    }
  }
  public func poolBackward(
    _ kind: Pooling, _ gradient: UnsafePointer<Float>, _ image: UnsafePointer<Float>, _ window: Window,
    into result: UnsafeMutablePointer<Float>
  ) {
    var window = window.native
    switch kind {
    case .average: soma_pool_average_backward(gradient, &window, result)
    case .maximum: soma_pool_maximum_backward(gradient, image, &window, result)
    }
  }
}

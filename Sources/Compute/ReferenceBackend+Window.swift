/// Convolution and pooling by their definitions, without scratch.
extension ReferenceBackend {
  /// Calls `body` for every place of the window and every image element under it: (place, channel, offset in the
  /// kernel, offset in the image). Padding is left out.
  private func visit(_ w: Window, _ body: (_ place: Int, _ channel: Int, _ tap: Int, _ pixel: Int) -> Void) {
    for row in 0..<w.outputHeight {
      for column in 0..<w.outputWidth {
        for channel in 0..<w.channels {
          for y in 0..<w.kernelHeight {
            for x in 0..<w.kernelWidth {
              let (i, j) = (row * w.stride + y - w.top, column * w.stride + x - w.left)
              guard i >= 0, i < w.height, j >= 0, j < w.width else { continue }
              let tap = (channel * w.kernelHeight + y) * w.kernelWidth + x
              body(row * w.outputWidth + column, channel, tap, (channel * w.height + i) * w.width + j)
            }
          }
        }
      }
    }
  }

  public func convolve(
    _ images: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, count: Int, outputs: Int, _ window: Window,
    into output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    for k in 0..<count * outputs {
      let row = output + k * window.places, kernel = weights + k % outputs * window.depth
      let image = images + k / outputs * window.inputCount
      row.update(repeating: 0, count: window.places)
      visit(window) { place, _, tap, pixel in row[place] += kernel[tap] * image[pixel] }
    }
  }
  public func convolveBackward(
    _ gradients: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, count: Int, outputs: Int, _ window: Window,
    into result: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    result.update(repeating: 0, count: count * window.inputCount)
    for k in 0..<count * outputs {
      let row = gradients + k * window.places, kernel = weights + k % outputs * window.depth
      let image = result + k / outputs * window.inputCount
      visit(window) { place, _, tap, pixel in image[pixel] += kernel[tap] * row[place] }
    }
  }
  public func convolveWeights(
    _ gradients: UnsafePointer<Float>, _ images: UnsafePointer<Float>, count: Int, outputs: Int, _ window: Window,
    into result: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    result.update(repeating: 0, count: outputs * window.depth)
    for i in 0..<count {
      let image = images + i * window.inputCount
      for o in 0..<outputs {
        let row = gradients + (i * outputs + o) * window.places, kernel = result + o * window.depth
        visit(window) { place, _, tap, pixel in kernel[tap] += row[place] * image[pixel] }
      }
    }
  }

  public func pool(
    _ kind: Pooling, _ image: UnsafePointer<Float>, _ window: Window, into output: UnsafeMutablePointer<Float>
  ) {
    let share = 1 / Float(window.kernelHeight * window.kernelWidth)
    output.update(repeating: kind == .average ? 0 : -.infinity, count: window.channels * window.places)
    visit(window) { place, channel, _, pixel in
      let slot = channel * window.places + place
      output[slot] = kind == .average ? output[slot] + image[pixel] : max(output[slot], image[pixel])
    }
    if kind == .average { for i in 0..<window.channels * window.places { output[i] *= share } }
  }
  public func poolBackward(
    _ kind: Pooling, _ gradient: UnsafePointer<Float>, _ image: UnsafePointer<Float>, _ window: Window,
    into result: UnsafeMutablePointer<Float>
  ) {
    let share = 1 / Float(window.kernelHeight * window.kernelWidth)
    result.update(repeating: 0, count: window.inputCount)
    switch kind {
    case .average:
      visit(window) { place, channel, _, pixel in result[pixel] += gradient[channel * window.places + place] * share }
    case .maximum:
      var winner = [Int](repeating: -1, count: window.channels * window.places)
      visit(window) { place, channel, _, pixel in
        let slot = channel * window.places + place
        if winner[slot] < 0 || image[pixel] > image[winner[slot]] { winner[slot] = pixel }
      }
      for (slot, pixel) in winner.enumerated() where pixel >= 0 { result[pixel] += gradient[slot] }
    }
  }
}

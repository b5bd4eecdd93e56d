/// Sums and affine maps per channel by their definitions.
extension ReferenceBackend {
  /// Calls `body` with every index and its channel.
  private func visit(_ shape: ChannelShape, _ body: (_ i: Int, _ channel: Int) -> Void) {
    for i in 0..<shape.rows * shape.rowCount { body(i, i / shape.places % shape.channels) }
  }
  public func sumChannels(
    _ x: UnsafePointer<Float>, times y: UnsafePointer<Float>, _ shape: ChannelShape,
    into sums: UnsafeMutablePointer<Double>, products: UnsafeMutablePointer<Double>
  ) {
    visit(shape) { i, c in
      sums[c] += Double(x[i])
      products[c] += Double(x[i]) * Double(y[i])
    }
  }
  public func scaleChannels(
    _ x: UnsafePointer<Float>, _ shape: ChannelShape, gains: UnsafePointer<Float>, shifts: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>
  ) { visit(shape) { i, c in result[i] = gains[c] * x[i] + shifts[c] } }
  public func combineChannels(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ shape: ChannelShape, gains: UnsafePointer<Float>,
    slopes: UnsafePointer<Float>, shifts: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) { visit(shape) { i, c in result[i] = (gains[c] * x[i] + slopes[c] * y[i]) + shifts[c] } }
  public func totalChannels(
    _ x: UnsafePointer<Float>, _ shape: ChannelShape, into totals: UnsafeMutablePointer<Float>
  ) { visit(shape) { i, c in totals[c] += x[i] } }
}

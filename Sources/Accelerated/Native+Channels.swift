public import Compute
internal import Kernels

extension ChannelShape {
  /// The same extents for C.
  fileprivate var native: soma_channels { soma_channels(rows: rows, channels: channels, places: places) }
}

extension Native {
  public func sumChannels(
    _ x: UnsafePointer<Float>, times y: UnsafePointer<Float>, _ shape: ChannelShape,
    into sums: UnsafeMutablePointer<Double>, products: UnsafeMutablePointer<Double>
  ) {
    var shape = shape.native
    soma_channel_sums(x, y, &shape, sums, products)
  }
  public func scaleChannels(
    _ x: UnsafePointer<Float>, _ shape: ChannelShape, gains: UnsafePointer<Float>, shifts: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>
  ) {
    var shape = shape.native
    soma_channel_affine(x, &shape, gains, shifts, result)
  }
  public func combineChannels(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ shape: ChannelShape, gains: UnsafePointer<Float>,
    slopes: UnsafePointer<Float>, shifts: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    var shape = shape.native
    soma_channel_combine(x, y, &shape, gains, slopes, shifts, result)
  }
  public func totalChannels(
    _ x: UnsafePointer<Float>, _ shape: ChannelShape, into totals: UnsafeMutablePointer<Float>
  ) {
    var shape = shape.native
    soma_channel_totals(x, &shape, totals)
  }
}

public import Compute

extension Network {
  /// The signal `start` in another shape: itself where it has it, else projected by a convolution or a dense layer.
  ///
  /// - Throws: images whose extents are no whole fraction of those that came in.
  public mutating func shortcut(from start: Int, to shape: Shape) throws(ShapeError) -> Int {
    let before = self.shape(ofSignal: start)
    guard before != shape else { return start }
    guard shape.rank == 3, let image = ImageShape(before) else {
      try append(Dense(shape.count, bias: false), source: start)
      guard shape.rank == 1 else { throw mismatch(before, shape) }
      return nodes.count
    }
    let stride = max(1, (image.height + shape[1] - 1) / max(1, shape[1]))
    try append(Convolution(shape[0], kernel: 1, stride: stride, bias: false), source: start)
    guard nodes[nodes.count - 1].output == shape else { throw mismatch(before, shape) }
    try append(BatchNorm())
    return nodes.count
  }
  private func mismatch(_ before: Shape, _ after: Shape) -> ShapeError {
    ShapeError(
      code: "shape.residual",
      message: "no shortcut leads from \(before) to \(after): the branch must keep the image or divide it evenly")
  }
}

/// A row-major matrix at an address, read as it lies or transposed. Valid as long as the memory is.
public struct MatrixView {
  public var base: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int, transposed: Bool

  /// - Parameters:
  ///   - rows, columns: extents as stored, before any transposition.
  ///   - stride: distance between rows; the number of columns where left out.
  public init(
    _ base: UnsafePointer<Float>, _ rows: Int, _ columns: Int, stride: Int? = nil, transposed: Bool = false
  ) {
    (self.base, self.rows, self.columns) = (base, rows, columns)
    (self.stride, self.transposed) = (stride ?? columns, transposed)
  }
}
/// A row-major matrix at an address, to be written.
public struct MutableMatrixView {
  public var base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int

  public init(_ base: UnsafeMutablePointer<Float>, _ rows: Int, _ columns: Int, stride: Int? = nil) {
    (self.base, self.rows, self.columns, self.stride) = (base, rows, columns, stride ?? columns)
  }
}

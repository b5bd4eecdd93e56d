/// A right operand of many products, in the layout that a backend likes best: made by ``Backend/packed(_:)``.
public struct PackedMatrix: Sendable {
  public let rows: Int, columns: Int
  /// As the backend wants it.
  public let values: Tensor

  public init(rows: Int, columns: Int, values: Tensor) {
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }
}

extension Backend {
  /// The matrix as it lies: what a backend without a layout of its own takes.
  public func packed(_ b: MatrixView) -> PackedMatrix {
    let rows = b.transposed ? b.columns : b.rows, columns = b.transposed ? b.rows : b.columns
    var values = Tensor(zeros: [rows * columns])
    values.write { p in
      for i in 0..<rows {
        for j in 0..<columns { p[i * columns + j] = b.transposed ? b.base[j * b.stride + i] : b.base[i * b.stride + j] }
      }
    }
    return PackedMatrix(rows: rows, columns: columns, values: values)
  }
  public func multiply(_ a: MatrixView, _ b: PackedMatrix, into c: MutableMatrixView, adds: Bool) {
    b.values.read { multiply(a, MatrixView($0, b.rows, b.columns), into: c, beta: adds ? 1 : 0) }
  }
}

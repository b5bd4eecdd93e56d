public import Compute
internal import Kernels

extension Native {
  public func packed(_ b: MatrixView) -> PackedMatrix {
    let rows = b.transposed ? b.columns : b.rows, columns = b.transposed ? b.rows : b.columns
    guard soma_packs() != 0 else { return ReferenceBackend().packed(b) }
    var values = Tensor(unwritten: [soma_packed_size(rows, columns)])
    values.write { soma_pack(b.transposed ? 1 : 0, rows, columns, b.base, b.stride, $0) }
    return PackedMatrix(rows: rows, columns: columns, values: values)
  }
  public func multiply(_ a: MatrixView, _ b: PackedMatrix, into c: MutableMatrixView, adds: Bool) {
    b.values.read { p in
      guard soma_packs() != 0 else {
        return multiply(a, MatrixView(p, b.rows, b.columns), into: c, beta: adds ? 1 : 0)
      }
      soma_packed_product(
        c.rows, c.columns, b.rows, a.base, a.transposed ? 1 : a.stride, a.transposed ? a.stride : 1, p, adds ? 1 : 0,
        c.base, c.stride)
    }
  }
}

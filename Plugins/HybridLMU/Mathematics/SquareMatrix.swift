/// A square matrix in double precision, row by row.
struct SquareMatrix: Sendable, Equatable {
  let size: Int
  var values: [Double]

  init(_ size: Int, _ value: (_ row: Int, _ column: Int) -> Double = { _, _ in 0 }) {
    self.size = size
    values = (0..<size * size).map { value($0 / size, $0 % size) }
  }
  static func identity(_ size: Int) -> SquareMatrix { SquareMatrix(size) { $0 == $1 ? 1 : 0 } }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * size + column] }
    set { values[row * size + column] = newValue }
  }
  /// The largest sum of absolute values down a column.
  var norm: Double {
    (0..<size).map { column in (0..<size).reduce(0) { $0 + abs(self[$1, column]) } }.max() ?? 0
  }
  /// a·self + b·other
  func combined(_ a: Double, _ other: SquareMatrix, _ b: Double) -> SquareMatrix {
    var result = self
    for i in values.indices { result.values[i] = a * values[i] + b * other.values[i] }
    return result
  }
  static func + (a: SquareMatrix, b: SquareMatrix) -> SquareMatrix { a.combined(1, b, 1) }
  static func * (factor: Double, a: SquareMatrix) -> SquareMatrix { a.combined(factor, a, 0) }

  static func * (a: SquareMatrix, b: SquareMatrix) -> SquareMatrix {
    let n = a.size
    var result = SquareMatrix(n)
    a.values.withUnsafeBufferPointer { x in
      b.values.withUnsafeBufferPointer { y in
        result.values.withUnsafeMutableBufferPointer { z in
          for i in 0..<n {
            for k in 0..<n {
              let factor = x[i * n + k]
              for j in 0..<n { z[i * n + j] += factor * y[k * n + j] }
            }
          }
        }
      }
    }
    return result
  }
  static func * (a: SquareMatrix, vector: [Double]) -> [Double] {
    (0..<a.size).map { row in (0..<a.size).reduce(0) { $0 + a[row, $1] * vector[$1] } }
  }

  /// X with self·X = right, by elimination with the largest pivot of each column.
  func solved(_ right: SquareMatrix) -> SquareMatrix {
    let n = size
    var a = self, x = right
    for column in 0..<n {
      let pivot = (column..<n).max { abs(a[$0, column]) < abs(a[$1, column]) } ?? column
      if pivot != column {
        for j in 0..<n {
          a.values.swapAt(pivot * n + j, column * n + j)
          x.values.swapAt(pivot * n + j, column * n + j)
        }
      }
      let scale = 1 / a[column, column]
      for row in 0..<n where row != column {
        let factor = a[row, column] * scale
        if factor == 0 { continue }
        a.values.subtract(factor, row: column, from: row, n)
        x.values.subtract(factor, row: column, from: row, n)
      }
    }
    for row in 0..<n { for j in 0..<n { x[row, j] /= a[row, row] } }
    return x
  }

  /// e^self, by the Padé approximant of order 13 with scaling and squaring.
  ///
  /// - Reference: N. J. Higham, SIAM J. Matrix Anal. Appl. 26(4), 2005, doi:10.1137/04061101X.
  var exponential: SquareMatrix {
    // Up to this norm the approximant is exact to double precision.
    var scaled = self, halvings = 0
    while scaled.norm > 5.371920351148152 { (scaled, halvings) = (0.5 * scaled, halvings + 1) }
    return (0..<halvings).reduce(scaled.pade13) { power, _ in power * power }
  }
  private var pade13: SquareMatrix {
    let b: [Double] = [
      64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800, 129_060_195_264_000,
      10_559_470_521_600, 670_442_572_800, 33_522_128_640, 1_323_241_920, 40_840_800, 960_960, 16_380, 182, 1,
    ]
    let one = SquareMatrix.identity(size), a2 = self * self, a4 = a2 * a2, a6 = a4 * a2
    func sum(_ first: Int) -> SquareMatrix {
      let high = a6 * (b[first + 12] * a6 + b[first + 10] * a4 + b[first + 8] * a2)
      return high + b[first + 6] * a6 + b[first + 4] * a4 + b[first + 2] * a2 + b[first] * one
    }
    let odd = self * sum(1), even = sum(0)
    return even.combined(1, odd, -1).solved(even + odd)
  }
}
extension [Double] {
  /// row `to` −= factor · row `from`
  fileprivate mutating func subtract(_ factor: Double, row from: Int, from to: Int, _ n: Int) {
    withUnsafeMutableBufferPointer { p in for j in 0..<n { p[to * n + j] -= factor * p[from * n + j] } }
  }
}

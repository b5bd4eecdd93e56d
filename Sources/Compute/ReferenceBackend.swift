#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Every operation in plain Swift, written to be read: what tests compare the fast backend with.
public struct ReferenceBackend: Backend {
  public init() {}

  public func forEach(_ pieces: Int, threads: Int, _ body: (Int) -> Void) {
    for piece in 0..<pieces { body(piece) }
  }

  public func multiply(_ a: MatrixView, _ b: MatrixView, into c: MutableMatrixView, beta: Float) {
    let depth = a.transposed ? a.rows : a.columns
    for i in 0..<c.rows {
      for j in 0..<c.columns {
        var sum: Float = 0
        for k in 0..<depth {
          let x = a.transposed ? a.base[k * a.stride + i] : a.base[i * a.stride + k]
          let y = b.transposed ? b.base[j * b.stride + k] : b.base[k * b.stride + j]
          sum += x * y
        }
        // What was there may be uninitialised where it does not count.
        c.base[i * c.stride + j] = beta == 0 ? sum : beta * c.base[i * c.stride + j] + sum
      }
    }
  }
  public func addRows(_ rows: MatrixView, values: UnsafePointer<Float>, into sum: UnsafeMutablePointer<Float>) {
    for i in 0..<rows.rows where values[i] != 0 {
      for j in 0..<rows.columns { sum[j] += values[i] * rows.base[i * rows.stride + j] }
    }
  }
  public func addBias(_ bias: UnsafePointer<Float>, to rows: MutableMatrixView) {
    for i in 0..<rows.rows {
      for j in 0..<rows.columns { rows.base[i * rows.stride + j] += bias[j] }
    }
  }
  public func sumRows(_ rows: MatrixView, into sum: UnsafeMutablePointer<Float>) {
    for i in 0..<rows.rows {
      for j in 0..<rows.columns { sum[j] += rows.base[i * rows.stride + j] }
    }
  }

  public func rectify(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
    for i in 0..<count { y[i] = x[i] > 0 ? x[i] : 0 }
  }
  public func rectifyBackward(
    _ gradient: UnsafePointer<Float>, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count { y[i] = x[i] > 0 ? gradient[i] : 0 }
  }
  public func exponential(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
    for i in 0..<count { y[i] = x[i] < -87 ? 0 : expf(x[i]) }
  }
  public func hyperbolicTangent(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
    for i in 0..<count { y[i] = tanhf(x[i]) }
  }

  public func momentumStep(
    _ weight: UnsafeMutablePointer<Float>, velocity: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    count: Int, rate: Float, momentum: Float, decay: Float
  ) {
    for i in 0..<count {
      velocity[i] = momentum * velocity[i] + (gradient[i] + decay * weight[i])
      weight[i] -= rate * velocity[i]
    }
  }
  public func adamStep(
    _ weight: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>, square: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, count: Int, _ c: AdamCoefficients
  ) {
    for i in 0..<count {
      let g = gradient[i]
      mean[i] = c.meanDecay * mean[i] + (1 - c.meanDecay) * g
      square[i] = c.squareDecay * square[i] + (1 - c.squareDecay) * (g * g)
      let step = (mean[i] * c.meanCorrection) / ((square[i] * c.squareCorrection).squareRoot() + c.epsilon)
      weight[i] -= c.rate * (step + c.weightDecay * weight[i])
    }
  }
}

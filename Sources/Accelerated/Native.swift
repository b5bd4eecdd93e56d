public import Compute
internal import Kernels

/// oneDNN and the C loops behind `Compute.Backend`. Imported by `soma`, tests and benchmarks only.
public struct Native: Backend {
  public init() {}

  public func forEach(_ pieces: Int, threads: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      var body = body
      withUnsafeMutablePointer(to: &body) { pointer in
        soma_parallel(
          pieces, threads, { context, piece in context?.assumingMemoryBound(to: ((Int) -> Void).self).pointee(piece) },
          pointer)
      }
    }
  }

  public func multiply(_ a: MatrixView, _ b: MatrixView, into c: MutableMatrixView, beta: Float) {
    guard c.rows > 0, c.columns > 0 else { return }
    guard c.rows > 1 else { return multiplyRow(a, b, into: c, beta: beta) }
    product(a, b, into: c, beta: beta)
  }
  private func product(_ a: MatrixView, _ b: MatrixView, into c: MutableMatrixView, beta: Float) {
    let depth = a.transposed ? a.rows : a.columns
    soma_matrix_product(
      a.transposed ? 1 : 0, b.transposed ? 1 : 0, c.rows, c.columns, depth, a.base, a.stride, b.base, b.stride, beta,
      c.base, c.stride)
  }
  /// oneDNN computes a single row by another path, with other sums: it is computed twice and stored once, so that a
  /// sample alone has the bits it has within a batch.
  private func multiplyRow(_ a: MatrixView, _ b: MatrixView, into c: MutableMatrixView, beta: Float) {
    let depth = a.transposed ? a.rows : a.columns, width = c.columns, step = a.transposed ? a.stride : 1
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * (depth + width)) { memory in
      guard let pair = memory.baseAddress else { return }
      for k in 0..<depth {
        pair[k] = a.base[k * step]
        pair[depth + k] = a.base[k * step]
      }
      let result = pair + 2 * depth
      for row in 0..<2 { for j in 0..<width { result[row * width + j] = beta == 0 ? 0 : c.base[j] } }
      product(MatrixView(pair, 2, depth), b, into: MutableMatrixView(result, 2, width), beta: beta)
      c.base.update(from: result, count: width)
    }
  }

  public func addRows(_ rows: MatrixView, values: UnsafePointer<Float>, into sum: UnsafeMutablePointer<Float>) {
    soma_add_rows(sum, rows.columns, rows.base, rows.stride, values, rows.rows)
  }
  public func addBias(_ bias: UnsafePointer<Float>, to rows: MutableMatrixView) {
    soma_add_bias(rows.base, rows.rows, rows.columns, rows.stride, bias)
  }
  public func sumRows(_ rows: MatrixView, into sum: UnsafeMutablePointer<Float>) {
    soma_sum_rows(rows.base, rows.rows, rows.columns, rows.stride, sum)
  }

  public func rectify(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
    soma_rectify(x, y, count)
  }
  public func rectifyBackward(
    _ gradient: UnsafePointer<Float>, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) { soma_rectify_backward(gradient, x, y, count) }
  public func exponential(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
    soma_exponential(x, y, count)
  }
  public func hyperbolicTangent(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
    soma_hyperbolic_tangent(x, y, count)
  }

  public func momentumStep(
    _ weight: UnsafeMutablePointer<Float>, velocity: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    count: Int, rate: Float, momentum: Float, decay: Float
  ) { soma_momentum_step(weight, velocity, gradient, count, rate, momentum, decay) }
  public func adamStep(
    _ weight: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>, square: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, count: Int, _ c: AdamCoefficients
  ) {
    var coefficients = soma_adam(
      rate: c.rate, mean_decay: c.meanDecay, square_decay: c.squareDecay, epsilon: c.epsilon,
      weight_decay: c.weightDecay, mean_correction: c.meanCorrection, square_correction: c.squareCorrection)
    soma_adam_step(weight, mean, square, gradient, count, &coefficients)
  }
}

/// The shortest window, in steps, for which Euler's rule is stable: θ > |λ|²/(−2·Re λ) for every eigenvalue λ of A.
///
/// The eigenvalues are badly conditioned functions of the matrix, but good ones of their polynomial, the denominator of the
/// [q−1/q] Padé approximant of e^(−s):
///
///     p₀ = 1,   p₁ = s + 1,   pₖ₊₁ = (2(2k+1) − 2s/(2k−1))·pₖ + (2k+1)/(2k−1)·s²·pₖ₋₁
///
/// The pair with the largest imaginary part decides. It is followed from order to order by Newton's method.
enum EulerBound {
  static func window(order: Int) -> Double {
    guard order > 2 else { return order == 2 ? 1.5 : 0.5 }
    var before = Complex(-2, 2.0.squareRoot()), last = Complex(-2.6810828736277474, 3.050430199247407)
    for k in stride(from: 4, through: order, by: 1) {
      let root = newton(order: k, from: 2 * last - before)
      (before, last) = (last, root)
    }
    return last.squaredSize / (-2 * last.real)
  }
  private static func newton(order: Int, from start: Complex) -> Complex {
    var s = start
    for _ in 0..<50 {
      let step = ratio(order, s)
      s = s - step
      if step.squaredSize < 1e-26 * s.squaredSize { break }
    }
    return s
  }
  /// p/p′ of an order at s; values and slopes are kept near 1, where they would leave the range of doubles.
  private static func ratio(_ order: Int, _ s: Complex) -> Complex {
    var (a, slopeA) = (Complex(1, 0), Complex(0, 0)), (b, slopeB) = (s + Complex(1, 0), Complex(1, 0))
    for k in 1..<order {
      let n = Double(2 * k - 1), up = Double(2 * k + 1), factor = Complex(2 * up, 0) - (2 / n) * s
      let c = factor * b + (up / n) * (s * s * a)
      let slopeC = factor * slopeB - (2 / n) * b + (up / n) * (2 * (s * a) + s * s * slopeA)
      let size = 1 / max(c.squaredSize.squareRoot(), .leastNormalMagnitude)
      (a, slopeA) = (size * b, size * slopeB)
      (b, slopeB) = (size * c, size * slopeC)
    }
    return b / slopeB
  }

  private struct Complex {
    var real: Double, imaginary: Double
    init(_ real: Double, _ imaginary: Double) { (self.real, self.imaginary) = (real, imaginary) }
    var squaredSize: Double { real * real + imaginary * imaginary }
    static func + (a: Complex, b: Complex) -> Complex { Complex(a.real + b.real, a.imaginary + b.imaginary) }
    static func - (a: Complex, b: Complex) -> Complex { Complex(a.real - b.real, a.imaginary - b.imaginary) }
    static func * (a: Double, b: Complex) -> Complex { Complex(a * b.real, a * b.imaginary) }
    static func * (a: Complex, b: Complex) -> Complex {
      Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
    }
    static func / (a: Complex, b: Complex) -> Complex {
      (1 / b.squaredSize) * (a * Complex(b.real, -b.imaginary))
    }
  }
}

/// Legendre polynomials on 0…1: P̃ᵢ(r) = Pᵢ(2r − 1).
enum LegendrePolynomials {
  /// P̃₀(r) … P̃ of `order` − 1, by (k+1)·Pₖ₊₁ = (2k+1)·x·Pₖ − k·Pₖ₋₁; powers of r would lose every digit at high orders.
  static func values(order: Int, at r: Double) -> [Double] {
    let x = 2 * r - 1
    var values = [1, x]
    for k in 1..<max(2, order) {
      let n = Double(k)
      values.append(((2 * n + 1) * x * values[k] - n * values[k - 1]) / (n + 1))
    }
    return Array(values.prefix(order))
  }
}

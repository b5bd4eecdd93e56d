#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Sizes of a row of weights.
public enum Norm {
  /// ‖w‖ₚ = (Σ |wᵢ|ᵖ)^(1/p)
  public static func lp(_ row: [Double], _ p: Double) -> Double {
    // Dividing by the largest first keeps fourth powers within range.
    let largest = row.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return largest }
    return largest * pow(row.reduce(0) { $0 + pow(abs($1) / largest, p) }, 1 / p)
  }
  public static func l1(_ row: [Double]) -> Double { row.reduce(0) { $0 + abs($1) } }
  public static func l2(_ row: [Double]) -> Double { lp(row, 2) }
  /// ‖w‖₄, whose square is the length of the vector of squares: ‖w∘w‖₂ = ‖w‖₄².
  public static func l4(_ row: [Double]) -> Double {
    let largest = row.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return largest }
    let sum = row.reduce(0.0) {
      let x = $1 / largest
      return $0 + x * x * x * x
    }
    return largest * sum.squareRoot().squareRoot()
  }
  public static func largest(_ row: [Double]) -> Double { row.reduce(0) { max($0, abs($1)) } }
  /// ‖w‖₂⁴ / ‖w‖₄⁴, from 1 to n: how many synapses there are in effect; 0 for a row without weights.
  public static func participation(_ row: [Double]) -> Double {
    let four = l4(row)
    return four > 0 ? pow(l2(row) / four, 4) : 0
  }
}

/// The p-th percentile: sorted, with linear interpolation at rank (n − 1)·p/100; nil without values.
public func percentile(_ values: [Float], _ p: Double) -> Double? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted(), rank = Double(values.count - 1) * min(100, max(0, p)) / 100
  let below = Int(rank.rounded(.down)), above = min(values.count - 1, below + 1)
  return Double(sorted[below]) + (rank - Double(below)) * (Double(sorted[above]) - Double(sorted[below]))
}

/// xᵃ in double precision.
func power(_ x: Double, _ a: Double) -> Double { pow(x, a) }

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

/// The p-th percentile: linear interpolation at rank (n − 1)·p/100 of the values in order; nil without values.
public func percentile(_ values: [Float], _ p: Double) -> Double? { percentile(values, p, onlyPositive: false) {} }

/// The p-th percentile of all values, or of those above 0.
///
/// - Parameter poll: called several times a second; what it throws ends the search.
func percentile<E: Error>(_ values: [Float], _ p: Double, onlyPositive: Bool, poll: () throws(E) -> Void) throws(E)
  -> Double?
{
  let ranking = try Ranking(values, onlyPositive: onlyPositive, poll)
  guard ranking.count > 0 else { return nil }
  let rank = Double(ranking.count - 1) * min(100, max(0, p)) / 100, below = Int(rank.rounded(.down))
  let low = Double(try ranking.value(below, poll)),
    high = Double(try ranking.value(min(ranking.count - 1, below + 1), poll))
  return low + (rank - Double(below)) * (high - low)
}

/// Numbers by rank without sorting them: counts by the upper and then by the lower half of their bits.
private struct Ranking {
  private let values: [Float], onlyPositive: Bool
  /// How many numbers there are of each upper half, and of all.
  private var upper: [Int], total = 0
  var count: Int { total }
  private static let stretch = 1 << 21

  init<E: Error>(_ values: [Float], onlyPositive: Bool, _ poll: () throws(E) -> Void) throws(E) {
    (self.values, self.onlyPositive, upper) = (values, onlyPositive, Array(repeating: 0, count: 1 << 16))
    upper = try counts(poll) { Int($0 >> 16) }
    total = upper.reduce(0, +)
  }
  /// Whole numbers in the order of the numbers they stand for.
  private static func key(_ value: Float) -> UInt32 {
    let bits = value.bitPattern
    return bits >> 31 == 1 ? ~bits : bits | 1 << 31
  }
  private func counts<E: Error>(_ poll: () throws(E) -> Void, _ place: (UInt32) -> Int?) throws(E) -> [Int] {
    var counts = [Int](repeating: 0, count: 1 << 16)
    for first in stride(from: 0, to: values.count, by: Self.stretch) {
      try poll()
      values.withUnsafeBufferPointer { values in
        for i in first..<min(values.count, first + Self.stretch) where !onlyPositive || values[i] > 0 {
          if let bin = place(Self.key(values[i])) { counts[bin] += 1 }
        }
      }
    }
    return counts
  }
  /// The number of a rank, counted from 0.
  func value<E: Error>(_ rank: Int, _ poll: () throws(E) -> Void) throws(E) -> Float {
    let (high, left) = Self.bin(upper, rank)
    let lower = try counts(poll) { Int($0 >> 16) == high ? Int($0 & 0xFFFF) : nil }
    let key = UInt32(high) << 16 | UInt32(Self.bin(lower, left).bin)
    return Float(bitPattern: key >> 31 == 1 ? key & ~(1 << 31) : ~key)
  }
  /// The bin that holds a rank, and the rank within it.
  private static func bin(_ counts: [Int], _ rank: Int) -> (bin: Int, left: Int) {
    var left = rank
    for (bin, count) in counts.enumerated() {
      if left < count { return (bin, left) }
      left -= count
    }
    return (counts.count - 1, 0)
  }
}

/// xᵃ in double precision.
func power(_ x: Double, _ a: Double) -> Double { pow(x, a) }

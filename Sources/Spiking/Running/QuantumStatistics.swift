#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What a signal of whole numbers costs, told by how often each number was sent.
public struct QuantumStatistics: Sendable, Equatable {
  private var counts: [Int: Int] = [:]
  public init() {}
  public init(_ numbers: some Sequence<Int>) { add(numbers) }

  public mutating func add(_ numbers: some Sequence<Int>) { for n in numbers { counts[n, default: 0] += 1 } }

  /// Numbers looked at.
  public var count: Int { counts.values.reduce(0, +) }
  /// Largest − smallest + 1.
  public var levels: Int {
    guard let least = counts.keys.min(), let most = counts.keys.max() else { return 0 }
    return most - least + 1
  }
  /// log₂(levels): the width of a word that holds any of them.
  public var bits: Double { levels > 0 ? log2(Double(levels)) : 0 }
  /// Mean bit length of |n|, leading zeros dropped: 0 for 0, 1 for 1, 2 for 2 and 3.
  public var sig: Double { mean { Double(Int.bitWidth - abs($0).leadingZeroBitCount) } }
  /// Mean number of ones in |n|: shifted additions for each weight.
  public var pop: Double { mean { Double(abs($0).nonzeroBitCount) } }
  /// −Σ p·log₂ p of the numbers.
  public var entropy: Double {
    let total = Double(max(1, count))
    // In order, so that a sum has the same bits in every run.
    return counts.sorted { $0.key < $1.key }.reduce(0) {
      $0 - Double($1.value) / total * log2(Double($1.value) / total)
    }
  }
  /// Share of numbers that are not 0.
  public var density: Double { mean { $0 == 0 ? 0 : 1 } }
  /// Mean |n|: additions for each weight where quanta are sent one by one.
  public var adds: Double { mean { Double(abs($0)) } }

  private func mean(_ value: (Int) -> Double) -> Double {
    counts.sorted { $0.key < $1.key }.reduce(0) { $0 + value($1.key) * Double($1.value) } / Double(max(1, count))
  }
}

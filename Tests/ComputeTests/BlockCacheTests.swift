import Testing

@testable import Compute

/// Memory that is used again.
@Suite struct BlockCacheTests {
  @Test func blocksAreUsedAgainAndLetGoOf() {
    let cache = BlockCache(), bytes = 3 << 20, first = cache.take(bytes: bytes)
    cache.give(first, bytes: bytes)
    #expect(cache.keptBytes == bytes)
    let second = cache.take(bytes: bytes), other = cache.take(bytes: bytes), small = cache.take(bytes: 64)
    #expect(first == second && other != second && cache.keptBytes == 0)
    for block in [second, other] { cache.give(block, bytes: bytes) }
    cache.give(small, bytes: 64)
    #expect(cache.keptBytes == 2 * bytes)
    cache.clear()
    #expect(cache.keptBytes == 0)
  }
  /// Zeros are zeros in memory that held something else, and copies stay copies.
  @Test func tensorsDoNotSeeWhatWasThere() {
    for round in 1...3 {
      var tensor = Tensor(zeros: [1 << 20])
      #expect(tensor[12345] == 0 && tensor[(1 << 20) - 1] == 0, "round \(round)")
      tensor.write { for i in 0..<1 << 20 { $0[i] = Float(round) } }
      var copy = tensor
      copy[7] = -1
      #expect(tensor[7] == Float(round) && copy[7] == -1 && copy[8] == Float(round))
    }
  }
}

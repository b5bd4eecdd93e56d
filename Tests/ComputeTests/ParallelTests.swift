import Accelerated
import Compute
import Foundation
import Testing

@Suite struct ParallelTests {
  /// Every piece is run once, for more and fewer pieces than threads, and for changing numbers of threads.
  @Test(arguments: [1, 2, 3, 5]) func everyPieceIsRunOnce(_ threads: Int) {
    let machine = Machine(backend: Native(), threads: threads)
    for pieces in [0, 1, 2, 7, 1000] {
      var counts = [Int](repeating: 0, count: pieces)
      counts.withUnsafeMutableBufferPointer { counts in
        nonisolated(unsafe) let counts = counts
        machine.forEach(pieces) { counts[$0] += 1 }
      }
      #expect(counts.allSatisfy { $0 == 1 })
    }
  }
  @Test func nestedCallsRunInline() {
    let machine = Machine(backend: Native(), threads: 3)
    var counts = [Int](repeating: 0, count: 400)
    counts.withUnsafeMutableBufferPointer { counts in
      nonisolated(unsafe) let counts = counts
      machine.forEach(20) { outer in machine.forEach(20) { counts[outer * 20 + $0] += 1 } }
    }
    #expect(counts.allSatisfy { $0 == 1 })
  }
  @Test func tilesCoverTheWhole() {
    var seen = [Int](repeating: 0, count: 1000)
    seen.withUnsafeMutableBufferPointer { seen in
      nonisolated(unsafe) let seen = seen
      Machine(backend: Native(), threads: 2).forEachTile(of: 1000, size: 64) { for i in $0 { seen[i] += 1 } }
    }
    #expect(seen.allSatisfy { $0 == 1 })
  }
  /// Callers on several threads at once neither wait for each other nor mix their work.
  @Test func callersOnSeveralThreads() async {
    let machine = Machine(backend: Native(), threads: 2)
    let sums = await withTaskGroup(of: Int.self) { group in
      for task in 0..<8 {
        group.addTask {
          var sum = 0
          for round in 0..<200 {
            var parts = [Int](repeating: 0, count: 9)
            parts.withUnsafeMutableBufferPointer { parts in
              nonisolated(unsafe) let parts = parts
              machine.forEach(9) { parts[$0] = $0 * task + round }
            }
            sum += parts.reduce(0, +)
          }
          return sum - 200 * 36 * task - 9 * 199 * 100
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sums == [Int](repeating: 0, count: 8))
  }
}

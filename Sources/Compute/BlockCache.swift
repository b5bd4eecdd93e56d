internal import Synchronization

/// Large blocks of memory that were let go of, kept for the next tensor of the same size.
///
/// A batch needs the same tensors as the one before it. Fetching them from the system each time costs a page fault for
/// every 4 kB, a fifth of a training step.
final class BlockCache: Sendable {
  static let shared = BlockCache()

  private struct Blocks: ~Copyable, Sendable {
    nonisolated(unsafe) var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var bytes = 0
  }
  private let blocks = Mutex(Blocks())
  /// Smaller blocks are served well by the system.
  private static let smallest = 1 << 18
  /// What is kept at most.
  private static let limit = 1 << 30

  func take(bytes: Int) -> UnsafeMutableRawPointer {
    let kept: UInt =
      bytes < Self.smallest
      ? 0
      : blocks.withLock { blocks in
        guard let block = blocks.free[bytes]?.popLast() else { return 0 }
        blocks.bytes -= bytes
        return UInt(bitPattern: block)
      }
    return UnsafeMutableRawPointer(bitPattern: kept) ?? .allocate(byteCount: bytes, alignment: 64)
  }
  func give(_ block: UnsafeMutableRawPointer, bytes: Int) {
    let address = UInt(bitPattern: block)
    let isKept =
      bytes >= Self.smallest
      && blocks.withLock { blocks in
        guard blocks.bytes + bytes <= Self.limit, let block = UnsafeMutableRawPointer(bitPattern: address) else {
          return false
        }
        blocks.free[bytes, default: []].append(block)
        blocks.bytes += bytes
        return true
      }
    if !isKept { block.deallocate() }
  }
  var keptBytes: Int { blocks.withLock { $0.bytes } }
  func clear() {
    let all = blocks.withLock { blocks in
      let all = blocks.free.values.flatMap { $0.map { UInt(bitPattern: $0) } }
      (blocks.free, blocks.bytes) = ([:], 0)
      return all
    }
    for address in all { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
  }
}
extension Memory {
  /// Gives memory that is kept for the next tensors back to the system.
  public static func release() { BlockCache.shared.clear() }
}

/// Where work runs: a backend and a number of threads. Passed along, never global.
public struct Machine: Sendable {
  public var backend: any Backend
  public var threads: Int

  public init(backend: any Backend = ReferenceBackend(), threads: Int = 1) {
    (self.backend, self.threads) = (backend, max(1, threads))
  }

  /// Runs `body` for 0..<pieces.
  ///
  /// Pieces depend on the shape of the work only, never on `threads`, and write disjoint results; sums over pieces are
  /// made afterwards, in order. That is the whole rule of determinism.
  public func forEach(_ pieces: Int, _ body: (Int) -> Void) {
    if threads == 1 || pieces <= 1 {
      for piece in 0..<max(0, pieces) { body(piece) }
    } else {
      backend.forEach(pieces, threads: threads, body)
    }
  }
  /// Runs `body` for consecutive ranges of at most `size` items that cover 0..<count.
  public func forEachTile(of count: Int, size: Int, _ body: (Range<Int>) -> Void) {
    forEach((count + size - 1) / size) { tile in body(tile * size..<min(count, (tile + 1) * size)) }
  }
}

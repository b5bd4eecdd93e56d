/// Memory at a multiple of 64 bytes, for the kernels.
///
/// Sendable because it is written by its one owner only, before it is shared.
public final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  public let base: UnsafeMutablePointer<Element>, count: Int

  /// Elements whose bits are all 0.
  public init(zeros count: Int) {
    self.count = count
    let bytes = max(64, (count * MemoryLayout<Element>.stride + 63) / 64 * 64)
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    base = raw.bindMemory(to: Element.self, capacity: bytes / MemoryLayout<Element>.stride)
  }
  public convenience init(_ values: [Element]) {
    self.init(zeros: values.count)
    for (i, value) in values.enumerated() { base[i] = value }
  }
  deinit { base.deallocate() }
  @inlinable public subscript(i: Int) -> Element {
    get { base[i] }
    set { base[i] = newValue }
  }
}

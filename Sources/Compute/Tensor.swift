/// Floats on 64-byte aligned storage with value semantics: copied on the first write that finds it shared.
///
/// Elements lie row-major, the last extent innermost. Loops take `span` or `mutableSpan`; calls into a backend take the
/// address through `read` or `write`.
public struct Tensor: Sendable {
  public private(set) var shape: Shape
  @usableFromInline internal var storage: Storage

  public init(zeros shape: Shape) {
    self.shape = shape
    storage = Storage(count: shape.count)
  }
  /// A tensor whose elements are to be written before they are read.
  public init(unwritten shape: Shape) {
    self.shape = shape
    storage = Storage(unwritten: shape.count)
  }
  /// Makes a tensor of `values`, whose number must be that of the shape.
  public init(_ values: some Collection<Float>, _ shape: Shape) {
    precondition(values.count == shape.count, "as many values as the shape has elements")
    self.init(zeros: shape)
    let isCopied: Void? = values.withContiguousStorageIfAvailable { block in
      if let base = block.baseAddress { storage.base.update(from: base, count: block.count) }
    }
    if isCopied == nil { for (i, value) in values.enumerated() { storage.base[i] = value } }
  }

  public var count: Int { storage.count }
  /// The elements as an array: a copy.
  public var values: [Float] { Array(UnsafeBufferPointer(start: storage.base, count: storage.count)) }

  /// The same elements under another shape of as many elements; nothing is copied.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "reshaping keeps the number of elements")
    var copy = self
    copy.shape = shape
    return copy
  }

  /// The elements, for reading.
  public var span: Span<Float> {
    @_lifetime(borrow self) get {
      let span = unsafe Span(_unsafeStart: UnsafePointer(storage.base), count: storage.count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }
  /// The elements, for writing; makes the storage unique first.
  public var mutableSpan: MutableSpan<Float> {
    @_lifetime(&self) mutating get {
      makeUnique()
      let span = unsafe MutableSpan(_unsafeStart: storage.base, count: storage.count)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }
  public subscript(i: Int) -> Float {
    get {
      precondition(i >= 0 && i < count, "index within the tensor")
      return storage.base[i]
    }
    set {
      precondition(i >= 0 && i < count, "index within the tensor")
      makeUnique()
      storage.base[i] = newValue
    }
  }

  /// Calls `body` with the address of the first element, valid for the length of the call.
  public func read<R>(_ body: (UnsafePointer<Float>) throws -> R) rethrows -> R {
    try withExtendedLifetime(storage) { try body(UnsafePointer(storage.base)) }
  }
  /// Calls `body` with the address of the first element of unshared storage, valid for the length of the call.
  public mutating func write<R>(_ body: (UnsafeMutablePointer<Float>) throws -> R) rethrows -> R {
    makeUnique()
    return try withExtendedLifetime(storage) { try body(storage.base) }
  }
  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = Storage(copying: storage) }
  }

  /// Owns the memory. Only an unshared storage is ever written, hence Sendable.
  @usableFromInline final class Storage: @unchecked Sendable {
    @usableFromInline let base: UnsafeMutablePointer<Float>
    @usableFromInline let count: Int
    private let bytes: Int

    init(unwritten count: Int) {
      self.count = count
      bytes = max(64, (count * 4 + 63) / 64 * 64)
      base = BlockCache.shared.take(bytes: bytes).bindMemory(to: Float.self, capacity: bytes / 4)
    }
    convenience init(count: Int) {
      self.init(unwritten: count)
      base.initialize(repeating: 0, count: max(16, (count + 15) / 16 * 16))
    }
    convenience init(copying other: Storage) {
      self.init(unwritten: other.count)
      base.update(from: other.base, count: count)
    }
    deinit { BlockCache.shared.give(base, bytes: bytes) }
  }
}
extension Tensor: Equatable {
  /// Whether shape and elements are equal; a NaN equals nothing, so compare `bits` where it may occur.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape else { return false }
    return (0..<a.count).allSatisfy { a.storage.base[$0] == b.storage.base[$0] }
  }
  /// The bit patterns of the elements.
  public var bits: [UInt32] { values.map(\.bitPattern) }
}

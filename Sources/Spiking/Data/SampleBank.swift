public import Compute

/// The samples of one part of a data set, as bytes, small whole numbers or floats; never changed once made, so copies share it.
public struct SampleBank: Sendable {
  public enum Values: Sendable {
    /// A byte b stands for b / 255.
    case bytes([UInt8])
    /// A number stands for itself.
    case numbers([Int8])
    case floats([Float])
  }
  /// The shape of one sample.
  public let shape: Shape
  /// One class number per sample.
  public let labels: [Int]
  public let values: Values
  /// What is to be answered at every step, where it is not one class per sample.
  public var targets: Targets?

  /// - Precondition: as many values as labels × shape.
  public init(shape: Shape, labels: [Int], bytes: [UInt8]) {
    precondition(bytes.count == labels.count * shape.count, "as many bytes as samples × features")
    (self.shape, self.labels, values) = (shape, labels, .bytes(bytes))
  }
  public init(shape: Shape, labels: [Int], numbers: [Int8]) {
    precondition(numbers.count == labels.count * shape.count, "as many numbers as samples × features")
    (self.shape, self.labels, values) = (shape, labels, .numbers(numbers))
  }
  public init(shape: Shape, labels: [Int], floats: [Float]) {
    precondition(floats.count == labels.count * shape.count, "as many floats as samples × features")
    (self.shape, self.labels, values) = (shape, labels, .floats(floats))
  }
  public var count: Int { labels.count }

  /// Writes the features of sample `index` to `output`.
  public func read(_ index: Int, into output: UnsafeMutablePointer<Float>) {
    precondition(labels.indices.contains(index), "a sample of the bank")
    let n = shape.count
    switch values {
    case .bytes(let bytes):
      bytes.withUnsafeBufferPointer { b in for i in 0..<n { output[i] = Float(b[index * n + i]) / 255 } }
    case .numbers(let numbers):
      numbers.withUnsafeBufferPointer { b in for i in 0..<n { output[i] = Float(b[index * n + i]) } }
    case .floats(let floats):
      floats.withUnsafeBufferPointer { f in for i in 0..<n { output[i] = f[index * n + i] } }
    }
  }
  /// The features of sample `index`.
  public func sample(_ index: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: shape.count) { buffer, count in
      if let base = buffer.baseAddress { read(index, into: base) }
      count = shape.count
    }
  }
  /// Calls `body` with the bytes of sample `index`, or returns nil where the bank holds no bytes.
  public func withBytes<R>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R? {
    precondition(labels.indices.contains(index), "a sample of the bank")
    guard case .bytes(let bytes) = values else { return nil }
    let n = shape.count
    return try bytes.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[index * n..<(index + 1) * n]))
    }
  }
}

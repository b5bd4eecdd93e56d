/// What a trainer needs to go on as if it had not stopped: saved with the model and in checkpoints.
public struct TrainingState: Sendable, Equatable {
  /// The trainer it belongs to.
  public var trainer: String
  /// Epochs finished, and samples of the next one that are done.
  public var epoch: Int, position: Int
  public var seed: UInt64
  /// The data that the place in the epoch refers to, as `EncodedData.fingerprint`; nil where that is not known.
  public var data: UInt64?
  /// State of the optimiser and the like, in the layout of the parameters or the trainer's own.
  public var vectors: [String: [Float]]
  public var numbers: [String: Double]

  public init(
    trainer: String, epoch: Int = 0, position: Int = 0, seed: UInt64, vectors: [String: [Float]] = [:],
    numbers: [String: Double] = [:]
  ) {
    (self.trainer, self.epoch, self.position, self.seed) = (trainer, epoch, position, seed)
    (self.vectors, self.numbers) = (vectors, numbers)
  }

  /// The first version did not know its data.
  private static let version: UInt64 = 2
  /// More epochs, or samples of one, than any run has.
  private static let most = 1 << 40

  /// The state as bytes, little-endian, entries in the order of their names.
  public var bytes: [UInt8] {
    var writer = ByteWriter()
    for word in [Self.version, seed, UInt64(epoch), UInt64(position)] { writer.put(word) }
    writer.put(UInt64(data == nil ? 0 : 1))
    writer.put(data ?? 0)
    writer.put(trainer)
    writer.put(UInt64(vectors.count))
    for (name, values) in vectors.sorted(by: { $0.key < $1.key }) {
      writer.put(name)
      writer.put(UInt64(values.count))
      for value in values { writer.put(value.bitPattern) }
    }
    writer.put(UInt64(numbers.count))
    for (name, value) in numbers.sorted(by: { $0.key < $1.key }) {
      writer.put(name)
      writer.put(value.bitPattern)
    }
    return writer.bytes
  }
  /// The state that `bytes` describe, or nil where they are damaged or of another version.
  public init?(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let version = reader.word(), (1...Self.version).contains(version), let seed = reader.word(),
      let epoch = reader.count(), epoch < Self.most, let position = reader.count(), position < Self.most
    else { return nil }
    var data: UInt64?
    if version > 1 {
      guard let isKnown = reader.word(), let word = reader.word() else { return nil }
      data = isKnown == 0 ? nil : word
    }
    guard let trainer = reader.text(), let vectors = reader.count() else { return nil }
    self.init(trainer: trainer, epoch: epoch, position: position, seed: seed)
    self.data = data
    for _ in 0..<vectors {
      guard let name = reader.text(), let count = reader.count(), let values = reader.floats(count) else { return nil }
      self.vectors[name] = values
    }
    guard let numbers = reader.count() else { return nil }
    for _ in 0..<numbers {
      guard let name = reader.text(), let word = reader.word() else { return nil }
      self.numbers[name] = Double(bitPattern: word)
    }
    guard reader.isAtEnd else { return nil }
  }
}

private struct ByteWriter {
  var bytes: [UInt8] = []
  mutating func put<T: FixedWidthInteger>(_ value: T) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
  mutating func put(_ text: String) {
    put(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }
}
/// Reads what may be damaged: every count is checked against what is left.
private struct ByteReader {
  let bytes: [UInt8]
  var at = 0
  init(_ bytes: [UInt8]) { self.bytes = bytes }
  var isAtEnd: Bool { at == bytes.count }

  mutating func number<T: FixedWidthInteger>(_ type: T.Type) -> T? {
    let size = MemoryLayout<T>.size
    guard bytes.count - at >= size else { return nil }
    defer { at += size }
    return (0..<size).reduce(0) { $0 | T(truncatingIfNeeded: bytes[at + $1]) << T(8 * $1) }
  }
  mutating func word() -> UInt64? { number(UInt64.self) }
  mutating func count() -> Int? { word().flatMap { Int(exactly: $0) } }
  mutating func text() -> String? {
    guard let n = count(), n <= bytes.count - at else { return nil }
    defer { at += n }
    return String(validating: bytes[at..<at + n], as: UTF8.self)
  }
  mutating func floats(_ n: Int) -> [Float]? {
    guard n <= (bytes.count - at) / 4 else { return nil }
    return (0..<n).compactMap { _ in number(UInt32.self).map { Float(bitPattern: $0) } }
  }
}

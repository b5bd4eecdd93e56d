/// A file in IDX format of unsigned or signed bytes: a header of four bytes, the extents (32 bits, big-endian), the values.
public struct IDX: Sendable, Equatable {
  public var extents: [Int], bytes: [UInt8]
  /// Whether the bytes are signed numbers.
  public var isSigned: Bool

  /// No file may claim more than this, whatever its header says.
  public static let limit = 2_000_000_000

  /// Reads a file, plain, gzip or xz.
  ///
  /// - Throws: ``FileProblem`` where the file is missing, no IDX file, cut off, too long or too large.
  public init(contentsOf path: String, isInterrupted: () -> Bool = { false }) throws(FileProblem) {
    let bytes = try DataFile.content(of: path, limit: Self.limit, isInterrupted: isInterrupted)
    try self.init(bytes, file: path)
  }
  public init(_ raw: [UInt8], file: String) throws(FileProblem) {
    guard raw.count >= 4, raw[0] == 0, raw[1] == 0, [8, 9].contains(raw[2]), (1...4).contains(raw[3]) else {
      throw FileProblem(file, .foreign(expected: "an IDX file of bytes"))
    }
    isSigned = raw[2] == 9
    let dimensions = Int(raw[3]), header = 4 + 4 * dimensions
    guard raw.count >= header else { throw FileProblem(file, .truncated) }
    extents = (0..<dimensions).map { d in (0..<4).reduce(0) { $0 << 8 | Int(raw[4 + 4 * d + $1]) } }
    var count = 1
    for extent in extents {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= Self.limit else { throw FileProblem(file, .tooLarge(limit: Self.limit)) }
      count = product
    }
    guard raw.count >= header + count else { throw FileProblem(file, .truncated) }
    guard raw.count == header + count else {
      throw FileProblem(file, .mismatched("\(raw.count - header - count) bytes follow its end"))
    }
    bytes = Array(raw[header...])
  }
}

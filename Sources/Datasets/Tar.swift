/// Archives in tar's format: blocks of 512 bytes, a header before each file.
enum Tar {
  private static let block = 512

  /// Where the plain files of an archive lie in it, by the last part of their paths.
  ///
  /// - Throws: ``FileProblem`` where the archive is none, damaged or cut off.
  static func files(in bytes: [UInt8], file: String) throws(FileProblem) -> [String: Range<Int>] {
    var result: [String: Range<Int>] = [:], at = 0
    while at + block <= bytes.count, bytes[at] != 0 {
      guard let size = number(bytes[at + 124..<at + 136]), checksum(bytes[at..<at + block]) else {
        throw FileProblem(file, at == 0 ? .foreign(expected: "a tar archive") : .damaged("a header in it is wrong"))
      }
      let first = at + block
      guard size <= bytes.count - first else { throw FileProblem(file, .truncated) }
      if [0, UInt8(ascii: "0")].contains(bytes[at + 156]) { result[name(bytes[at..<at + 100])] = first..<first + size }
      at = first + (size + block - 1) / block * block
    }
    return result
  }
  private static func name(_ field: ArraySlice<UInt8>) -> String {
    String(decoding: field.prefix { $0 != 0 }.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self)
  }
  /// Octal digits between blanks.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    Int(String(decoding: field.filter { $0 != 0 && $0 != UInt8(ascii: " ") }, as: UTF8.self), radix: 8).flatMap {
      $0 >= 0 ? $0 : nil
    }
  }
  /// Whether the sum of a header is the one written in it, its own place read as blanks.
  private static func checksum(_ header: ArraySlice<UInt8>) -> Bool {
    let place = header.startIndex + 148..<header.startIndex + 156
    let sum = header.indices.reduce(0) { $0 + (place.contains($1) ? 32 : Int(header[$1])) }
    return number(header[place]) == sum
  }
}

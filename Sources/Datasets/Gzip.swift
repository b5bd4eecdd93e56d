internal import CZlib

/// Files in gzip's format, read whole.
public enum Gzip {
  public static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The size that a file says its content has, as far as so few bytes can hold as much.
  private static func promised(_ bytes: [UInt8]) -> Int {
    min(1032 * bytes.count, bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) })
  }
  /// The content of a gzip file, checked against its checksum.
  ///
  /// - Parameter limit: More bytes than this are refused: a small file can stand for an enormous one.
  /// - Throws: ``FileProblem`` where the file is damaged, cut off or too large, or the user interrupted.
  public static func expanded(
    _ bytes: [UInt8], limit: Int, file: String, isInterrupted: () -> Bool = { false }
  ) throws(FileProblem) -> [UInt8] {
    var stream = z_stream()
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw FileProblem(file, .damaged("it cannot be expanded"))
    }
    defer { inflateEnd(&stream) }
    var output: [UInt8] = []
    output.reserveCapacity(min(limit, promised(bytes)))
    var chunk = [UInt8](repeating: 0, count: 1 << 20), status = Z_OK
    bytes.withUnsafeBufferPointer { source in
      stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
      stream.avail_in = UInt32(clamping: source.count)
      repeat {
        let made = chunk.withUnsafeMutableBufferPointer { target -> Int in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          status = inflate(&stream, Z_NO_FLUSH)
          return target.count - Int(stream.avail_out)
        }
        output.append(contentsOf: chunk[..<made])
        if status == Z_STREAM_END, stream.avail_in > 0, stream.next_in?.pointee == 0x1F {
          status = inflateReset(&stream)
        }
      } while status == Z_OK && output.count <= limit && !isInterrupted()
        && (stream.avail_in > 0 || stream.avail_out == 0)
    }
    if isInterrupted() { throw FileProblem(file, .interrupted) }
    if output.count > limit { throw FileProblem(file, .tooLarge(limit: limit)) }
    guard status == Z_STREAM_END else {
      throw FileProblem(file, status == Z_DATA_ERROR ? .damaged("its checksum or its code is wrong") : .truncated)
    }
    return output
  }
}

internal import CLzma

/// Files in the format of xz, read whole.
public enum Xz {
  public static func isCompressed(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])
  }
  /// What the decoder may take; the largest preset needs 65 MB.
  private static let memory: UInt64 = 1 << 29

  /// The content of an xz file, checked against its checksums.
  ///
  /// - Parameter limit: More bytes than this are refused: a small file can stand for an enormous one.
  /// - Throws: ``FileProblem`` where the file is damaged, cut off or too large, or the user interrupted.
  public static func expanded(
    _ bytes: [UInt8], limit: Int, file: String, isInterrupted: () -> Bool = { false }
  ) throws(FileProblem) -> [UInt8] {
    var stream = lzma_stream()
    guard lzma_stream_decoder(&stream, memory, soma_lzma_concatenated) == LZMA_OK else {
      throw FileProblem(file, .damaged("it cannot be expanded"))
    }
    defer { lzma_end(&stream) }
    var output: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 1 << 20), status = LZMA_OK
    bytes.withUnsafeBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = source.count
      repeat {
        let made = chunk.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = target.count
          status = lzma_code(&stream, LZMA_FINISH)
          return target.count - stream.avail_out
        }
        output.append(contentsOf: chunk[..<made])
      } while status == LZMA_OK && output.count <= limit && !isInterrupted()
    }
    if isInterrupted() { throw FileProblem(file, .interrupted) }
    if output.count > limit { throw FileProblem(file, .tooLarge(limit: limit)) }
    guard status == LZMA_STREAM_END else { throw FileProblem(file, fact(of: status)) }
    return output
  }
  private static func fact(of status: lzma_ret) -> FileProblem.Fact {
    switch status {
    case LZMA_BUF_ERROR: .truncated
    case LZMA_MEMLIMIT_ERROR, LZMA_MEM_ERROR: .damaged("it takes too much memory to expand")
    case LZMA_OPTIONS_ERROR: .damaged("its form of compression is not known")
    default: .damaged("its checksum or its code is wrong")
    }
  }
}

internal import FoundationEssentials

/// Files as they lie on the disk: plain, gzip or xz, told by how they begin.
public enum DataFile {
  /// The endings that a compressed file may have instead of none.
  static let endings = [".gz", ".xz"]

  /// The content of a file, expanded where it is compressed.
  ///
  /// - Parameter limit: More bytes than this are refused.
  /// - Throws: ``FileProblem`` where the file is missing, unreadable, damaged, cut off or too large, or the user interrupted.
  public static func content(of path: String, limit: Int, isInterrupted: () -> Bool = { false }) throws(FileProblem)
    -> [UInt8]
  {
    try expanded(raw(path), limit: limit, file: path, isInterrupted: isInterrupted)
  }
  private static func raw(_ path: String) throws(FileProblem) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileProblem(
        path, FileManager.default.fileExists(atPath: path) ? .unreadable("no permission, or a folder") : .missing)
    }
    return [UInt8](data)
  }
  static func expanded(
    _ raw: [UInt8], limit: Int, file: String, isInterrupted: () -> Bool = { false }
  ) throws(FileProblem) -> [UInt8] {
    if Gzip.isCompressed(raw) {
      return try Gzip.expanded(raw, limit: limit, file: file, isInterrupted: isInterrupted)
    }
    if Xz.isCompressed(raw) { return try Xz.expanded(raw, limit: limit, file: file, isInterrupted: isInterrupted) }
    guard raw.count <= limit else { throw FileProblem(file, .tooLarge(limit: limit)) }
    return raw
  }
}

internal import FoundationEssentials

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file under way: grows at its end, never beyond the size that was published.
final class PartialFile {
  enum Trouble: Error, CustomStringConvertible {
    case tooLong, system(Int32)
    var description: String {
      switch self {
      case .tooLong: "too long"
      case .system(let code): String(cString: strerror(code))
      }
    }
  }
  let path: String
  private(set) var count = 0
  private let limit: Int
  private var descriptor: Int32

  /// Opens what an earlier attempt left, or a new file; folders are made as needed.
  init(_ path: String, limit: Int) throws {
    (self.path, self.limit) = (path, limit)
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Trouble.system(errno) }
    count = Int(max(0, lseek(descriptor, 0, SEEK_END)))
    if count > limit { try restart() }
  }
  func restart() throws {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw Trouble.system(errno) }
    count = 0
  }
  func append(_ piece: Data) throws {
    guard count + piece.count <= limit else { throw Trouble.tooLong }
    let bytes = [UInt8](piece)
    var sent = 0
    while sent < bytes.count {
      let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw Trouble.system(errno) }
      sent += written
    }
    count += bytes.count
  }
  /// Safe on the disk first, then under its name.
  func publish(as name: String) -> Bool { fsync(descriptor) == 0 && rename(path, name) == 0 }
  func remove() { unlink(path) }
  func close() {
    guard descriptor >= 0 else { return }
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #else
      _ = Darwin.close(descriptor)
    #endif
    descriptor = -1
  }
}

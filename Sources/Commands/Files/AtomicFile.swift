internal import FoundationEssentials
internal import Language

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Files written to a temporary name and renamed, so that a reader never sees half of one.
enum AtomicFile {
  static func write(_ bytes: [UInt8], to path: String) throws {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write_(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        let problem = failure(path)
        close(descriptor)
        unlink(temporary)
        throw problem
      }
      written += count
    }
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS, close(descriptor) == 0,
      rename(temporary, path) == 0
    else {
      let problem = failure(path)
      unlink(temporary)
      throw problem
    }
  }
  private static func write_(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #else
      Darwin.write(descriptor, bytes, count)
    #endif
  }
  private static func failure(_ path: String) -> Diagnostic {
    Diagnostic("file.write", "'\(path)' cannot be written: \(String(cString: strerror(errno)))")
  }
  /// Refuses what could not be written, before anything runs.
  static func checkWritable(_ path: String) throws {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    var isFolder = false
    let place = folder.isEmpty ? "/" : folder
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder else {
      throw Diagnostic("file.folder", "there is no folder '\(place)'")
    }
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
      throw Diagnostic("file.write", "'\(path)' is a folder")
    }
    guard access(place, W_OK) == 0 else {
      throw Diagnostic("file.write", "'\(path)' cannot be written: no permission in '\(place)'")
    }
  }
}

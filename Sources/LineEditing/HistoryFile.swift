internal import FoundationEssentials

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Items in a file, one a row: `\n` stands for the end of a row within an item, `\\` for a backslash.
struct HistoryFile {
  let folder: String
  private var path: String { folder + "/history" }
  init(folder: String) { self.folder = folder }

  func read() -> [String] {
    guard let bytes = FileManager.default.contents(atPath: path) else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).map { Self.item(String(decoding: $0, as: UTF8.self)) }
  }
  /// Adds a row in one piece; a folder that cannot be written to is no reason to complain at every line.
  func append(_ item: String) {
    locked {
      let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { return }
      defer { close(descriptor) }
      let row = Array((Self.row(item) + "\n").utf8)
      _ = write(descriptor, row, row.count)
    }
  }
  /// Replaces the file as a whole by what `body` leaves of it.
  func rewrite(_ body: ([String]) -> [String]) {
    locked {
      let text = body(read()).map { Self.row($0) + "\n" }.joined()
      let temporary = path + ".new"
      unlink(temporary)
      guard
        FileManager.default.createFile(
          atPath: temporary, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
      else { return }
      rename(temporary, path)
    }
  }
  /// Runs `body` while no other session writes.
  private func locked(_ body: () -> Void) {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { return }
    defer { close(lock) }
    guard flock(lock, LOCK_EX) == 0 else { return }
    body()
  }

  static func row(_ item: String) -> String {
    item.replacing("\\", with: "\\\\").replacing("\r", with: "").replacing("\n", with: "\\n")
  }
  static func item(_ row: String) -> String {
    var item = "", isEscaped = false
    for character in row {
      if isEscaped {
        item.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        item.append(character)
      }
    }
    return item
  }
}

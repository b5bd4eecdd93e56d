internal import Engine
internal import FoundationEssentials
internal import Language

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

enum StandardInput {
  /// All of it.
  static func text() -> String {
    String(decoding: bytes(), as: UTF8.self).replacing("\r\n", with: "\n")
  }
  private static func bytes() -> [UInt8] {
    var bytes: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}
enum Processors {
  static var count: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}

/// Places of the user's own files.
enum UserFiles {
  static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }
  private static var home: String { environment("HOME") ?? "." }
  /// The folder of `start.soma`.
  static var configuration: String { (environment("XDG_CONFIG_HOME") ?? home + "/.config") + "/soma" }
  /// The folder of the history.
  static var state: String { (environment("XDG_STATE_HOME") ?? home + "/.local/state") + "/soma" }
}

/// The start-up file: lines that run before anything else.
enum StartUp {
  static func run(in session: Session) {
    let path = UserFiles.configuration + "/start.soma"
    guard FileManager.default.fileExists(atPath: path) else { return }
    do { session.run(try ScriptFile.read(path)) } catch {
      session.surroundings.writeError("error[start]: '\(path)' cannot be read\n")
    }
  }
}

enum ReferencePages {
  static func write(to folder: String, _ registry: Registry) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for page in Documentation.pages(registry) {
      try Data(page.text.utf8).write(to: URL(filePath: "\(folder)/\(page.name)"), options: .atomic)
    }
  }
}

import Foundation
import PseudoTerminal
import Testing

/// A folder of its own for one test: home, configuration and state of the program under test.
final class Home {
  let path = FileManager.default.temporaryDirectory.appending(path: "soma-terminal-\(UUID().uuidString)").path
  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    let url = URL(filePath: "\(path)/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }
  func read(_ name: String) -> String { (try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)) ?? "" }
  /// What the program sees of the outside: nothing of the machine's user.
  func environment(_ more: [String: String]) -> [String: String] {
    var all = ["HOME": path, "TERM": "xterm", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    for name in ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] { all[name] = ProcessInfo.processInfo.environment[name] }
    return all.merging(more) { $1 }
  }
}

/// The program under test: named by `SOMA_EXECUTABLE`, else built beside the tests.
enum Executable {
  static let path = ProcessInfo.processInfo.environment["SOMA_EXECUTABLE"] ?? besideTests
  private static var besideTests: String {
    #if os(macOS)
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
      return (bundle?.deletingLastPathComponent() ?? URL(filePath: ".build/debug")).appending(path: "soma").path
    #else
      let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
      return URL(filePath: tests).deletingLastPathComponent().appending(path: "soma").path
    #endif
  }
}

/// The program at a terminal, as a user has it: keys go in, the screen's text comes out.
final class Terminal {
  let home: Home
  private var master: Int32 = -1
  private let process: Int32
  private var output = ""
  private var bytes: [UInt8] = []
  private(set) var status: Int32?

  /// Starts the program and waits for its prompt.
  init(_ arguments: [String] = [], home: Home? = nil, environment: [String: String] = [:], columns: Int32 = 100) throws
  {
    self.home = try home ?? Home()
    let strings = ([Executable.path] + arguments).map { strdup($0) } + [nil]
    let variables = self.home.environment(environment).map { strdup("\($0)=\($1)") } + [nil]
    process = pseudo_terminal_start(Executable.path, strings, variables, self.home.path, columns, 40, &master)
    for text in strings + variables { free(text) }
    try #require(process > 0)
    if arguments.isEmpty { try expect("soma> ") }
  }
  deinit {
    if status == nil {
      kill(process, SIGKILL)
      _ = pseudo_terminal_wait(process, 2000)
    }
    close(master)
  }

  func send(_ keys: String) {
    let keys = Array(keys.utf8)
    _ = write(master, keys, keys.count)
  }
  /// Types a line and waits for the prompt behind its output, which it gives.
  @discardableResult
  func run(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    send(line + "\r")
    return try expect("\nsoma> ", sourceLocation: sourceLocation)
  }
  /// Waits until a text appears behind what was seen before, and gives everything up to it.
  @discardableResult
  func expect(_ text: String, within seconds: Double = 8, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> String
  {
    let end = Date().addingTimeInterval(seconds)
    while true {
      if let found = output.range(of: text) {
        let seen = String(output[..<found.upperBound])
        output = String(output[found.upperBound...])
        return seen
      }
      guard Date() < end, read(milliseconds: 50) else { break }
    }
    Issue.record("expected \(text.debugDescription), saw \(output.debugDescription)", sourceLocation: sourceLocation)
    throw Missing()
  }
  /// Waits for the end of the program: its exit status.
  func end(within seconds: Double = 10) -> Int32 {
    for _ in 0..<Int(seconds * 20) {
      _ = read(milliseconds: 30)
      let status = pseudo_terminal_wait(process, 0)
      if status >= 0 {
        self.status = status
        while read(milliseconds: 20) {}
        return status
      }
    }
    return -1
  }
  func signal(_ number: Int32) { kill(process, number) }
  func resize(columns: Int32) { _ = pseudo_terminal_resize(master, columns, 40) }
  var hasUsualModes: Bool { pseudo_terminal_is_usual(master) != 0 }
  /// What was printed and not yet waited for.
  var rest: String { output }
  /// Everything printed so far with its escape sequences.
  private(set) var raw = ""

  /// Whether the terminal may still give something.
  private func read(milliseconds: Int32) -> Bool {
    var descriptor = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, milliseconds) > 0 else { return pseudo_terminal_wait(process, -1) <= 0 && status == nil }
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    let count = Foundation.read(master, &chunk, chunk.count)
    guard count > 0 else { return false }
    bytes += chunk[..<count]
    raw = String(decoding: bytes, as: UTF8.self)
    output += Self.plain(String(decoding: chunk[..<count], as: UTF8.self))
    return true
  }
  /// Text without escape sequences, carriage returns and bells.
  private static func plain(_ text: String) -> String {
    var text = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\r" && $0 != "\u{7}" }))
    while let sequence = text.firstRange(of: /\u{1B}(\[[0-9;?]*[A-Za-z]|[=>()].?|[A-Z])/) {
      text.removeSubrange(sequence)
    }
    return text
  }
  struct Missing: Error {}
}

/// Keys that have no letter.
enum Key {
  static let up = "\u{1B}[A", down = "\u{1B}[B", left = "\u{1B}[D", tab = "\t"
  static let c = "\u{3}", d = "\u{4}", r = "\u{12}"
}

/// The program without a terminal.
struct Outcome {
  var status: Int32, output: String, error: String

  static func of(
    _ arguments: [String], input: String = "", home: Home? = nil, environment: [String: String] = [:],
    largestFile blocks: Int? = nil
  ) throws -> Outcome {
    let home = try home ?? Home(), process = Process(), output = Pipe(), error = Pipe(), stdin = Pipe()
    process.executableURL = URL(filePath: Executable.path)
    (process.arguments, process.environment) = (arguments, home.environment(environment))
    if let blocks {
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", "ulimit -f \(blocks); exec \"$0\" \"$@\"", Executable.path] + arguments
    }
    process.currentDirectoryURL = URL(filePath: home.path)
    (process.standardInput, process.standardOutput, process.standardError) = (stdin, output, error)
    try process.run()
    stdin.fileHandleForWriting.write(Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let texts = [output, error].map { String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, output: texts[0], error: texts[1])
  }
}

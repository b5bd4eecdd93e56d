import Foundation
import Testing

/// Scripts with the output they must have: `Scripts/NAME.soma` beside `NAME.out`, both streams in order of the process.
///
/// `SOMA_RECORD=1` writes what comes out now and fails once.
@Suite struct ScriptTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  static let examples = folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples")

  private static func scripts(in folder: URL) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".soma") }.map { String($0.dropLast(5)) }.sorted()
  }
  /// The program, built beside the tests.
  private static var executable: URL {
    let products = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?
      .deletingLastPathComponent()
    return (products ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()).appending(path: "soma")
  }
  private static func run(_ script: URL, in place: URL) throws -> (text: String, code: Int32) {
    let process = Process(), pipe = Pipe()
    process.executableURL = executable
    process.arguments = ["run", "--no-start", script.path]
    process.currentDirectoryURL = place
    process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "dumb"]) { $1 }
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: bytes, as: UTF8.self), process.terminationStatus)
  }
  private static func place() throws -> URL {
    let place = FileManager.default.temporaryDirectory.appending(path: "soma-golden-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place.appending(path: "plots"), withIntermediateDirectories: true)
    return place
  }
  /// Times differ from run to run.
  private static func steady(_ text: String) -> String {
    var isTimed = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let line = String(line)
      if line.hasSuffix(" seconds") {
        isTimed = true
        return line.replacing(/\s+seconds/, with: "  seconds")
      }
      guard isTimed, let time = line.firstMatch(of: /\s+[0-9.]+(us|ms|s)$/) else {
        isTimed = false
        return line
      }
      return line[..<time.range.lowerBound] + "  TIME"
    }.joined(separator: "\n")
  }

  @Test(arguments: scripts(in: folder.appending(path: "Scripts")))
  func printsWhatItMust(_ name: String) throws {
    let script = Self.folder.appending(path: "Scripts/\(name).soma"),
      expected = Self.folder.appending(path: "Scripts/\(name).out")
    let (text, code) = try Self.run(script, in: Self.place())
    #expect(code == (name.hasPrefix("fails") ? 1 : 0))
    let shown = Self.steady(text.replacing(script.path, with: "\(name).soma"))
    if ProcessInfo.processInfo.environment["SOMA_RECORD"] != nil {
      try shown.write(to: expected, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name)")
    } else {
      #expect(try shown == String(contentsOf: expected, encoding: .utf8))
    }
  }
  /// Every example runs to its end.
  @Test(arguments: scripts(in: examples))
  func examplesRun(_ name: String) throws {
    let (text, code) = try Self.run(Self.examples.appending(path: "\(name).soma"), in: Self.place())
    #expect(code == 0, "\(text)")
  }
}

import Foundation
import Testing

/// Reference files beside the tests; `SOMA_RECORD=1` writes them again and lets the test fail once.
enum References {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("References")
  private static var isRecording: Bool { ProcessInfo.processInfo.environment["SOMA_RECORD"] == "1" }

  /// The content of a reference, or nothing after a recorded failure.
  static func content(_ name: String, recording: @autoclosure () -> Data) -> Data? {
    let file = folder.appendingPathComponent(name)
    if !isRecording, let data = try? Data(contentsOf: file) { return data }
    guard isRecording else {
      Issue.record("no reference \(name); record it with SOMA_RECORD=1")
      return nil
    }
    do { try recording().write(to: file) } catch { Issue.record("cannot write \(name): \(error)") }
    Issue.record("recorded \(name)")
    return nil
  }

  static func expectText(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
    guard let data = content(name + ".txt", recording: Data((text + "\n").utf8)) else { return }
    #expect(text + "\n" == String(decoding: data, as: UTF8.self), sourceLocation: sourceLocation)
  }
}

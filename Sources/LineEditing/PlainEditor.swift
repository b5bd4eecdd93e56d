#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Lines as the terminal itself edits them: for terminals without a movable cursor, and for builds without a library.
final class PlainEditor: LineEditor {
  let history: History
  var completer: Completer?
  init(history: History) { self.history = history }

  func readLine(prompt: String) -> LineInput {
    show(prompt)
    var bytes: [UInt8] = []
    while let byte = Keyboard.byte() {
      if byte == UInt8(ascii: "\n") { return .line(text(bytes)) }
      bytes.append(byte)
    }
    if Keyboard.isInterrupted() {
      show("\n")
      return .interrupted
    }
    guard bytes.isEmpty else { return .line(text(bytes)) }
    show("\n")
    return .end
  }
  private func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes[...], as: UTF8.self)
  }
  /// Prompts are for people: nothing of them goes into a file.
  private func show(_ text: String) {
    if isatty(STDOUT_FILENO) == 1 { Screen.put(text) }
  }
}

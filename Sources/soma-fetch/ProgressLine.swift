internal import Datasets
internal import Foundation

/// One line that tells how far a file is, with rate and time left; only on a terminal.
final class ProgressLine {
  private let isShown = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  private var start: (time: Date, bytes: Int)?, last = Date.distantPast, isDrawn = false

  func show(_ event: Download.Event) {
    switch event {
    case .present(let file): tell("\(file.path) is there")
    case .resuming(let file, let bytes): tell("\(file.path) goes on after \(bytes) bytes")
    case .finished(let file):
      tell("\(file.path) fetched, checksum right")
      start = nil
    case .progress(let file, let bytes): draw(file, bytes)
    }
  }
  func clear() {
    if isDrawn { put("\r\u{1B}[K") }
    isDrawn = false
  }
  func tell(_ text: String) {
    clear()
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
  }
  private func draw(_ file: KnownFile, _ bytes: Int) {
    let now = Date(), begin = start ?? (now, bytes)
    start = begin
    guard isShown, now.timeIntervalSince(last) > 0.1 else { return }
    last = now
    let rate = Double(bytes - begin.bytes) / max(0.1, now.timeIntervalSince(begin.time))
    let left = rate > 0 ? " \(Int(Double(file.bytes - bytes) / rate)) s left" : ""
    let share = file.bytes > 0 ? 100 * bytes / file.bytes : 100
    put("\r\u{1B}[K\(file.name) \(share)% \((rate / 1e6).formatted(.number.precision(.fractionLength(1)))) MB/s\(left)")
    isDrawn = true
  }
  private func put(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

private let hasResized = Atomic<Bool>(false)
private let hasContinued = Atomic<Bool>(false)

/// Bytes from the terminal, waited for in a way that ^C and a change of the window interrupt.
enum Keyboard {
  /// What may happen to the terminal while a key is waited for.
  enum Event { case resized, continued }

  nonisolated(unsafe) static var isInterrupted: () -> Bool = { false }
  nonisolated(unsafe) private static var held: UInt8?

  static func watchWindow() {
    signal(SIGWINCH) { _ in hasResized.store(true, ordering: .relaxed) }
    signal(SIGCONT) { _ in hasContinued.store(true, ordering: .relaxed) }
  }

  /// The next byte; nil at the end of the input and after ^C.
  static func byte(onEvent: (Event) -> Void = { _ in }) -> UInt8? {
    if let byte = held {
      held = nil
      return byte
    }
    while !isInterrupted() {
      if hasResized.exchange(false, ordering: .relaxed) { onEvent(.resized) }
      if hasContinued.exchange(false, ordering: .relaxed) { onEvent(.continued) }
      var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      // A signal just before the call would go unnoticed without a limit.
      guard poll(&descriptor, 1, 200) > 0 else { continue }
      var byte: UInt8 = 0
      let count = read(STDIN_FILENO, &byte, 1)
      if count == 1 { return byte }
      guard count < 0, errno == EINTR || errno == EAGAIN else { return nil }
    }
    return nil
  }
  /// The next code point; U+FFFD for bytes that are no UTF-8.
  static func scalar(onEvent: (Event) -> Void = { _ in }) -> Unicode.Scalar? {
    guard let first = byte(onEvent: onEvent) else { return nil }
    let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1
    var bytes = [first]
    while bytes.count < length {
      guard let next = byte(onEvent: onEvent) else { return nil }
      guard next & 0xC0 == 0x80 else {
        held = next
        return "\u{FFFD}"
      }
      bytes.append(next)
    }
    return String(decoding: bytes, as: UTF8.self).unicodeScalars.first
  }
}

/// Text to the terminal, past the buffers of the C library.
enum Screen {
  static func put(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var sent = 0
      while sent < bytes.count, let base = bytes.baseAddress {
        let count = write(STDOUT_FILENO, base + sent, bytes.count - sent)
        if count < 0, errno == EINTR || errno == EAGAIN { continue }
        guard count > 0 else { return }
        sent += count
      }
    }
  }
  /// Columns and rows.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}

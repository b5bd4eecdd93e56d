#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

nonisolated(unsafe) private var saved = termios()
nonisolated(unsafe) private var isKept = false

/// The terminal's modes as they were found: restored however the process ends.
enum TerminalModes {
  static func keep() {
    guard !isKept, tcgetattr(STDIN_FILENO, &saved) == 0 else { return }
    isKept = true
    atexit { restoreModes() }
    for number in [SIGTERM, SIGHUP, SIGQUIT, SIGABRT] { signal(number, restoreAndEnd) }
  }
}

/// Safe within a signal handler.
private func restoreModes() { _ = tcsetattr(STDIN_FILENO, TCSADRAIN, &saved) }
private func restoreAndEnd(_ number: Int32) {
  restoreModes()
  signal(number, SIG_DFL)
  raise(number)
}

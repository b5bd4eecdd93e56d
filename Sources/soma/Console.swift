internal import Dispatch
internal import Engine
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

private let interrupted = Atomic<Bool>(false)
private let hasProgress = Atomic<Bool>(false)
private let lastShown = Atomic<UInt64>(0)

/// The process's side of a session: standard output and error, colours, the width of the terminal, and ^C.
enum Console {
  static let isInputTerminal = isatty(STDIN_FILENO) == 1
  static let isOutputTerminal = isatty(STDOUT_FILENO) == 1
  private static let isErrorTerminal = isatty(STDERR_FILENO) == 1
  private static var isDumb: Bool { getenv("TERM").map { String(cString: $0) == "dumb" } ?? true }
  /// Whether lines can be edited: input and output are a terminal that moves its cursor.
  static var isRich: Bool { isInputTerminal && isOutputTerminal && !isDumb }
  /// Colours only on a terminal that has them and whose user has not asked for none.
  static var showsColor: Bool {
    isOutputTerminal && !isDumb && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
  }

  private static var showsEveryColor: Bool {
    ["truecolor", "24bit"].contains(getenv("COLORTERM").map { String(cString: $0) } ?? "")
  }

  static func surroundings() -> Surroundings {
    Surroundings(
      write: { text in
        clearProgress()
        put(text, STDOUT_FILENO)
      },
      writeError: { text in
        clearProgress()
        put(text, STDERR_FILENO)
      },
      progress: { line in show(line) }, isInterrupted: { interrupted.load(ordering: .relaxed) }, width: width,
      showsColor: showsColor, showsEveryColor: showsEveryColor)
  }

  /// ^C only sets a flag, which long runs poll.
  static func catchInterrupts() {
    var action = sigaction()
    #if canImport(Glibc)
      action.__sigaction_handler.sa_handler = { _ in interrupted.store(true, ordering: .relaxed) }
    #else
      action.__sigaction_u.__sa_handler = { _ in interrupted.store(true, ordering: .relaxed) }
    #endif
    useStackOfItsOwn(&action)
    sigaction(SIGINT, &action, nil)
    // A closed pipe and a file that may not grow are told where something is written.
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
  }
  /// Machine code of the matrix products moves the stack pointer into its work space: what a signal pushes there would
  /// overwrite memory of others.
  private static func useStackOfItsOwn(_ action: inout sigaction) {
    let size = 1 << 18
    var stack = stack_t()
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    stack.ss_size = numericCast(size)
    guard sigaltstack(&stack, nil) == 0 else { return }
    action.sa_flags |= SA_ONSTACK
  }
  static var isInterrupted: Bool { interrupted.load(ordering: .relaxed) }
  static func forgetInterrupt() { interrupted.store(false, ordering: .relaxed) }

  @Sendable static func width() -> Int? {
    var size = winsize()
    guard isOutputTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  private static func put(_ text: String, _ descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var sent = 0
      while sent < bytes.count, let base = bytes.baseAddress {
        let count = write(descriptor, base + sent, bytes.count - sent)
        if count < 0 {
          if errno == EINTR { continue }
          if errno == EAGAIN {
            awaitRoom(descriptor)
            continue
          }
          return lose(descriptor, errno)
        }
        sent += count
      }
    }
  }
  /// Waits until a descriptor that does not block takes more.
  private static func awaitRoom(_ descriptor: Int32) {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = poll(&request, 1, 1000)
  }
  /// Results that nobody gets are no success; remarks can be lost, and a reader who has left needs none.
  private static func lose(_ descriptor: Int32, _ reason: Int32) {
    guard descriptor == STDOUT_FILENO else { return }
    if reason == EPIPE { exit(128 + SIGPIPE) }
    put("error[output.lost]: standard output cannot be written: \(String(cString: strerror(reason)))\n", STDERR_FILENO)
    exit(1)
  }
  /// At most ten lines a second: more cannot be read, and writing them would be most of the work.
  private static func show(_ line: String?) {
    guard isErrorTerminal, !isDumb else { return }
    guard let line else { return clearProgress() }
    let now = DispatchTime.now().uptimeNanoseconds
    guard now &- lastShown.load(ordering: .relaxed) > 100_000_000 else { return }
    lastShown.store(now, ordering: .relaxed)
    clearProgress()
    put("\r" + String(line.prefix(max(10, (width() ?? 80) - 1))), STDERR_FILENO)
    hasProgress.store(true, ordering: .relaxed)
  }
  private static func clearProgress() {
    if hasProgress.exchange(false, ordering: .relaxed) { put("\r\u{1B}[K", STDERR_FILENO) }
  }
}

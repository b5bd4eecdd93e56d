internal import Synchronization

#if canImport(Glibc)
  @preconcurrency internal import Glibc
#elseif canImport(Darwin)
  @preconcurrency internal import Darwin
#endif

/// Processes that are running now: they end with this one.
private let running = Mutex<Set<pid_t>>([])
private let endsWithUs: Void = {
  atexit { running.withLock { for pid in $0 { kill(pid, SIGKILL) } } }
  // A process that is gone is told where it is written to.
  signal(SIGPIPE, SIG_IGN)
}()

/// A process that is spoken to over its standard input and output.
struct ChildProcess: ~Copyable {
  private let pid: pid_t, input: Int32, output: Int32, errors: Int32
  /// What was read and not yet asked for.
  private var waiting: [UInt8] = []
  private var complaint: [UInt8] = []
  private var isMute = false
  private var calls = 0

  /// Starts a file that may be executed, or a Python file.
  ///
  /// - Throws: `PluginProblem.start`
  init(_ path: String) throws {
    _ = endsWithUs
    guard access(path, R_OK) == 0 else { throw PluginProblem.start(String(cString: strerror(errno))) }
    let file = path.contains("/") ? path : "./" + path, isOwn = access(path, X_OK) == 0
    guard isOwn || path.hasSuffix(".py") else { throw PluginProblem.start("it may not be executed") }
    let words = isOwn ? [file] : ["python3", file]
    var pipes = [Int32](repeating: -1, count: 6)
    for k in 0..<3 {
      guard pipes.withUnsafeMutableBufferPointer({ pipe($0.baseAddress! + 2 * k) }) == 0 else {
        for end in pipes where end >= 0 { close(end) }
        throw PluginProblem.start("no pipe can be made")
      }
    }
    for end in pipes { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (theirs, ours) = ([pipes[0], pipes[3], pipes[5]], [pipes[1], pipes[2], pipes[4]])
    for end in ours { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    let started = Self.spawn(words, theirs)
    for end in theirs { close(end) }
    guard let started else {
      for end in ours { close(end) }
      throw PluginProblem.start("'\(words[0])' cannot be run")
    }
    (pid, input, output, errors) = (started, ours[0], ours[1], ours[2])
    running.withLock { _ = $0.insert(started) }
  }
  /// In a process group of its own, so that ^C at the terminal is for Soma alone.
  private static func spawn(_ words: [String], _ ends: [Int32]) -> pid_t? {
    var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (k, end) in ends.enumerated() { posix_spawn_file_actions_adddup2(&actions, end, Int32(k)) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    var arguments = words.map { strdup($0) } + [nil], pid = pid_t()
    defer { for argument in arguments { free(argument) } }
    return posix_spawnp(&pid, words[0], &actions, &attributes, &arguments, environ) == 0 ? pid : nil
  }
  deinit {
    for end in [input, output, errors] { close(end) }
    kill(-pid, SIGKILL)
    kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    running.withLock { [pid] in _ = $0.remove(pid) }
  }

  // MARK: Speaking

  /// The rest of a conversation's time.
  struct Patience {
    var call: String, seconds: Double, isInterrupted: @Sendable () -> Bool
    private let end: ContinuousClock.Instant
    init(_ call: String, _ seconds: Double, _ isInterrupted: @escaping @Sendable () -> Bool) {
      (self.call, self.seconds, self.isInterrupted) = (call, seconds, isInterrupted)
      end = .now + .seconds(seconds)
    }
    func check() throws {
      if isInterrupted() { throw PluginProblem.interrupted }
      if ContinuousClock.now > end { throw PluginProblem.late(during: call, seconds: seconds) }
    }
  }

  mutating func send(_ bytes: [UInt8], _ patience: Patience) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count > 0 {
        sent += count
      } else if errno == EPIPE {
        throw ended(patience)
      } else {
        // It may be writing itself, and wait for somebody to read.
        try listen(patience, room: true)
      }
    }
  }
  /// The number of the next call.
  mutating func nextCall() -> Int {
    calls += 1
    return calls
  }
  /// The next line, without its end.
  mutating func line(_ patience: Patience) throws -> [UInt8] {
    while true {
      if let end = waiting.firstIndex(of: 10) {
        defer { waiting.removeFirst(end + 1) }
        return Array(waiting[..<end])
      }
      guard waiting.count < 1 << 20 else {
        throw PluginProblem.foreign(during: patience.call, text: "a line without end")
      }
      try listen(patience)
    }
  }
  mutating func block(_ count: Int, _ patience: Patience) throws -> [UInt8] {
    while waiting.count < count { try listen(patience) }
    defer { waiting.removeFirst(count) }
    return Array(waiting[..<count])
  }
  /// Whether it has said more than was asked.
  var hasMore: Bool { !waiting.isEmpty }

  /// Waits a little for what it says, or until it takes more.
  private mutating func listen(_ patience: Patience, room: Bool = false) throws {
    try patience.check()
    // A negative descriptor is passed over.
    var ends = [
      pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isMute ? -1 : errors, events: Int16(POLLIN), revents: 0),
    ]
    if room { ends.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0)) }
    guard poll(&ends, nfds_t(ends.count), 50) > 0 else { return }
    hear()
    if Self.fetch(output, into: &waiting) == .closed { throw ended(patience) }
  }
  private mutating func hear() {
    if Self.fetch(errors, into: &complaint) == .closed { isMute = true }
    if complaint.count > 4000 { complaint.removeFirst(complaint.count - 4000) }
  }
  private func lastLine() -> String {
    complaint.split(separator: 10).last.map { String(decoding: $0.suffix(200), as: UTF8.self) } ?? ""
  }
  /// Whatever it complained about before it ended, of which the last line says most.
  private mutating func ended(_ patience: Patience) -> PluginProblem {
    for _ in 0..<20 {
      hear()
      usleep(5000)
    }
    return .ended(during: patience.call, lastWords: lastLine())
  }

  private enum Reading { case some, none, closed }
  private static func fetch(_ end: Int32, into bytes: inout [UInt8]) -> Reading {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let count = piece.withUnsafeMutableBytes { read(end, $0.baseAddress, $0.count) }
    guard count > 0 else { return count == 0 ? .closed : .none }
    bytes += piece[..<count]
    return .some
  }
}

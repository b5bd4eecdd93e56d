#if Readline
  @preconcurrency internal import CReadline

  #if canImport(Glibc)
    internal import Glibc
  #elseif canImport(Darwin)
    internal import Darwin
  #endif

  /// Lines edited with GNU readline.
  final class ReadlineEditor: LineEditor {
    let history: History
    var completer: Completer?
    private var listed: [String] = []
    private var search = HistorySearch()
    private var isLeaving = false
    /// The library's callbacks carry no context.
    nonisolated(unsafe) fileprivate static weak var current: ReadlineEditor?
    nonisolated(unsafe) private static let name = strdup("soma")

    init(history: History) {
      self.history = history
      rl_readline_name = UnsafePointer(Self.name)
      rl_catch_signals = 0
      rl_catch_sigwinch = 0
      rl_getc_function = { _ in ReadlineEditor.next() }
      rl_initialize()
      using_history()
      stifle_history(Int32(clamping: history.limit))
      bindKeys()
      Keyboard.watchWindow()
    }

    func readLine(prompt: String) -> LineInput {
      Self.current = self
      search.end()
      isLeaving = false
      updateList()
      let line = readline(prompt)
      defer { free(line) }
      if Keyboard.isInterrupted() { return .interrupted }
      guard let line else {
        goToNextRow()
        return .end
      }
      return .line(String(cString: line))
    }
    /// The library's own list serves its search with ^R.
    private func updateList() {
      guard listed != history.items else { return }
      if listed.isEmpty || Array(history.items.dropLast()) != listed {
        clear_history()
        listed = []
      }
      for item in history.items.dropFirst(listed.count) { add_history(item) }
      listed = history.items
    }

    // MARK: Keys

    private func bindKeys() {
      rl_bind_key(9) { _, _ in ReadlineEditor.current?.complete() ?? 0 }
      for key in ["\\e[A", "\\eOA", "\\C-p"] {
        rl_bind_keyseq(key) { _, _ in ReadlineEditor.current?.walk(.older) ?? 0 }
      }
      for key in ["\\e[B", "\\eOB", "\\C-n"] {
        rl_bind_keyseq(key) { _, _ in ReadlineEditor.current?.walk(.newer) ?? 0 }
      }
    }
    private static func next() -> Int32 {
      if let byte = Keyboard.byte(onEvent: { current?.answer($0) }) { return Int32(byte) }
      guard Keyboard.isInterrupted(), let current else { return EOF }
      return current.leaveLine()
    }
    private func answer(_ event: Keyboard.Event) {
      if event == .continued, let prepare = rl_prep_term_function, let release = rl_deprep_term_function {
        release()
        prepare(1)
        rl_forced_update_display()
      }
      rl_resize_terminal()
    }
    /// Shows ^C behind everything typed and ends the reading by the key for it.
    private func leaveLine() -> Int32 {
      if !isLeaving {
        isLeaving = true
        rl_point = rl_end
        rl_redisplay()
        fflush(rl_outstream)
        Screen.put("^C")
      }
      return Int32(UInt8(ascii: "\n"))
    }
    /// With bracketed paste the library goes to the next row itself.
    private func goToNextRow() {
      let pastes = rl_variable_value("enable-bracketed-paste").map { String(cString: $0) == "on" } ?? false
      if !pastes { Screen.put("\n") }
    }

    // MARK: The line

    private var line: (whole: String, before: String) {
      guard let start = rl_line_buffer else { return ("", "") }
      func text(_ count: Int32) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: Int(max(0, count))), as: UTF8.self)
      }
      return (text(rl_end), text(rl_point))
    }
    private func walk(_ direction: HistorySearch.Direction) -> Int32 {
      let (whole, before) = line
      guard let item = search.step(direction, line: whole, beforeCursor: before, in: history.items) else {
        return rl_ding()
      }
      rl_replace_line(item, 0)
      rl_point = rl_end
      return 0
    }
    private func complete() -> Int32 {
      let menu = CompletionMenu(line.before, completer, size: Screen.size)
      if !menu.insertion.isEmpty { return rl_insert_text(menu.insertion) < 0 ? 1 : 0 }
      guard !menu.rows.isEmpty else { return rl_ding() }
      let place = rl_point
      rl_point = rl_end
      rl_redisplay()
      fflush(rl_outstream)
      Screen.put("\n" + menu.rows.map { $0 + "\n" }.joined())
      rl_point = place
      rl_on_new_line()
      rl_forced_update_display()
      return 0
    }
  }
#endif

#if Editline && !Readline
  @preconcurrency internal import CEdit

  #if canImport(Glibc)
    internal import Glibc
  #elseif canImport(Darwin)
    internal import Darwin
  #endif

  /// Lines edited with libedit.
  final class EditlineEditor: LineEditor {
    let history: History
    var completer: Completer?
    private let editor: OpaquePointer, list: OpaquePointer
    private var listed: [String] = []
    private var search = HistorySearch()
    private var isLeaving = false
    private static let endOfLine: wchar_t = 5
    fileprivate var prompt: UnsafeMutablePointer<CChar>?
    /// The library's callbacks carry no context.
    nonisolated(unsafe) fileprivate static weak var current: EditlineEditor?

    init?(history: History) {
      guard let editor = el_init("soma", stdin, stdout, stderr) else { return nil }
      guard let list = history_init() else {
        el_end(editor)
        return nil
      }
      (self.history, self.editor, self.list) = (history, editor, list)
      _ = edit_history_number(list, H_SETSIZE, Int32(clamping: history.limit))
      _ = edit_set_number(editor, EL_SIGNAL, 0)
      _ = edit_set_text(editor, EL_EDITOR, "emacs")
      _ = edit_set_history(editor, list)
      _ = edit_set_reader(editor) { _, scalar in EditlineEditor.next(scalar) }
      _ = edit_set_prompt(editor) { _ in EditlineEditor.current?.prompt }
      el_source(editor, nil)
      bindKeys()
      Keyboard.watchWindow()
    }
    deinit {
      el_end(editor)
      history_end(list)
      free(prompt)
    }

    func readLine(prompt text: String) -> LineInput {
      Self.current = self
      free(prompt)
      prompt = strdup(text)
      search.end()
      isLeaving = false
      updateList()
      el_resize(editor)
      // The library itself shows the prompt first: keys typed in between would be read by the modes before.
      _ = edit_set_number(editor, EL_PREP_TERM, 1)
      var count: Int32 = 0
      let line = el_gets(editor, &count)
      if Keyboard.isInterrupted() { return .interrupted }
      guard let line, count > 0 else {
        Screen.put("\n")
        return .end
      }
      let text = String(cString: line)
      return .line(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }
    /// The library's own list serves its search with ^R.
    private func updateList() {
      guard listed != history.items else { return }
      if listed.isEmpty || Array(history.items.dropLast()) != listed {
        _ = edit_history_number(list, H_CLEAR, 0)
        listed = []
      }
      for item in history.items.dropFirst(listed.count) { _ = edit_history_text(list, H_ENTER, item) }
      listed = history.items
    }

    // MARK: Keys

    private func bindKeys() {
      _ = edit_add_function(editor, "soma-complete") { _, _ in EditlineEditor.current?.complete() ?? 0 }
      _ = edit_add_function(editor, "soma-older") { _, _ in EditlineEditor.current?.walk(.older) ?? 0 }
      _ = edit_add_function(editor, "soma-newer") { _, _ in EditlineEditor.current?.walk(.newer) ?? 0 }
      for key in ["^[[A", "^[OA", "^P"] { _ = edit_bind(editor, key, "soma-older") }
      for key in ["^[[B", "^[OB", "^N"] { _ = edit_bind(editor, key, "soma-newer") }
      _ = edit_bind(editor, "^I", "soma-complete")
      _ = edit_bind(editor, "^R", "em-inc-search-prev")
      _ = edit_bind(editor, "^[[3~", "ed-delete-next-char")
      for (keys, function) in [
        ("HF", ["ed-move-to-beg", "ed-move-to-end"]), ("DC", ["ed-prev-char", "ed-next-char"]),
      ] {
        for (key, function) in zip(keys, function) {
          _ = edit_bind(editor, "^[[\(key)", function)
          _ = edit_bind(editor, "^[O\(key)", function)
        }
      }
      _ = edit_bind(editor, "^[[1;5D", "ed-prev-word")
      _ = edit_bind(editor, "^[[1;5C", "em-next-word")
    }
    private static func next(_ scalar: UnsafeMutablePointer<wchar_t>?) -> Int32 {
      if let key = Keyboard.scalar(onEvent: { current?.answer($0) }) {
        scalar?.pointee = wchar_t(key.value)
        return 1
      }
      guard Keyboard.isInterrupted(), let current else { return 0 }
      return current.leaveLine(scalar)
    }
    private func answer(_ event: Keyboard.Event) {
      if event == .continued {
        _ = edit_set_number(editor, EL_PREP_TERM, 0)
        _ = edit_set_number(editor, EL_PREP_TERM, 1)
      }
      Screen.put("\r\u{1B}[J")
      el_resize(editor)
      _ = edit_refresh(editor)
    }
    /// Goes to the end of everything typed, by the key for it, shows ^C there and ends the reading.
    private func leaveLine(_ scalar: UnsafeMutablePointer<wchar_t>?) -> Int32 {
      guard isLeaving else {
        isLeaving = true
        scalar?.pointee = Self.endOfLine
        return 1
      }
      Screen.put("^C\n")
      return 0
    }

    // MARK: The line

    private var line: (whole: String, before: String) {
      guard let info = el_line(editor)?.pointee, let start = info.buffer else { return ("", "") }
      func text(to end: UnsafePointer<CChar>?) -> String {
        let count = end.map { max(0, $0 - start) } ?? 0
        return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
      }
      return (text(to: info.lastchar), text(to: info.cursor))
    }
    private func walk(_ direction: HistorySearch.Direction) -> UInt8 {
      let (whole, before) = line
      guard let item = search.step(direction, line: whole, beforeCursor: before, in: history.items) else {
        return UInt8(CC_ERROR)
      }
      _ = el_cursor(editor, Int32.max / 2)
      el_deletestr(editor, Int32(clamping: whole.unicodeScalars.count))
      _ = el_insertstr(editor, item)
      return UInt8(CC_REFRESH)
    }
    private func complete() -> UInt8 {
      let menu = CompletionMenu(line.before, completer, size: Screen.size)
      if !menu.insertion.isEmpty {
        _ = el_insertstr(editor, menu.insertion)
        return UInt8(CC_REFRESH)
      }
      guard !menu.rows.isEmpty else { return UInt8(CC_ERROR) }
      Screen.put("\n\u{1B}[J" + menu.rows.map { $0 + "\n" }.joined())
      return UInt8(CC_REDISPLAY)
    }
  }
#endif

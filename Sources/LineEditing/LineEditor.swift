/// What one reading at the prompt gives.
public enum LineInput: Equatable, Sendable {
  /// A line, without its end; one recalled from the history may hold several rows.
  case line(String)
  /// ^D on an empty line, or the end of the input.
  case end
  /// ^C: what was typed is dropped.
  case interrupted
}

/// A word that may stand at the cursor, with a line about it.
public struct Candidate: Equatable, Sendable {
  public var text: String, summary: String
  public init(_ text: String, _ summary: String = "") { (self.text, self.summary) = (text, summary) }
}

/// What fits behind a text, and how many of its last characters a candidate replaces.
public typealias Completer = (_ text: String) -> (replacing: Int, candidates: [Candidate])

/// Reads lines from the user. ``History`` is looked through with the arrow keys; the completer answers Tab.
public protocol LineEditor: AnyObject {
  var history: History { get }
  var completer: Completer? { get set }
  func readLine(prompt: String) -> LineInput
}

/// The choice of an editor.
public enum LineEditors {
  /// The best editor that this build and this terminal have.
  ///
  /// - Parameters:
  ///   - isRich: Whether the terminal moves its cursor and both input and output belong to it.
  ///   - isInterrupted: Whether ^C was typed since the last reading; asked while waiting for a key.
  public static func editor(
    history: History, isRich: Bool, isInterrupted: @escaping () -> Bool
  ) -> any LineEditor {
    Keyboard.isInterrupted = isInterrupted
    TerminalModes.keep()
    guard isRich else { return PlainEditor(history: history) }
    Encoding.useUTF8()
    #if Readline
      return ReadlineEditor(history: history)
    #elseif Editline
      return EditlineEditor(history: history) ?? PlainEditor(history: history)
    #else
      return PlainEditor(history: history)
    #endif
  }
  /// What edits lines in this build, for reports of its version.
  public static var library: String {
    #if Readline
      "GNU readline"
    #elseif Editline
      "libedit"
    #else
      "plain input"
    #endif
  }
}

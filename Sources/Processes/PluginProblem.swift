internal import Language

/// What can go wrong with a plugin that is a process of its own; the words for it are here.
enum PluginProblem: Error, Equatable {
  case start(String)
  case version(Int)
  case ended(during: String, lastWords: String)
  case late(during: String, seconds: Double)
  case foreign(during: String, text: String)
  case size(during: String, bytes: Int, expected: Int)
  case notANumber(during: String)
  case declared(String)
  case refused(String)
  case interrupted

  /// - Parameter file: the file of the plugin, as named by the user.
  func diagnostic(_ file: String) -> Diagnostic {
    switch self {
    case .start(let reason):
      Diagnostic(
        "plugin.start", "'\(file)' cannot be started: \(reason)",
        help: "a plugin is a file that may be executed, or one that ends in .py")
    case .version(let version):
      Diagnostic(
        "plugin.version", "'\(file)' speaks version \(version) of the plugin protocol, Soma speaks \(Greeting.version)")
    case .ended(let call, let words):
      Diagnostic(
        "plugin.ended", "'\(file)' ended while it was asked for '\(call)'",
        notes: words.isEmpty ? [] : ["its last words: \(words)"])
    case .late(let call, let seconds):
      Diagnostic(
        "plugin.late", "'\(file)' has not answered '\(call)' for \(Self.text(seconds)); it was ended",
        help: "more time is given with: plugin load \(file) timeout=\(Self.text(10 * seconds))")
    case .foreign(let call, let text):
      Diagnostic("plugin.answer", "'\(file)' answered '\(call)' with something that is no answer: \(text)")
    case .size(let call, let bytes, let expected):
      Diagnostic("plugin.shape", "'\(file)' answered '\(call)' with \(bytes) bytes where \(expected) are needed")
    case .notANumber(let call):
      Diagnostic("plugin.number", "'\(file)' answered '\(call)' with a value that is no number")
    case .declared(let reason): Diagnostic("plugin.declaration", "'\(file)' declares \(reason)")
    case .refused(let reason): Diagnostic("plugin.refused", "'\(file)' refuses: \(reason)")
    case .interrupted: Diagnostic("plugin.interrupted", "'\(file)' was interrupted")
    }
  }
  private static func text(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? "\(Int(seconds))s" : "\(Int((1000 * seconds).rounded()))ms"
  }
}

internal import Engine
internal import Language
internal import LineEditing

/// The loop of the prompt: reads until the parser has a whole program, runs it, keeps it in the history.
struct Prompt {
  private let session: Session
  private let editor: any LineEditor

  init(_ session: Session) {
    let history = History(folder: UserFiles.state)
    history.load()
    (self.session, editor) = (
      session, LineEditors.editor(history: history, isRich: Console.isRich, isInterrupted: { Console.isInterrupted })
    )
  }

  func run() {
    if Console.isOutputTerminal {
      session.surroundings.write(
        "soma \(Version.current), a laboratory for spiking neural networks · help for help, ^D to leave\n")
    }
    var typed = "", firstLine = 1
    while true {
      Console.forgetInterrupt()
      editor.completer = completer(behind: typed)
      switch editor.readLine(prompt: typed.isEmpty ? "soma> " : "  ... ") {
      case .line(let line):
        typed += (typed.isEmpty ? "" : "\n") + line
        let source = Source(typed, firstLine: firstLine)
        if Parser.parse(source).isUnfinished { continue }
        if carryOut(source) == .quit { return }
        firstLine += typed.count(where: { $0 == "\n" }) + 1
      case .interrupted: break
      case .end: if typed.isEmpty { return }
      }
      typed = ""
    }
  }
  private func carryOut(_ source: Source) -> Session.Ending {
    editor.history.add(source.text)
    Console.forgetInterrupt()
    let ending = session.run(source)
    if ending == .interrupted, let salvaged = session.salvaged {
      session.surroundings.writeError("_ holds \(salvaged)\n")
    }
    return ending
  }
  /// Completes behind the rows that stand above the one being edited.
  private func completer(behind typed: String) -> Completer {
    let session = session, rows = typed.isEmpty ? "" : typed + (typed.hasSuffix("|") ? " " : "\n")
    return { text in
      let (replacing, candidates) = session.completions(for: rows + text)
      return (replacing, candidates.map { Candidate($0.text, $0.summary) })
    }
  }
}

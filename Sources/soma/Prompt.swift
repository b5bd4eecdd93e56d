internal import Engine
internal import Language

/// The loop of the prompt: reads until the parser has a whole program, runs it, keeps it in the history.
struct Prompt {
  let session: Session
  init(_ session: Session) { self.session = session }

  func run() throws {
    while let line = readLine() {
      Console.forgetInterrupt()
      if session.run(Source(line)) == .quit { return }
    }
  }
}

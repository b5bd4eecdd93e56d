import Compute
import Engine
import Foundation
import Language
import Testing

/// Lexer, parser, binder and check on broken texts: whatever comes, they answer and never trap.
///
/// The corpus is replayed whole and in pieces; mutations are drawn from a fixed seed, more of them with `SOMA_FUZZ=count`.
@Suite struct FuzzTests {
  private static func corpus() throws -> [String] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).sorted {
      $0.path < $1.path
    }
    return try files.flatMap { try String(contentsOf: $0, encoding: .utf8).split(separator: "\n").map(String.init) }
  }
  private static let pieces = [
    "|", "{", "}", "(", ")", "[", "]", ";", "=", "==", "..", " by ", "-", "\"", "{n}", "\n", "20ms", "1e308", "inf",
    "not ", "let x = ",
    "def f a { | ", "sweep k 1..3 { ", "for i in 1..2 { ", "if a { ", "else ", "_", "τ", "€", "\u{0}", "\u{301}",
    "\r\n", "#", "to=x.png", "data=", "99999999999",
  ]

  @Test func theCorpusIsAnswered() throws {
    let lab = try Lab()
    for line in try Self.corpus() {
      _ = lab.session.problems(in: Source(line))
      for cut in stride(from: 0, to: line.count, by: 3) {
        _ = lab.session.problems(in: Source(String(line.prefix(cut))))
      }
    }
  }
  @Test func mutationsAreAnswered() throws {
    let lab = try Lab(), corpus = try Self.corpus(), random = RandomStream(seed: 1, "fuzz")
    let count = ProcessInfo.processInfo.environment["SOMA_FUZZ"].flatMap(Int.init) ?? 4000
    for round in 0..<count {
      let stream = random.child(round)
      var text = Array(corpus[stream.integer(below: corpus.count, counter: 0)])
      for change in 0..<(1 + stream.integer(below: 4, counter: 1)) {
        let place = stream.integer(below: text.count + 1, counter: 10 * change + 2)
        switch stream.integer(below: 4, counter: 10 * change + 3) {
        case 0:
          text.insert(
            contentsOf: Self.pieces[stream.integer(below: Self.pieces.count, counter: 10 * change + 4)], at: place)
        case 1:
          text.removeSubrange(
            min(place, text.count)..<min(text.count, place + 1 + stream.integer(below: 6, counter: 10 * change + 5)))
        case 2:
          text.insert(
            contentsOf: text[min(place, text.count)..<min(text.count, place + 8)],
            at: stream.integer(below: text.count + 1, counter: 10 * change + 6))
        default:
          let other = Array(corpus[stream.integer(below: corpus.count, counter: 10 * change + 7)])
          text =
            Array(text.prefix(place)) + other.suffix(stream.integer(below: other.count + 1, counter: 10 * change + 8))
        }
      }
      let source = Source(String(text.prefix(400)))
      for problem in lab.session.problems(in: source) { _ = problem.rendered(in: source) }
      _ = lab.session.completions(for: String(text.prefix(200)))
    }
  }
}

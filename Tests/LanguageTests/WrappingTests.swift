import Language
import Testing

/// Messages and help in the columns there are.
@Suite struct WrappingTests {
  private func rows(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

  @Test func longRowsAreBrokenAtBlanks() {
    let text = "  tau=20ms     Membrane time constant, over which the potential forgets what came before."
    let wrapped = Wrapping.wrapped(text, width: 40)
    #expect(
      wrapped == """
          tau=20ms     Membrane time constant,
                       over which the potential
                       forgets what came before.
        """)
    #expect(Wrapping.wrapped(text, width: nil) == text && Wrapping.wrapped(text, width: 100) == text)
    #expect(Wrapping.wrapped("short\n\nrows", width: 40) == "short\n\nrows")
    let word = String(repeating: "w", count: 60)
    #expect(Wrapping.wrapped("a \(word) b", width: 40) == "a\n  \(word)\n  b")
  }
  /// Wherever the place, the excerpt fits and the carets stand under what they mark.
  @Test(arguments: [30, 60, 80, 164]) func excerptsFit(_ width: Int) throws {
    let words = (0..<40).map { "word\($0)" }, line = words.joined(separator: " ")
    let source = Source(line)
    for word in words {
      let start = line.distance(from: line.startIndex, to: try #require(line.firstRange(of: word)?.lowerBound))
      let told = rows(
        Diagnostic("a.b", "message", at: Span(start, start + word.count)).rendered(in: source, width: width))
      #expect(told.allSatisfy { $0.count <= width }, "\(told)")
      let offset = told[3].distance(
        from: told[3].startIndex, to: try #require(told[3].firstIndex(of: "^")))
      let marked = String(Array(told[2])[offset..<offset + word.count])
      #expect(marked == word && told[3].count == offset + word.count, "\(told)")
    }
  }
  @Test func widePlacesAreMarkedAsFarAsTheyAreSeen() {
    let line = String(repeating: "神経 ", count: 60),
      told = rows(
        Diagnostic("a.b", "message", at: Span(90, 150)).rendered(in: Source(line), width: 60))
    #expect(told[3].contains("^") && told[3].count <= 60)
    #expect(told[2].hasPrefix("1 | …") && told[2].hasSuffix("…"))
  }
}

import Language
import Testing

/// Tokens as text: numbers with their unit, words, symbols; a sign is shown as ±.
private func tokens(_ text: String) -> String {
  Lexer.tokens(of: Source(text)).tokens.map { token in
    switch token.kind {
    case .number(let x, let unit): "\(x)" + (unit ?? "")
    case .word(let word): "‹\(word)›"
    case .text(let parts): "text(\(parts.count))"
    case .symbol(let symbol): symbol
    case .minusSign: "±"
    case .newline: "⏎"
    case .end: ""
    }
  }.filter { !$0.isEmpty }.joined(separator: " ")
}

@Test(arguments: [
  ("20ms .5 1e-3 2e3Hz 40%", "20.0ms 0.5 0.001 2000.0Hz 40.0%"),
  ("0..4 by 0.1", "0.0 .. 4.0 ‹by› 0.1"),
  ("1..-3", "1.0 .. ± 3.0"),
  ("if-once lif.png ../a/b.csv best.T ~/x ./y /z", "‹if-once› ‹lif.png› ‹../a/b.csv› ‹best.T› ‹~/x› ‹./y› ‹/z›"),
  ("a..b", "‹a› .. ‹b›"),
  ("[1 -2]", "[ 1.0 ± 2.0 ]"), ("(1-2)", "( 1.0 - 2.0 )"), ("n-1", "‹n-1›"), ("n - 1", "‹n› - 1.0"),
  ("n -1", "‹n› ± 1.0"),
  ("x=-1", "‹x› = ± 1.0"), ("a # comment\nb", "‹a› ⏎ ‹b›"), ("a#b", "‹a› ‹b›"), ("(a\nb)\nc", "( ‹a› ‹b› ) ⏎ ‹c›"),
  ("( { a\nb } )", "( { ‹a› ⏎ ‹b› } )"), ("a\r\nb", "‹a› ⏎ ‹b›"),
  ("a == b != c <= d >= e", "‹a› == ‹b› != ‹c› <= ‹d› >= ‹e›"),
  ("\"x {n} y\"", "text(3)"), ("τ=3µs", "‹τ› = 3.0µs"), ("a/b", "‹a/b›"), ("a / b", "‹a› / ‹b›"),
])
func cutsText(_ text: String, _ expected: String) {
  #expect(tokens(text) == expected)
}

@Test func spansPointAtTheirText() {
  let source = Source("neuron lif tau=20ms")
  let words = Lexer.tokens(of: source).tokens.dropLast().map { source[$0.span] }
  #expect(words == ["neuron", "lif", "tau", "=", "20ms"])
}

@Test func escapesAreRead() {
  let parsed = Lexer.tokens(of: Source(#""a\"b\\c\n\t\{d}""#))
  #expect(parsed.tokens.first?.kind == .text([.literal("a\"b\\c\n\t{d}")]))
  #expect(parsed.diagnostics.isEmpty)
}

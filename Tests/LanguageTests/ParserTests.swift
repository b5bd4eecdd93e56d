import Language
import Testing

/// Formulas with all brackets written out.
private func shape(_ expression: Expression) -> String {
  switch expression.kind {
  case .number(let x, let unit): "\(x == x.rounded() ? String(Int(x)) : String(x))\(unit ?? "")"
  case .text: "text"
  case .word(let word): word
  case .call(let name, let arguments): "\(name.text)(\(arguments.map(shape).joined(separator: ", ")))"
  case .list(let items): "[\(items.map(shape).joined(separator: " "))]"
  case .range(let a, let b, let step): "\(shape(a))..\(shape(b))" + (step.map { " by \(shape($0))" } ?? "")
  case .pipeline(let pipeline): "{\(pipeline.stages.count)}"
  case .negate(let a): "(-\(shape(a)))"
  case .not(let a): "(not \(shape(a)))"
  case .binary(let op, let a, let b): "(\(shape(a)) \(op.rawValue) \(shape(b)))"
  }
}
private func formula(_ text: String) -> String {
  let parsed = Parser.parse(Source(text))
  guard parsed.diagnostics.isEmpty, case .pipeline(let pipeline)? = parsed.program.lines.first?.statement,
    case .formula(let expression)? = pipeline.stages.first?.kind
  else { return parsed.diagnostics.first?.message ?? "no formula" }
  return shape(expression)
}

@Test(arguments: [
  ("1 + 2 * 3", "(1 + (2 * 3))"), ("(1 + 2) * 3", "((1 + 2) * 3)"), ("2 ^ 3 ^ 2", "(2 ^ (3 ^ 2))"),
  ("-2 ^ 2", "(-(2 ^ 2))"),
  ("2 - 3 - 4", "((2 - 3) - 4)"), ("8 / 4 / 2", "((8 / 4) / 2)"), ("2 ^ -1", "(2 ^ (-1))"),
  ("not 1 == 2", "(not (1 == 2))"),
  ("1 < 2 and 3 < 4 or 5 < 6", "(((1 < 2) and (3 < 4)) or (5 < 6))"), ("2 -1", "(2 - 1)"), ("a - 1", "(a - 1)"),
  ("abs(-3) + max(1, 2)", "(abs((-3)) + max(1, 2))"), ("20ms * 50Hz", "(20ms * 50Hz)"), ("0..4 by 0.5", "0..4 by 0.5"),
  ("[1 -2, 3..5]", "[1 (-2) 3..5]"), ("1 +\n2", "(1 + 2)"), ("(1 +\n\n2)", "(1 + 2)"),
])
func bindsOperators(_ text: String, _ expected: String) {
  #expect(formula(text) == expected)
}

@Test func wordsWithAndWithoutOperators() throws {
  let calls = Parser.parse(Source("a -1\nnet | plot raster sample=3 to=x.png"))
  #expect(calls.diagnostics.isEmpty)
  guard case .pipeline(let first)? = calls.program.lines.first?.statement,
    case .call(let name, let arguments, nil)? = first.stages.first?.kind
  else {
    Issue.record("a call")
    return
  }
  #expect(name.text == "a" && arguments.count == 1)
}

@Test(arguments: [
  "data mnist |", "let x =", "let x = 1 +", "sweep x 1..3", "for x 1..3", "if a == b", "if a { 1 } else", "def f a",
  "(1 + 2", "[1 2", "f {",
  "range 1..", "1..3 by", "sweep x 1..3 {\n x\n", "data glyphs | take train=",
])
func waitsForMore(_ text: String) {
  let parsed = Parser.parse(Source(text))
  #expect(parsed.isUnfinished)
  #expect(!parsed.diagnostics.isEmpty)
}

@Test(arguments: ["\"open", "data mnist", "x = 3", "1 + 2)", "let 3 = x", "dense 2 * n", "}", ""])
func doesNotWait(_ text: String) {
  #expect(!Parser.parse(Source(text)).isUnfinished)
}

/// Diagnostics, whole, with the line they are about.
private func told(_ text: String) -> String {
  let source = Source(text, name: "test.soma")
  return Parser.parse(source).diagnostics.map { $0.rendered(in: source) }.joined(separator: "\n")
}

@Test(arguments: [
  (
    "x = 3",
    """
    error[parse.let]: a name is bound with 'let'
     --> test.soma:1:1
    1 | x = 3
      | ^^^
      = help: write let x = 3
    """
  ),
  (
    "net | dense 2 * n",
    """
    error[parse.arithmetic]: arithmetic in an argument needs parentheses
     --> test.soma:1:13
    1 | net | dense 2 * n
      |             ^^^^^
      = help: write (2 * n)
    """
  ),
  (
    "net | where accuracy = 0.9",
    """
    error[parse.equals]: a comparison is written '=='
     --> test.soma:1:22
    1 | net | where accuracy = 0.9
      |                      ^
      = help: write accuracy == 0.9
    """
  ),
  (
    "1 < 2 < 3",
    """
    error[parse.chain]: comparisons cannot be chained
     --> test.soma:1:7
    1 | 1 < 2 < 3
      |       ^
      = help: write a < b and b < c
    """
  ),
  (
    "plot(net)",
    """
    error[parse.call]: 'plot' is not a function of mathematics
     --> test.soma:1:1
    1 | plot(net)
      | ^^^^^^^^^
      = help: verbs take their input from the left, as in: net | plot
    """
  ),
  (
    "(2 * n)ms",
    """
    error[unit.parenthesis]: no unit may follow ')'
     --> test.soma:1:8
    1 | (2 * n)ms
      |        ^^
      = help: write (… * 1ms)
    """
  ),
  (
    "neuron lif tau=1ms tau=2ms",
    """
    error[setting.twice]: 'tau' is given twice
     --> test.soma:1:20
    1 | neuron lif tau=1ms tau=2ms
      |                    ^^^
    """
  ),
  (
    "let text = \"open\nlet b = 1)",
    """
    error[parse.text]: a text opened here is not closed on its line
     --> test.soma:1:12
    1 | let text = "open
      |            ^
      = help: end it with "
    error[parse.bracket]: ')' closes nothing
     --> test.soma:2:10
    2 | let b = 1)
      |          ^
    """
  ),
  (
    "if 1 == 1 { 2 }\nelse { 3 }",
    """
    error[parse.else]: 'else' stands on the row of the '}' before it
     --> test.soma:2:1
    2 | else { 3 }
      | ^^^^
      = help: write } else {
    """
  ),
  (
    "sweep x 1..3 {\n  x",
    """
    error[parse.unfinished]: a block opened here is not finished
     --> test.soma:1:14
    1 | sweep x 1..3 {
      |              ^
    """
  ),
])
func explainsMistakes(_ text: String, _ expected: String) {
  #expect(told(text) == expected)
}

@Test func goesOnAfterAMistake() {
  let parsed = Parser.parse(Source("x = 3\nlet y = 2 ^\n)\nlet z = 4\nnet | | net"))
  #expect(parsed.diagnostics.map(\.code) == ["parse.let", "parse.expected", "parse.expected"])
  #expect(parsed.program.lines.count == 1)
}

@Test func deepNestingIsRefused() {
  for text in [
    String(repeating: "(", count: 5000), String(repeating: "[", count: 5000), String(repeating: "-", count: 5000) + "1",
    String(repeating: "sweep x 1..2 {", count: 1000), String(repeating: "not ", count: 3000),
  ] {
    #expect(Parser.parse(Source(text)).diagnostics.contains { $0.code == "parse.depth" })
  }
}

@Test(
  arguments: [("mnits", "mnist"), ("tua", "tau"), ("bs4nm", "bs4nn"), ("zebra", nil), ("x", nil)] as [(String, String?)]
)
func guessesSpelling(_ word: String, _ expected: String?) {
  #expect(Spelling.nearest(to: word, among: ["mnist", "fashion-mnist", "tau", "bs4nn", "s4nn"]) == expected)
}

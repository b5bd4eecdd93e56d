import Testing

/// What lines mean: values, the last value, blocks, functions, tables. Each case is lines and all they print.
@Suite struct MeaningTests {
  @Test(arguments: [
    ("1 + 2 * 3", "7\n"), ("50Hz * 20ms", "1\n"), ("sqrt(4ms * 1ms)", "2ms\n"), ("2 ^ 10", "1024\n"),
    ("-2 ^ 2", "-4\n"),
    ("1 / 3", "0.3333\n"), ("set precision 8; 1 / 3", "0.33333333\n"), ("0.5s + 20ms", "520ms\n"), ("40%", "0.4\n"),
    ("min([3 1 2])", "1\n"), ("mean(1..4)", "2.5\n"), ("sd([1 2 3 4])", "1.291\n"), ("count([1 2 3])", "3\n"),
    ("max(2ms, 3ms)", "3ms\n"),
    ("[1 -2 3..5]", "[1 -2 3 4 5]\n"), ("0..1 by 0.25", "0..1 by 0.25\n"), ("1 < 2 and not 2 < 1", "true\n"),
    ("\"n is {1 + 1}, \\{x}\"", "n is 2, {x}\n"), ("let n = 3; \"{n} neurons\"", "3 neurons\n"),
    ("a == a", "error[name.unknown]"),
    (
      "exp(0) + ln(1) + log10(100) + log2(8) + sin(0) + cos(0) + tanh(0) + abs(-1) + sign(-3) + round(1.4) + floor(1.9) + ceil(1.1)",
      "11\n"
    ),
  ])
  func calculates(_ lines: String, _ expected: String) throws {
    let text = try Lab().run(lines)
    #expect(expected.hasPrefix("error") ? text.hasPrefix(expected) : text == expected)
  }

  @Test func rebindingAndUndo() throws {
    let lab = try Lab()
    #expect(lab.run("let n = 3; let n = n + 1; undo\nif n == 3 { \"back\" } else { \"not back\" }") == "back\n")
    #expect(lab.run("redo; n") == "4\n")
    #expect(lab.run("forget n") == "" && lab.run("n").hasPrefix("error[name.unknown]: nothing is called 'n'"))
    #expect(lab.run("undo; n") == "4\n")
    #expect(lab.run("set seed 5; undo; set seed") == "1\n")
  }
  @Test func looksLeaveTheLastValue() throws {
    let lab = try Lab()
    lab.run("let cell = neuron lif\n| drive current=1.5 for=50ms\n| plot membrane")
    lab.run("_ | measure; 1 + 1; \"text\"; names")
    #expect(lab.run("_") == "recording of 50ms in steps of 1ms: v, waiting\n")
  }
  @Test func theLastValueFollowsWhatWasMade() throws {
    let lab = try Lab()
    lab.run("data glyphs | dense 10")
    lab.run("_ | layers; names; 2 + 2;")
    #expect(lab.run("| layers").contains("dense1"))
    lab.run("sweep x 1..2 { x };")
    #expect(lab.run("| best value").contains("2"))
  }
  @Test func namesKeepTheirValues() throws {
    let lab = try Lab()
    lab.run("let a = neuron lif tau=10ms; let b = a; let a = neuron lif tau=5ms;")
    #expect(lab.run("b.tau") == "10ms\n")
  }
  @Test func functionsTakeDefaultsAndInput() throws {
    let lab = try Lab()
    lab.run("def f a b=2 { a * b }\ndef driven level { | drive current=level | measure }")
    #expect(lab.run("f 3") == "6\n")
    #expect(lab.run("f 3 b=4") == "12\n")
    #expect(lab.run("let r = neuron lif | driven 2; r.spikes > 3") == "true\n")
    #expect(lab.run("driven 2").hasPrefix("error"))
  }
  @Test func sweepsCollect() throws {
    let lab = try Lab()
    #expect(
      lab.run("sweep a 1..2 b [10 20] { a * b }") == """
        a   b  value
        1  10     10
        1  20     20
        2  10     20
        2  20     40

        """)
    #expect(
      lab.run("_ | group a | select a value count") == """
        a  value  count
        1     15      2
        2     30      2

        """)
    #expect(lab.run("sweep k 1..2 { set seed 3 }").contains("error[set.refused]"))
    #expect(
      lab.run("let x = sweep k [direct nonsense] { data glyphs | encode k }").contains("'nonsense' is not a code"))
  }
  @Test func tablesAreWorkedOn() throws {
    let lab = try Lab()
    lab.run("let t = sweep n 1..5 { n * n }")
    #expect(
      lab.run("t | where value > 4 | derive root = sqrt(value) | sort root descending=true | rows 0..1") == """
        n  value  root
        5     25     5
        4     16     4

        """)
    #expect(lab.run("max(t.value)") == "25\n")
    #expect(lab.run("let b = t | best value smallest=true; \"{b.n} and {b.value}\"") == "1 and 1\n")
  }
  @Test func loopsPrintAndKeep() throws {
    let lab = try Lab()
    #expect(lab.run("for k in 1..3 { let last = k; k }") == "1\n2\n3\n")
    #expect(lab.run("last") == "3\n")
    #expect(lab.run("k").hasPrefix("error"))
  }
  @Test func expectationsFailWithBothSides() throws {
    let lab = try Lab()
    #expect(lab.run("expect 1 + 1 == 2") == "")
    #expect(lab.run("expect 1 + 1 == 3").contains("= note: left is 2, right is 3"))
    #expect(lab.run("let r = neuron lif | drive current=1.5 for=1s | measure | expect rate > 40Hz;") == "")
  }
  @Test func aSilentLinePrintsNothing() throws {
    #expect(try Lab().run("let cell = neuron lif; 3;") == "")
  }
  @Test func nothingIsBoundByAFailedLine() throws {
    let lab = try Lab()
    lab.run("let x = data idx images=missing labels=missing")
    #expect(lab.run("x").hasPrefix("error[name.unknown]"))
  }
}

/// Recipes give the same bits again.
@Suite struct RecipeTests {
  @Test func aRecipeMakesTheSameBits() throws {
    let lab = try Lab()
    lab.run(
      """
      set seed 7
      let level = 1.1; let cell = neuron lif tau=12ms
      def noisy spread=1 { | drive noise current=level sd=spread for=200ms }
      let r = cell | noisy spread=2 | measure;
      """)
    let recipe = lab.run("r | recipe")
    let again = try Lab()
    #expect(recipe.contains("set seed 7"))
    #expect(recipe.contains("let level = 1.1"))
    #expect(again.run(recipe).hasSuffix(lab.run("r")))
  }
  @Test func randomnessDependsOnSeedAndStageOnly() throws {
    let line = "neuron lif | drive noise sd=2 for=300ms | measure"
    let first = try Lab().run(line), lab = try Lab()
    lab.run("neuron lif | drive noise for=50ms; data glyphs | sample 3;")
    #expect(lab.run(line) == first)
    #expect(lab.run("set seed 2; " + line) != first)
    #expect(lab.run("set seed 2; neuron lif | drive noise sd=2 for=300ms seed=1 | measure") == first)
  }
  @Test func threadsDoNotMatter() throws {
    let line =
      "data glyphs samples=200 | encode direct steps=3 | dense 20 | neuron lif | dense 10 | train bptt epochs=1 | history | select loss accuracy"
    let results = try [1, 2, 3].map { try Lab(threads: $0).run("set precision 15; " + line) }
    #expect(Set(results).count == 1)
  }
}

import Engine
import Foundation
import Language
import Testing

/// The table of diagnostics: what is typed, and the whole text that answers.
@Suite struct DiagnosticTests {
  /// A problem of a file stands under the file, with what can be done.
  @Test func problemsOfFilesStandUnderThem() throws {
    let lab = try Lab()
    let folder = lab.run("data idx images=./ labels=nowhere.gz")
    #expect(
      folder == """
        error[file.unreadable]: './' cannot be read: it is a folder
         --> input:1:17
        1 | data idx images=./ labels=nowhere.gz
          |                 ^^

        """)
    let missing = lab.run("load nowhere.soma-model")
    #expect(
      missing == """
        error[file.missing]: there is no file 'nowhere.soma-model'
         --> input:1:6
        1 | load nowhere.soma-model
          |      ^^^^^^^^^^^^^^^^^^
          = help: files are looked for in the working folder, then in the data folder; set data names one

        """)
  }
  /// A name that could not stand there is no second meaning.
  @Test func aModelIsNoKind() throws {
    let lab = try Lab()
    let training =
      "let bs4nn = data glyphs samples=40 | encode ttfs | mlp 8 10 neuron=if-once weights=binary | train bs4nn epochs=1;"
    #expect(lab.run(training) == "")
    #expect(lab.run(training) == "")
    #expect(lab.run("let lif = neuron if; neuron lif").contains("note[name.both]"))
  }
  /// Equations at the prompt: problems stand in them, and what they define is a value like others.
  @Test func equationsAreExplained() throws {
    let lab = try Lab()
    #expect(
      lab.run("neuron define lif { v' = -v/ms; spike v > 1 }") == """
        error[name.taken]: there is a neuron 'lif' already
         --> input:1:15
        1 | neuron define lif { v' = -v/ms; spike v > 1 }
          |               ^^^
          = help: choose another name

        """)
    #expect(
      lab.run("neuron define boom { v' = v^3/ms + I/ms; spike v >= 1e30 }; boom | drive current=5 for=100ms")
        == """
        error[drive.diverges]: 'v' of neuron 'boom' is no number any more after 1ms
         --> input:1:68
        1 | neuron define boom { v' = v^3/ms + I/ms; spike v >= 1e30 }; boom | drive current=5 for=100ms
          |                                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^
          = help: look at its equations; a smaller step is set with: set dt 0.1ms

        """)
    #expect(
      lab.run("neuron define f { v' = -v/tau; spike v > 1 } tau=\"long\"") == """
        error[equation.parameter]: the default of 'tau' must be a number
         --> input:1:50
        1 | neuron define f { v' = -v/tau; spike v > 1 } tau="long"
          |                                                  ^^^^^^
          = help: write tau=20ms

        """)
    #expect(
      lab.run("neuron define f { v' = -v/tau; spike v > 1 } tau=20ms; neuron f tau=3") == """
        error[unit.missing]: 'tau' is a time, '3' has no unit
         --> input:1:69
        1 | neuron define f { v' = -v/tau; spike v > 1 } tau=20ms; neuron f tau=3
          |                                                                     ^
          = help: write tau=3ms

        """)
  }
  @Test func aRasterNamesTheTrueClass() throws {
    let lab = try Lab()
    lab.run("let net = data glyphs samples=60 | encode ttfs | mlp 8 10 neuron=if-once | train s4nn epochs=1;")
    let predicted = lab.run("net | predict | where sample == 2 | select label")
    let label = try #require(predicted.split(whereSeparator: \.isWhitespace).last)
    #expect(lab.run("net | plot raster sample=2").contains("sample 2, class \(label)"))
  }
  @Test func valuesThatCannotBeDrawnAreTold() throws {
    #expect(try Lab().run("neuron lif | drive current=1e308 for=5ms | plot membrane").contains("note[plot.range]"))
  }
  @Test func whatIsBoundCompletesToAValue() throws {
    let words = try Lab().session.completions(for: "let x = ").candidates.map(\.text)
    #expect(words.contains("data") && words.contains("if"))
    #expect(!["let", "def", "quit", "undo", "forget"].contains { words.contains($0) })
  }
  @Test func filesOfTheDataFolderComplete() throws {
    let folder = NSTemporaryDirectory() + "soma-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder + "/shelf", withIntermediateDirectories: true)
    try "x".write(toFile: folder + "/shelf/own-images.gz", atomically: true, encoding: .utf8)
    let lab = try Lab()
    lab.run("set data \"\(folder)\"")
    #expect(lab.session.completions(for: "data idx images=she").candidates.map(\.text) == ["shelf/"])
    #expect(
      lab.session.completions(for: "data idx images=shelf/ow").candidates.map(\.text) == ["shelf/own-images.gz"])
  }
  /// What a script would read need not be there where a command line says something else.
  @Test func valuesThatAreReplacedNeedNoFiles() throws {
    let lab = try Lab(), script = "let digits = data idx images=\"no-where.gz\" labels=\"no-where.gz\"; digits"
    lab.session.run(Source(script, name: "f.soma"), overrides: ["digits=(data glyphs samples=20)"])
    #expect(lab.run("digits").contains("dataset glyphs: 16 train, 4 test"))
  }
  @Test func aValueForAScriptIsGivenOnce() throws {
    let lab = try Lab()
    lab.session.run(Source("let n = 1; n", name: "f.soma"), overrides: ["n=1", "n=2"])
    #expect(lab.take().hasPrefix("error[setting.twice]"))
  }
  /// Advice on trainers is about the whole model: what is proposed takes it.
  @Test func adviceOnTrainersHolds() throws {
    let lab = try Lab()
    let none = lab.run(
      "data glyphs | encode ttfs | conv 4 kernel=3 | neuron if-once | dense 10 | neuron if-once | train s4nn")
    #expect(
      none.hasPrefix("error[capability]: 's4nn' needs dense layers, each with neurons; layer 'conv1' (conv) has none"))
    #expect(
      none.contains(
        "= help: no trainer takes this network; 'backprop' comes nearest and needs a true derivative in neuron1, neuron2"
      ), "\(none)")
    let nets = [
      "encode ttfs | mlp 12 10 neuron=if-once", "encode ttfs | mlp 12 10 neuron=if-once weights=binary",
      "encode direct steps=2 | dense 12 | neuron lif | dense 10", "dense 12 | relu | dense 10",
    ]
    for net in nets {
      for look in ["plot accuracy", "plot weights", "plot weight-histogram"] {
        let told = lab.run("let n = data glyphs samples=40 | \(net); n | \(look)")
        let found = try #require(told.firstRange(of: /as in: (\| train [a-z0-9]+)/), "\(told)")
        let advice = String(told[found].dropFirst("as in: ".count))
        #expect(!lab.run("n \(advice) epochs=1").contains("error"), "\(net) \(advice)")
      }
    }
  }
  /// Settings that would do nothing are not there.
  @Test(arguments: [
    "data glyphs | encode ttfs seed=3", "data glyphs | plot images xscale=log",
    "data glyphs samples=20 | encode ttfs | dense 10 bias=true | neuron if-once | train s4nn epochs=1",
  ])
  func idleSettingsAreRefused(_ line: String) throws { #expect(try Lab().run(line).hasPrefix("error[")) }
  /// A remark of a stage comes with its place, and once, however often a sweep comes by.
  @Test func remarksAreToldOnce() throws {
    let lab = try Lab()
    lab.run(
      "let net = data glyphs samples=60 | encode direct steps=2 | dense 8 | neuron lif name=hidden | dense 10 | train bptt epochs=1"
    )
    let told = lab.run("sweep theta [0.5 1 2] { net | change hidden threshold=theta | evaluate };")
    #expect(
      told == """
        note[change.training]: what 'bptt' reported of its training was measured before this change
         --> input:1:31
        1 | sweep theta [0.5 1 2] { net | change hidden threshold=theta | evaluate };
          |                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

        """)
  }
  @Test(arguments: [
    (
      "data mnits",
      """
      error[name.choice]: 'mnits' is not a data set
       --> input:1:6
      1 | data mnits
        |      ^^^^^
        = help: did you mean 'mnist'?

      """
    ),
    (
      "neuron lif tau=20",
      """
      error[unit.missing]: 'tau' is a time, '20' has no unit
       --> input:1:16
      1 | neuron lif tau=20
        |                ^^
        = help: write tau=20ms

      """
    ),
    (
      "neuron lif tau=20 ms",
      """
      error[unit.space]: a unit follows its number without a blank
       --> input:1:16
      1 | neuron lif tau=20 ms
        |                ^^^^^
        = help: write 20ms

      """
    ),
    (
      "neuron lif tua=20ms",
      """
      error[setting.unknown]: 'neuron lif' has no setting 'tua'
       --> input:1:12
      1 | neuron lif tua=20ms
        |            ^^^
        = help: did you mean 'tau'?

      """
    ),
    (
      "let data = 3",
      """
      error[name.verb]: 'data' is a verb and cannot be bound
       --> input:1:5
      1 | let data = 3
        |     ^^^^

      """
    ),
    (
      "conv 8 kernel=3",
      """
      error[types.input]: 'conv' needs a dataset, spikes or a model before it
       --> input:1:1
      1 | conv 8 kernel=3
        | ^^^^
        = help: to continue from the last value begin with |

      """
    ),
    (
      "let n = 3; let m = n-1",
      """
      error[name.word]: 'n-1' is one word, and nothing of that name is bound
       --> input:1:20
      1 | let n = 3; let m = n-1
        |                    ^^^
        = help: for a difference write n - 1

      """
    ),
    (
      "data glyphs | dense 10 | layers | where layr == hidden",
      """
      error[name.column]: the table has no column 'layr'
       --> input:1:41
      1 | data glyphs | dense 10 | layers | where layr == hidden
        |                                         ^^^^
        = help: did you mean 'layer'?

      """
    ),
    (
      "for i in 10..1 { i }",
      """
      error[range.empty]: 10..1 counts up and is empty
       --> input:1:10
      1 | for i in 10..1 { i }
        |          ^^^^^
        = help: write 10..1 by -1

      """
    ),
    (
      "data glyphs | conv 8 kernel=99",
      """
      error[shape.kernel]: a kernel of 99×99 does not fit images of 28×28
       --> input:1:15
      1 | data glyphs | conv 8 kernel=99
        |               ^^^^^^^^^^^^^^^^

      """
    ),
    (
      "data glyphs | plot raster",
      """
      error[types.stage]: 'plot raster' shows spikes, but 'data glyphs' gives a dataset
       --> input:1:15
      1 | data glyphs | plot raster
        |               ^^^^^^^^^^^
        = help: encode it first, as in: data glyphs | encode ttfs | plot raster

      """
    ),
    (
      "neuron lif | drive current=1ms",
      """
      error[unit.unexpected]: 'current' is a number without unit, '1ms' is a time
       --> input:1:28
      1 | neuron lif | drive current=1ms
        |                            ^^^

      """
    ),
    (
      "neuron lif tau=5mV",
      """
      error[unit.dimension]: 'tau' is a time, '5mV' is a voltage
       --> input:1:16
      1 | neuron lif tau=5mV
        |                ^^^

      """
    ),
    (
      "1ms + 5",
      """
      error[unit.mixed]: '+' cannot take a time and a plain number
       --> input:1:1
      1 | 1ms + 5
        | ^^^^^^^

      """
    ),
    (
      "set threads 0",
      """
      error[setting.range]: 'threads' must be between 1 and 256, not 0
       --> input:1:13
      1 | set threads 0
        |             ^

      """
    ),
    (
      "neuron lif reset=late",
      """
      error[name.choice]: 'late' is not a choice for 'reset'
       --> input:1:18
      1 | neuron lif reset=late
        |                  ^^^^
        = help: there are delayed, subtract, zero

      """
    ),
    (
      "| plot membrane",
      """
      error[value.none]: there is no last value yet to continue from
       --> input:1:1
      1 | | plot membrane
        | ^
        = help: begin with something that makes one, as in: data glyphs

      """
    ),
    (
      "def f { f }\nf",
      """
      error[function.recursive]: 'f' calls itself, which functions may not
       --> input:1:9
      1 | def f { f }
        |         ^
        = note: in 'f', called at input:2

      """
    ),
    (
      "data glyphs | encode ttfs | mlp 20 10 neuron=if-once | train bptt",
      """
      error[capability]: 'bptt' needs a surrogate gradient; layer 'neuron1' (if-once) has none
       --> input:1:56
      1 | data glyphs | encode ttfs | mlp 20 10 neuron=if-once | train bptt
        |                                                        ^^^^^^^^^^
        = help: trainers for it: s4nn

      """
    ),
    (
      "data glyphs samples=20 | where label == 30",
      """
      error[data.empty]: no samples of 'glyphs' are left
       --> input:1:32
      1 | data glyphs samples=20 | where label == 30
        |                                ^^^^^^^^^^^

      """
    ),
    (
      "neuron lif | drive current=inf",
      """
      error[setting.refused]: 'current': a finite number is needed
       --> input:1:28
      1 | neuron lif | drive current=inf
        |                            ^^^

      """
    ),
    (
      "1 / 0",
      """
      error[number.result]: the result of '1 / 0' is not a finite number
       --> input:1:1
      1 | 1 / 0
        | ^^^^^

      """
    ),
    (
      "sweep x [1 a] { x }",
      """
      error[types.items]: a list has one type of item, here a number and a text
       --> input:1:12
      1 | sweep x [1 a] { x }
        |            ^

      """
    ),
  ])
  func tells(_ typed: String, _ expected: String) throws {
    #expect(try Lab().run(typed) == expected)
  }

  /// A mistake at the end of a line is found before anything at its start runs.
  @Test func nothingRunsBeforeTheCheck() throws {
    let lab = try Lab()
    let text = lab.run("\"started\"\nneuron lif | drive | plot membran")
    #expect(text.hasPrefix("error"))
    #expect(text.contains("error[name.choice]: 'membran' is not a plot"))
  }
  /// Long and deep things are refused before they exhaust the stack.
  @Test func nothingIsTooLongOrTooDeepToAnswer() throws {
    #expect(try Lab().run(String(repeating: "1 + ", count: 30_000) + "1").contains("error[parse.depth]"))
    let functions = (0..<3000).map { "def f\($0) { f\($0 + 1) }" }.joined(separator: "\n")
    #expect(try Lab().run(functions + "\ndef f3000 { 1 }\nf0").contains("error[function.depth]"))
    #expect(try Lab().run("sweep a 1..10000000 b 1..10000000 c 1..10000000 { a }").contains("error[range.length]"))
  }
  @Test func aSweepThatFailsKeepsItsRows() throws {
    let lab = try Lab()
    lab.run(
      "sweep x 1..3 { neuron lif | drive current=1.5 for=100ms | measure | expect spikes < 7 - x }")
    #expect(lab.run("_ | select x spikes").split(separator: "\n").count == 3)
  }
  @Test func aWrongItemOfASweepIsMarkedWhereItStands() throws {
    #expect(
      try Lab().run("sweep k [lif foo if] { neuron k | drive current=1.2 | measure }") == """
        error[name.choice]: 'foo' is not a neuron
         --> input:1:14
        1 | sweep k [lif foo if] { neuron k | drive current=1.2 | measure }
          |              ^^^
          = note: in the sweep at k=foo
          = help: there are adex, alif, cuba, diffusion, eif, hodgkin-huxley, if, if-once, izhikevich, lapicque, lif, lmu-memory, poisson, qif, ternary

        """)
    #expect(
      try Lab().run("sweep c [0.5 -3] a 1..2 { neuron lif threshold=c }").contains(
        "= note: in the sweep at c=-3, a=1\n"))
  }
  @Test func anIfThatIsBoundHasAValueEitherWay() throws {
    #expect(
      try Lab().run("let a = if true { 1 }") == """
        error[types.branches]: this 'if' has a value only where its condition holds
         --> input:1:17
        1 | let a = if true { 1 }
          |                 ^^^^^
          = help: say what it is otherwise, as in: } else { 0 }

        """)
    #expect(
      try Lab().run("let a = if 1 < 2 { 1 } else { \"b\" }").contains("one branch gives a number, the other a text"))
    #expect(try Lab().run("let a = if 1 < 2 { 1 } else { 2 }") == "1\n")
    #expect(try Lab().run("def f x { if x > 2 { \"big\" } }\nf 3") == "big\n")
  }
  @Test func brackets200DeepAreRead() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth)
    }
    #expect(try Lab().run(nested(199)) == "1\n")
    #expect(try Lab().run(nested(201)).contains("error[parse.depth]"))
    #expect(try Lab().run(String(repeating: "- ", count: 300) + "1").contains("error[parse.depth]"))
    #expect(try Lab().run(String(repeating: "2 ^ ", count: 300) + "1").contains("error[parse.depth]"))
  }
  @Test func whatNoMemoryHoldsIsRefused() throws {
    let start = "data glyphs samples=20 | encode direct steps=256 |"
    #expect(
      try Lab().run("\(start) dense 1000000 | neuron lif | dense 1000000").contains(
        "error[shape.memory]: the values of the network would take 4 TB, more than 4 GB"))
    #expect(
      try Lab().run("\(start) conv 100000 kernel=3 | neuron lif | pool 26 | conv 100 kernel=1 | evaluate").contains(
        "error[memory]: running this model needs about"))
    #expect(
      try Lab().run("\(start) dense 1000 | neuron lif | dense 10 | train bptt batch=1000000").contains(
        "error[memory]: 'bptt' needs about"))
  }
  @Test func remarksTellWhatIsOdd() throws {
    #expect(
      try Lab().run("data glyphs samples=50 | sample 99").contains(
        "note[data.fewer]: 'glyphs' has only 10 samples to draw from\n"))
    #expect(
      try Lab().run("data glyphs samples=50 | encode direct steps=2 | dense 12 | train bptt epochs=1").contains(
        "note[data.outputs]: the network has 12 outputs for 10 classes; the last stand for none\n"))
    #expect(try Lab().run("names").contains("note[names.none]: nothing is bound yet\n"))
  }
  @Test func aNoteTellsThatANameIsUnchanged() throws {
    let text = try Lab().run("let net = data glyphs | dense 10\n| dense 10")
    #expect(text.contains("note[name.unchanged]: 'net' is still the model before this line"))
    #expect(text.contains("= help: to keep this one: let net = _"))
  }
}

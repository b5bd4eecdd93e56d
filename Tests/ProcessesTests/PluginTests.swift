import Engine
import Foundation
import Testing

private let examples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "examples/plugins").path
private let silent = "plugin load FOLDER/toy.py;"

/// Plugins that do as they should.
@Suite struct PluginTests {
  /// The same neuron by equations sends the same spikes and has the same potentials, to single precision.
  @Test func theExampleIsItsEquations() throws {
    let bench = try Bench(), load = "plugin load \(examples)/fatigue.py;"
    bench.run(
      "neuron define tires { v' = (I - v)/tau; h' = -h/recovery; spike v >= 1 + h; reset v = 0, h = h + 0.2 } tau=20ms recovery=100ms"
    )
    bench.run(load)
    let mine = bench.run("neuron fatigue | drive current=2.5 for=300ms | measure")
    #expect(mine == bench.run("tires | drive current=2.5 for=300ms | measure") && mine.contains("isi_mean"))
    let slow = bench.run("neuron fatigue tau=40ms | drive current=2.5 for=300ms | measure")
    #expect(slow == bench.run("neuron tires tau=40ms | drive current=2.5 for=300ms | measure") && slow != mine)
  }
  @Test func theExampleCodeRuns() throws {
    let bench = try Bench()
    bench.run("plugin load \(examples)/onset.py;")
    let trained = bench.run(
      "data glyphs samples=200 | encode onset steps=5 | dense 20 | neuron lif | dense 10 | train bptt epochs=1 | evaluate"
    )
    #expect(trained.contains("accuracy"))
    #expect(
      bench.error("data glyphs samples=20 | encode onset steps=2.5")
        == "error[plugin.refused]: '\(examples)/onset.py' refuses: steps is a whole number")
  }
  @Test func laws() throws {
    let bench = try Bench()
    bench.run("plugin load \(examples)/fatigue.py; plugin load \(examples)/onset.py;")
    for kind in ["fatigue", "onset"] {
      let table = bench.run("verify \(kind)")
      #expect(table.contains("true") && !table.contains("false") && !table.contains("error"), "\(table)")
    }
  }
  @Test func listsAndRemoves() throws {
    let bench = try Bench()
    try bench.plugin("toy.py")
    #expect(bench.run("plugin load FOLDER/toy.py").contains("encode same"))
    #expect(bench.run("plugin list").contains("neuron cell"))
    #expect(bench.run("help neuron cell").contains("Adds up."))
    #expect(bench.run("neuron cell").contains("tau"))
    bench.run("plugin remove toy")
    #expect(bench.error("neuron cell").hasPrefix("error[name"))
    #expect(bench.error("plugin remove toy") == "error[plugin.unknown]: no plugin 'toy' is loaded")
    #expect(bench.run("plugin list").contains("note[plugin.none]"))
  }
  /// What is only checked loads nothing.
  @Test func aRefusedLineLoadsNothing() throws {
    let bench = try Bench()
    try bench.plugin("toy.py")
    #expect(bench.error("plugin load FOLDER/toy.py; nonsense").hasPrefix("error[name"))
    #expect(bench.run("plugin list").contains("note[plugin.none]"))
  }
  @Test func settingsAreChecked() throws {
    let bench = try Bench()
    try bench.plugin("toy.py")
    bench.run(silent)
    #expect(bench.error("neuron cell tau=20").hasPrefix("error[unit.missing]"))
    #expect(bench.error("neuron cell tau=2s").hasPrefix("error[setting.range]"))
    #expect(bench.error("neuron cell tua=2ms").hasPrefix("error[setting.unknown]"))
  }
  /// A population in a network has the bits of single neurons, for any number of threads.
  @Test func threadsDoNotMatter() throws {
    let line = "data glyphs samples=40 | encode same | dense 30 | neuron cell | dense 10 | activity"
    let texts = try [1, 3].map { threads in
      let bench = try Bench(threads: threads)
      try bench.plugin("toy.py")
      bench.run(silent)
      return bench.run(line)
    }
    #expect(texts[0] == texts[1] && texts[0].contains("neuron1"), "\(texts[0])")
  }
  @Test func savedModelsNameTheirPlugin() throws {
    let bench = try Bench()
    try bench.plugin("toy.py")
    bench.run(silent)
    bench.run(
      "let m = data glyphs samples=40 | encode direct | dense 5 | neuron cell tau=30ms | dense 10; m | save FOLDER/m.soma-model"
    )
    bench.run("neuron cell tau=40ms | save FOLDER/c.soma-neuron")
    #expect(bench.run("load FOLDER/m.soma-model | layers").contains("tau=30ms"))
    #expect(bench.run("let c = load FOLDER/c.soma-neuron; c.tau").contains("40ms"))
    bench.run("plugin remove toy")
    let missing = "error[file.plugin]: the neuron 'cell' comes from the plugin 'FOLDER/toy.py', which is not loaded"
    #expect(bench.error("load FOLDER/m.soma-model | layers") == missing)
    #expect(bench.error("load FOLDER/c.soma-neuron | drive constant current=1") == missing)
  }
  /// Its process ends when nobody needs it any more.
  @Test func processesEnd() throws {
    let bench = try Bench()
    try bench.plugin(
      "toy.py", begin: "open(os.path.dirname(os.path.abspath(__file__)) + '/pid', 'w').write(str(os.getpid()))")
    bench.run(silent)
    let pid = try #require(Int32(try String(contentsOf: bench.folder.appending(path: "pid"), encoding: .utf8)))
    #expect(kill(pid, 0) == 0)
    bench.run("plugin remove toy")
    #expect(kill(pid, 0) != 0)
  }
}

/// Plugins that do not: one diagnostic each, and the session lives on.
@Suite struct BrokenPluginTests {
  private func load(_ bench: Bench, _ hello: String, begin: String = "pass") throws -> String {
    try bench.plugin("toy.py", hello: hello, begin: begin)
    let told = bench.error("plugin load FOLDER/toy.py timeout=2s")
    #expect(bench.run("1 + 1") == "2\n")
    return told
  }
  @Test(arguments: [
    (
      "hello['protocol'] = 7",
      "error[plugin.version]: 'FOLDER/toy.py' speaks version 7 of the plugin protocol, Soma speaks 1"
    ),
    (
      "out.write(b'good day\\n')",
      "error[plugin.answer]: 'FOLDER/toy.py' answered 'hello' with something that is no answer: 'good day'"
    ),
    ("sys.exit(3)", "error[plugin.ended]: 'FOLDER/toy.py' ended while it was asked for 'hello'"),
    ("time.sleep(60)", "error[plugin.late]: 'FOLDER/toy.py' has not answered 'hello' for 2s; it was ended"),
    (
      "del hello['neurons'][0]['summary']",
      "error[plugin.declaration]: 'FOLDER/toy.py' declares something incomplete: 'summary' is missing"
    ),
    (
      "hello['neurons'][0]['variables'] = []",
      "error[plugin.declaration]: 'FOLDER/toy.py' declares the neuron 'cell' with 0 variables"
    ),
    (
      "hello['neurons'][0]['alphabet'] = 'runes'",
      "error[plugin.declaration]: 'FOLDER/toy.py' declares the alphabet 'runes', which is not known"
    ),
    (
      "hello['neurons'][0]['settings'][0]['unit'] = 'ells'",
      "error[plugin.declaration]: 'FOLDER/toy.py' declares the unit 'ells', which is not known"
    ),
    (
      "hello['neurons'][0]['settings'][0]['default'] = 200",
      "error[plugin.declaration]: 'FOLDER/toy.py' declares a default of 'tau' outside its range"
    ),
    (
      "hello['neurons'][0]['name'] = 'lif'",
      "error[plugin.name]: 'FOLDER/toy.py' declares 'neuron lif', which Classic declares already"
    ),
  ]) func greetings(_ hello: String, _ expected: String) throws {
    #expect(try load(Bench(), hello) == expected)
  }
  @Test func lastWordsAreTold() throws {
    let bench = try Bench()
    try bench.plugin("toy.py", begin: "raise ValueError('no such thing')")
    #expect(
      bench.run("plugin load FOLDER/toy.py").contains("= note: its last words: ValueError: no such thing"))
  }
  @Test func filesThatAreNoPlugins() throws {
    let bench = try Bench()
    #expect(bench.error("plugin load FOLDER/none.py").contains("No such file"))
    try "hello".write(to: bench.folder.appending(path: "text.txt"), atomically: true, encoding: .utf8)
    #expect(
      bench.error("plugin load FOLDER/text.txt")
        == "error[plugin.start]: 'FOLDER/text.txt' cannot be started: it may not be executed")
  }
  @Test(arguments: [
    ("sys.exit(1)", "error[plugin.ended]: 'FOLDER/toy.py' ended while it was asked for 'advance'"),
    ("time.sleep(60)", "error[plugin.late]: 'FOLDER/toy.py' has not answered 'advance' for 1s; it was ended"),
    (
      "values[0] = float('nan')",
      "error[plugin.number]: 'FOLDER/toy.py' answered 'advance' with a value that is no number"
    ),
    (
      "values = values[1:]",
      "error[plugin.shape]: 'FOLDER/toy.py' answered 'advance' with 512 bytes where 516 are needed"
    ),
    (
      "print('step', flush=True)",
      "error[plugin.answer]: 'FOLDER/toy.py' answered 'advance' with something that is no answer: 'step'"
    ),
    (
      "values = values; out.write(json.dumps({'id': call['id'], 'error': 'too hot'}).encode() + b'\\n'); out.flush(); continue",
      "error[plugin.refused]: 'FOLDER/toy.py' refuses: too hot"
    ),
  ]) func answers(_ advance: String, _ expected: String) throws {
    let bench = try Bench()
    try bench.plugin("toy.py", advance: "if max(given) > 5: \(advance)")
    bench.run("plugin load FOLDER/toy.py timeout=1s;")
    #expect(bench.error("neuron cell | drive current=9 for=100ms | measure") == expected)
    // The next call starts it anew.
    #expect(bench.run("neuron cell | drive current=1 for=10ms | measure").contains("spikes"))
    #expect(
      bench.error("data glyphs samples=20 | encode direct | gain 100 | neuron cell | dense 10 | activity")
        .hasPrefix("error["))
  }
  /// One answer too many is never taken for the next one, whenever it comes.
  @Test(arguments: ["0", "0.3"]) func answersTooMany(_ pause: String) throws {
    let bench = try Bench(),
      again = "out.write(json.dumps({'id': call['id'], 'bytes': 4 * len(values)}).encode() + b'\\n' + values.tobytes())"
    try bench.plugin("toy.py", advance: "\(again); out.flush(); time.sleep(\(pause))")
    bench.run(silent)
    #expect(
      bench.error("neuron cell | drive current=1 for=128ms | measure").hasPrefix(
        "error[plugin.answer]: 'FOLDER/toy.py' answered 'advance' with something that is no answer"))
  }
  @Test func interruption() throws {
    let began = ContinuousClock.now
    let bench = try Bench(isInterrupted: { ContinuousClock.now - began > .seconds(3) })
    try bench.plugin("toy.py", advance: "time.sleep(60)")
    bench.run(silent)
    #expect(bench.run("neuron cell | drive current=1 | measure") == "interrupted\n")
    #expect(ContinuousClock.now - began < .seconds(20))
  }
}

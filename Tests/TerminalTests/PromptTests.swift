import Foundation
import Testing

@Suite struct PromptTests {
  @Test func bannerNamesProgramHelpAndWayOut() throws {
    let terminal = try Terminal(["--no-start"])
    let banner = try terminal.expect("soma> ")
    #expect(banner.hasPrefix("soma 0."))
    #expect(banner.contains("help for help, ^D to leave\n"))
    #expect(banner.count { $0 == "\n" } <= 2)
  }
  @Test func pipelineRunsAndPromptReturns() throws {
    let terminal = try Terminal()
    let text = try terminal.run("neuron lif | drive current=1.2 for=200ms | measure")
    #expect(text.contains("spikes"))
    #expect(text.contains("25Hz"))
  }
  @Test func unfinishedInputWaits() throws {
    let terminal = try Terminal()
    terminal.send("neuron lif |\r")
    try terminal.expect("  ... ")
    terminal.send("drive current=1.2 for=(\r")
    try terminal.expect("  ... ")
    #expect(try terminal.run("100ms) | measure").contains("rate"))
  }
  @Test func interruptClearsTheLine() throws {
    let terminal = try Terminal()
    terminal.send("1 + 1")
    try terminal.expect("1 + 1")
    terminal.send(Key.c)
    try terminal.expect("^C\nsoma> ")
    #expect(try terminal.run("2 * 21").contains("\n42\n"))
  }
  @Test func interruptAtAnEmptyPromptGivesAnother() throws {
    let terminal = try Terminal()
    for _ in 0..<3 {
      // The prompt is written a moment before keys are waited for.
      usleep(50_000)
      terminal.send(Key.c)
      try terminal.expect("^C\nsoma> ")
    }
    #expect(try terminal.run("2 * 21").contains("\n42\n"))
  }
  @Test func interruptDropsUnfinishedInput() throws {
    let terminal = try Terminal()
    terminal.send("let a = [1\r")
    try terminal.expect("  ... ")
    terminal.send("2" + Key.c)
    try terminal.expect("^C\nsoma> ")
    #expect(try terminal.run("\"{40 + 2}\"").contains("\n42\n"))
  }
  @Test func endOfInputDropsUnfinishedInput() throws {
    let terminal = try Terminal()
    terminal.send("let a = [1\r")
    try terminal.expect("  ... ")
    terminal.send(Key.d)
    try terminal.expect("\nsoma> ")
    #expect(try terminal.run("2 * 21").contains("\n42\n"))
  }
  @Test func endOfInputLeaves() throws {
    let terminal = try Terminal()
    terminal.send(Key.d)
    #expect(terminal.end() == 0)
    #expect(terminal.hasUsualModes)
    #expect(terminal.rest.hasSuffix("\n"))
  }
  @Test func quitLeaves() throws {
    let terminal = try Terminal()
    terminal.send("quit\r")
    #expect(terminal.end() == 0)
    #expect(terminal.hasUsualModes)
  }
  @Test func aMistakeDoesNotEndTheSession() throws {
    let terminal = try Terminal()
    #expect(try terminal.run("neuron lfi").contains("error[name.choice]"))
    #expect(try terminal.run("2 * 21").contains("\n42\n"))
    terminal.send(Key.d)
    #expect(terminal.end() == 0)
  }
  @Test func diagnosticsCountLinesFromTheStart() throws {
    let terminal = try Terminal()
    try terminal.run("1 + 1")
    terminal.send("neuron lif |\r")
    try terminal.expect("  ... ")
    #expect(try terminal.run("dirve").contains(" --> input:3:1\n"))
    #expect(try terminal.run("nothing").contains(" --> input:4:1\n"))
  }
  @Test(arguments: ["ü", "µ", "→", "e\u{301}", "漢", "🧠"]) func lettersOfAnyScript(letter: String) throws {
    let terminal = try Terminal()
    #expect(try terminal.run("\"<\(letter)>\"").contains("\n<\(letter)>\n"))
  }
  @Test func lettersWithoutALocale() throws {
    let terminal = try Terminal(environment: ["LANG": "", "LC_ALL": "C"])
    #expect(try terminal.run("\"<µ>\"").contains("\n<µ>\n"))
  }
  @Test func bytesThatAreNoTextDoNoHarm() throws {
    let terminal = try Terminal()
    terminal.send("\u{1B}[99~\u{1B}[1;9Q\u{16}\u{1}\u{1F}")
    // ^V takes the next key as a letter, and the first ^C may be that key.
    for _ in 0..<2 {
      usleep(300_000)
      terminal.send(Key.c)
    }
    usleep(300_000)
    terminal.send("2 * 21\r")
    try terminal.expect("\n42\n")
  }
  @Test func aLongLineArrivesWhole() throws {
    let terminal = try Terminal()
    let sum = Array(repeating: "1", count: 700).joined(separator: " + ")
    #expect(try terminal.run(sum).contains("\n700\n"))
  }
  @Test func windowMayChange() throws {
    let terminal = try Terminal()
    terminal.send("20 + ")
    terminal.resize(columns: 40)
    usleep(300_000)
    #expect(try terminal.run("22").contains("\n42\n"))
  }
  @Test func modesReturnWhenTheProcessIsEnded() throws {
    let terminal = try Terminal()
    terminal.send("1")
    usleep(200_000)
    #expect(!terminal.hasUsualModes)
    terminal.signal(SIGTERM)
    #expect(terminal.end() == 128 + SIGTERM)
    #expect(terminal.hasUsualModes)
  }
}

@Suite struct InterruptTests {
  @Test func interruptStopsARunAndKeepsEverything() throws {
    let terminal = try Terminal()
    try terminal.run("let kept = 41")
    terminal.send("sweep a 1..100000 b 1..1000 { a + b }\r")
    usleep(700_000)
    terminal.send(Key.c)
    try terminal.expect("interrupted\n_ holds table of ")
    try terminal.expect("\nsoma> ")
    #expect(try terminal.run("kept + 1").contains("\n42\n"))
  }
  /// Matrix products move the stack pointer; a signal in the middle of one must find a stack of its own.
  @Test func interruptsWithinMatrixProductsHarmNothing() throws {
    let terminal = try Terminal()
    try terminal.run("let net = data glyphs samples=100 | encode direct steps=2 | dense 1500 | neuron lif | dense 1500")
    for round in 0..<30 {
      terminal.send("net | dense 10 | train bptt epochs=1000\r")
      try terminal.expect("samples/s")
      usleep(UInt32(50_000 + 1_000 * round))
      terminal.send(Key.c)
      try terminal.expect("interrupted\n_ holds model ")
      try terminal.expect("soma> ")
    }
    #expect(try terminal.run("2 * 21").contains("\n42\n"))
  }
  @Test func interruptStopsTraining() throws {
    let terminal = try Terminal()
    terminal.send("data glyphs | encode direct steps=8 | dense 200 | neuron lif | dense 10 | train bptt epochs=1000\r")
    usleep(1_500_000)
    terminal.send(Key.c)
    try terminal.expect("interrupted\n_ holds model ")
    try terminal.expect("\nsoma> ")
    let told = try terminal.run("_ | recipe")
    #expect(told.contains("# interrupted in epoch ") && told.contains(" of 1000, after "))
    #expect(try terminal.run("_ | evaluate").contains("accuracy"))
  }
}

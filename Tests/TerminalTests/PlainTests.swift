import Foundation
import Testing

/// Terminals that show no more than text, and no terminal at all.
@Suite struct PlainTests {
  @Test func colourOnATerminal() throws {
    let terminal = try Terminal()
    try terminal.run("neuron lfi")
    #expect(terminal.raw.contains("\u{1B}[1;31merror"))
  }
  @Test func noColourWhereNoneIsWanted() throws {
    let terminal = try Terminal(environment: ["NO_COLOR": "1"])
    try terminal.run("neuron lfi")
    #expect(terminal.raw.contains("error[name.choice]"))
    #expect(!terminal.raw.contains("\u{1B}[1;31m"))
  }
  @Test func dumbTerminalShowsTextOnly() throws {
    let terminal = try Terminal(environment: ["TERM": "dumb"])
    try terminal.run("neuron lfi")
    #expect(try terminal.run("2 * 21").contains("\n42\n"))
    terminal.send("[1\r")
    try terminal.expect("  ... ")
    terminal.send(Key.c)
    try terminal.expect("soma> ")
    terminal.send(Key.d)
    #expect(terminal.end() == 0)
    #expect(!terminal.raw.contains("\u{1B}"))
  }
  @Test func noProgressWithoutATerminal() throws {
    let text = "data glyphs samples=200 | encode direct steps=2 | dense 10 | train bptt epochs=2"
    let outcome = try Outcome.of(["-c", text])
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
    #expect(!outcome.output.contains("\r"))
  }
  @Test func pipedInputHasNoBannerAndNoPrompt() throws {
    let outcome = try Outcome.of([], input: "1 + 1\nabs(40 +\n2)\n")
    #expect(outcome.output == "2\n42\n")
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
  }
  @Test func rowsMayEndAsOnOtherSystems() throws {
    #expect(try Outcome.of([], input: "1 + 1\r\n2 + 2\r\n").output == "2\n4\n")
  }
}

@Suite struct ExitTests {
  @Test func aLine() throws {
    let outcome = try Outcome.of(["-c", "40 + 2"])
    #expect(outcome.output == "42\n")
    #expect(outcome.status == 0)
  }
  @Test func severalLines() throws {
    #expect(try Outcome.of(["-c", "let a = 1;", "-c", "a + 1"]).output == "2\n")
  }
  @Test func aLineThatFails() throws {
    let outcome = try Outcome.of(["-c", "neuron lfi"])
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    #expect(outcome.error.hasPrefix("error[name.choice]: "))
    #expect(outcome.error.contains(" --> -c:1:8\n"))
  }
  @Test func inputThatFails() throws {
    let outcome = try Outcome.of([], input: "1 + 1\nneuron lfi\n")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains(" --> standard input:2:8\n"))
  }
  @Test func unfinishedText() throws {
    let outcome = try Outcome.of(["-c", "neuron lif | drive current=("])
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("error["))
  }
  @Test func aFile() throws {
    let home = try Home()
    try home.write("let n = 1;\nn + 1\n", to: "script.soma")
    #expect(try Outcome.of(["run", "script.soma"], home: home).output == "2\n")
    #expect(try Outcome.of(["run", "script.soma", "n=41"], home: home).output == "42\n")
    #expect(try Outcome.of(["script.soma", "n=41"], home: home).output == "42\n")
    let wrong = try Outcome.of(["run", "script.soma", "n", "41"], home: home)
    #expect(wrong.status == 2)
    #expect(wrong.error.contains("values for a script are written name=value, not 'n'"))
  }
  @Test func aDiskThatIsFullIsToldAndNothingIsLost() throws {
    let home = try Home()
    let outcome = try Outcome.of(
      ["-c", "neuron lif | drive current=2 | plot membrane to=full.png"], home: home, largestFile: 8)
    #expect(outcome.status == 1)
    #expect(outcome.error.hasPrefix("error[file.write]: 'full.png' cannot be written: File too large\n"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).filter { $0.contains("png") } == [])
  }
  @Test func aFileThatFails() throws {
    let home = try Home()
    try home.write("1 + 1\nneuron lfi\n", to: "script.soma")
    let outcome = try Outcome.of(["run", "script.soma"], home: home)
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    #expect(outcome.error.contains(" --> script.soma:2:8\n"))
    #expect(try Outcome.of(["run", "absent.soma"], home: home).status == 1)
  }
  @Test(arguments: [
    ["--nonsense"], ["run"], ["nonsense"], ["--threads", "0"], ["--threads", "x"], ["-c"], ["data", "get", "nonsense"],
  ])
  func badUsage(arguments: [String]) throws {
    let outcome = try Outcome.of(arguments)
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.error.contains("Usage: soma"))
  }
  @Test(arguments: [["--help"], ["--version"], ["help", "run"]]) func askingIsNoMistake(arguments: [String]) throws {
    let outcome = try Outcome.of(arguments)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("soma"))
  }
  @Test func interrupted() throws {
    let terminal = try Terminal(["-c", "sweep a 1..100000 b 1..1000 { a + b }"])
    usleep(800_000)
    terminal.send(Key.c)
    #expect(terminal.end() == 130)
    #expect(terminal.rest.contains("interrupted\n"))
  }
  @Test func outputThatIsLostIsToldAndFails() throws {
    #if os(Linux)
      let home = try Home(), process = Process(), error = Pipe()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", "'\(Executable.path)' -c 'neuron lif | drive | plot membrane' > /dev/full"]
      process.environment = home.environment([:])
      process.standardError = error
      try process.run()
      let told = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(told == "error[output.lost]: standard output cannot be written: No space left on device\n")
      #expect(process.terminationStatus == 1)
    #endif
  }
  @Test func aPipeThatIsClosed() throws {
    let home = try Home(), process = Process(), error = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "'\(Executable.path)' -c 'for i in 1..200000 { i }' | head -n 1"]
    process.environment = home.environment([:])
    (process.standardOutput, process.standardError) = (Pipe(), error)
    try process.run()
    #expect(String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == "")
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}

@Suite struct StartTests {
  private func home() throws -> Home {
    let home = try Home()
    try home.write("let answer = 42;\n", to: ".config/soma/start.soma")
    return home
  }
  @Test func startUpFileRunsFirst() throws {
    #expect(try Outcome.of(["-c", "answer"], home: home()).output == "42\n")
    #expect(try Terminal(home: home()).run("answer").contains("\n42\n"))
  }
  @Test func startUpFileCanBeLeftOut() throws {
    let outcome = try Outcome.of(["--no-start", "-c", "answer"], home: home())
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("nothing is called 'answer'"))
  }
  @Test func configurationFolderIsTheUsers() throws {
    let home = try Home()
    try home.write("let answer = 42;\n", to: "mine/soma/start.soma")
    #expect(
      try Outcome.of(["-c", "answer"], home: home, environment: ["XDG_CONFIG_HOME": home.path + "/mine"]).output
        == "42\n")
  }
  @Test func aMistakeInItIsToldAndDoesNoHarm() throws {
    let home = try Home()
    try home.write("neuron lfi\n", to: ".config/soma/start.soma")
    let outcome = try Outcome.of(["-c", "40 + 2"], home: home)
    #expect(outcome.output == "42\n")
    #expect(outcome.error.contains("start.soma:1:8"))
    #expect(outcome.status == 0)
  }
}

@Suite struct FetchTests {
  @Test func withoutANetworkItSaysWhatToDo() throws {
    let home = try Home()
    let outcome = try Outcome.of(["data", "get", "mnist", "--from", "http://127.0.0.1:1/", "--to", "data"], home: home)
    #expect(outcome.status == 1)
    #expect(
      outcome.error.hasPrefix(
        "error[download.network]: 'http://127.0.0.1:1/train-images-idx3-ubyte.gz' cannot be reached"))
    #expect(outcome.error.contains("mnist/t10k-labels-idx1-ubyte.gz, 4542 bytes"))
    #expect(outcome.error.contains("put them into data"))
  }
}

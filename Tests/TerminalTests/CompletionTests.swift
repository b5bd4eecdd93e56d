import Testing

@testable import LineEditing

/// Tab, by the position of the cursor.
@Suite struct CompletionKeyTests {
  @Test func verb() throws {
    #expect(try Terminal().run("neur" + Key.tab + "lif").contains("tau=20ms"))
  }
  @Test func verbBehindABarFitsTheValue() throws {
    #expect(try Terminal().run("neuron lif | driv" + Key.tab + "current=1.2 | meas" + Key.tab).contains("rate"))
  }
  @Test func kind() throws {
    #expect(try Terminal().run("neuron li" + Key.tab + "threshold=3").contains("neuron lif tau=20ms threshold=3"))
  }
  @Test func settingIsFollowedByNoBlank() throws {
    #expect(try Terminal().run("neuron lif thr" + Key.tab + "3").contains("threshold=3"))
  }
  @Test func value() throws {
    #expect(try Terminal().run("neuron lif reset=sub" + Key.tab).contains("reset=subtract"))
  }
  @Test func boundName() throws {
    let terminal = try Terminal()
    try terminal.run("let membrane_time = 7ms")
    #expect(try terminal.run("neuron lif tau=membr" + Key.tab).contains("tau=7ms"))
  }
  @Test func file() throws {
    let terminal = try Terminal()
    try terminal.home.write("40 + 2", to: "scripts/answer.soma")
    #expect(try terminal.run("run scr" + Key.tab + "ans" + Key.tab).contains("\n42\n"))
  }
  @Test func severalAreListedWithTheirSummaries() throws {
    let terminal = try Terminal()
    terminal.send("neuron lif t" + Key.tab)
    try terminal.expect("tau=        Membrane time constant.\n")
    try terminal.expect("threshold=")
    try terminal.expect("soma> neuron lif t")
    #expect(try terminal.run("hreshold=3").contains("threshold=3"))
  }
  @Test func behindTheRowsAbove() throws {
    let terminal = try Terminal()
    terminal.send("neuron lif |\r")
    try terminal.expect("  ... ")
    #expect(try terminal.run("driv" + Key.tab + "current=1.2 | measure").contains("rate"))
  }
  @Test func nothingFits() throws {
    #expect(try Terminal().run("40 + 2" + Key.tab).contains("\n42\n"))
  }
  @Test(arguments: ["|", "((((", "\"", "a=b=", "{ | ", "= = =", "| | |", "\\", "sweep x [", "neuron define f { v' ="])
  func tabHarmsNothing(text: String) throws {
    let terminal = try Terminal()
    terminal.send(text + Key.tab + Key.tab + Key.c)
    try terminal.expect("^C\nsoma> ")
    #expect(try terminal.run("2 * 21").contains("\n42\n"))
  }
}

/// What Tab does, by itself.
@Suite struct CompletionMenuTests {
  private func menu(_ words: [String], typed: String, columns: Int = 40, rows: Int = 24) -> CompletionMenu {
    CompletionMenu(typed, { _ in (typed.count, words.map { Candidate($0, "about \($0)") }) }, size: (columns, rows))
  }
  @Test func oneCandidateIsFinished() {
    #expect(menu(["neuron"], typed: "ne").insertion == "uron ")
    #expect(menu(["tau="], typed: "t").insertion == "au=")
    #expect(menu(["folder/"], typed: "").insertion == "folder/")
  }
  @Test func whatIsCommonGoesIn() {
    let menu = menu(["threshold", "threads"], typed: "t")
    #expect(menu.insertion == "hre")
    #expect(menu.rows.isEmpty)
  }
  @Test func otherwiseAList() {
    #expect(menu(["tau", "to"], typed: "t").rows == ["tau  about tau", "to   about to"])
    #expect(menu(["tau", "to"], typed: "t", columns: 10).rows == ["tau  abo…", "to   abo…"])
  }
  @Test func manyStandInColumns() {
    let words = (10..<50).map { "w\($0)" }
    let rows = menu(words, typed: "w", columns: 26).rows
    #expect(rows.count == 8)
    #expect(rows[0] == "w10  w18  w26  w34  w42")
  }
  @Test func noCandidateNoChange() {
    let menu = menu([], typed: "x")
    #expect(menu.insertion.isEmpty && menu.rows.isEmpty)
  }
}

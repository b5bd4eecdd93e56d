import Foundation
import Testing

@testable import LineEditing

/// The history as a user meets it.
@Suite struct HistoryKeyTests {
  @Test func upRecalls() throws {
    let terminal = try Terminal()
    try terminal.run("40 + 2")
    #expect(try terminal.run(Key.up).contains("\n42\n"))
  }
  @Test func upSearchesByPrefix() throws {
    let terminal = try Terminal()
    for line in ["40 + 2", "let a = 5", "7 * 3"] { try terminal.run(line) }
    #expect(try terminal.run("40" + Key.up).contains("\n42\n"))
    #expect(try terminal.run("le" + Key.up + Key.up + Key.up).contains("\n5\n"))
  }
  @Test func downReturnsToWhatWasTyped() throws {
    let terminal = try Terminal()
    for line in ["40 + 2", "40 + 3"] { try terminal.run(line) }
    #expect(try terminal.run("4" + Key.up + Key.up + Key.down + Key.down + "1 + 1").contains("\n42\n"))
  }
  @Test func sessionsShareTheFile() throws {
    let first = try Terminal()
    try first.run("40 + 2")
    first.send(Key.d)
    #expect(first.end() == 0)
    let second = try Terminal(home: first.home)
    #expect(try second.run(Key.up).contains("\n42\n"))
  }
  @Test func linesSurviveASuddenEnd() throws {
    let first = try Terminal()
    try first.run("40 + 2")
    first.signal(SIGKILL)
    _ = first.end()
    #expect(try Terminal(home: first.home).run(Key.up).contains("\n42\n"))
  }
  @Test func twoSessionsLoseNothing() throws {
    let first = try Terminal(), second = try Terminal(home: first.home)
    try first.run("1 + 10")
    try second.run("2 + 20")
    try first.run("3 + 30")
    #expect(first.home.read(".local/state/soma/history") == "1 + 10\n2 + 20\n3 + 30\n")
  }
  @Test func rowsOfOneInputAreOneItem() throws {
    let terminal = try Terminal()
    terminal.send("abs(40 +\r")
    try terminal.expect("  ... ")
    #expect(try terminal.run("2)").contains("\n42\n"))
    try terminal.run("1 + 1")
    #expect(try terminal.run(Key.up + Key.up).contains("\n42\n"))
    #expect(try Terminal(home: terminal.home).run("abs" + Key.up).contains("\n42\n"))
  }
  @Test func searchBackwards() throws {
    let terminal = try Terminal()
    for line in ["let answer = 42", "1 + 1", "let b = 2"] { try terminal.run(line) }
    terminal.send(Key.r + "answ")
    usleep(300_000)
    terminal.send("\r")
    try terminal.expect("\n42\n")
  }
  @Test func stateFolderIsTheUsers() throws {
    let home = try Home()
    let terminal = try Terminal(home: home, environment: ["XDG_STATE_HOME": home.path + "/state"])
    try terminal.run("40 + 2")
    #expect(home.read("state/soma/history") == "40 + 2\n")
  }
  @Test func aFolderThatCannotBeWrittenIsNoObstacle() throws {
    let terminal = try Terminal(environment: ["XDG_STATE_HOME": "/dev/null/nowhere"])
    try terminal.run("40 + 2")
    #expect(try terminal.run(Key.up).contains("\n42\n"))
  }
}

/// The history and its file by themselves.
@Suite struct HistoryTests {
  @Test(arguments: ["plain", "two\nrows", #"back\slash"#, #"\n stays"#, "ü → 漢", #"ends in \"#])
  func itemsSurviveTheFile(item: String) {
    #expect(HistoryFile.item(HistoryFile.row(item)) == item)
    #expect(!HistoryFile.row(item).contains("\n"))
  }
  @Test func duplicatesMoveToTheEnd() throws {
    let home = try Home(), history = History(folder: home.path)
    for item in ["a", "b", "a", "a", " "] { history.add(item) }
    #expect(history.items == ["b", "a"])
    let again = History(folder: home.path)
    again.load()
    #expect(again.items == ["b", "a"])
  }
  @Test func oldItemsAreGivenUp() throws {
    let home = try Home(), history = History(folder: home.path, limit: 8)
    for number in 0..<20 { history.add("item \(number)") }
    #expect(history.items == (12..<20).map { "item \($0)" })
    let again = History(folder: home.path, limit: 8)
    again.load()
    #expect(again.items == history.items)
    #expect(home.read("history").count { $0 == "\n" } == 8)
  }
  @Test func aDamagedFileIsReadAsFarAsItIsText() throws {
    let home = try Home()
    try Data([0x66, 0xFF, 0x0A, 0x00, 0x0A, 0x67]).write(to: URL(filePath: home.path + "/history"))
    let history = History(folder: home.path)
    history.load()
    #expect(history.items == ["f\u{FFFD}", "\0", "g"])
  }
  @Test func searchKeepsToThePrefixAndComesBack() {
    var search = HistorySearch()
    let items = ["neuron a", "data", "neuron b"]
    #expect(search.step(.older, line: "neu", beforeCursor: "neu", in: items) == "neuron b")
    #expect(search.step(.older, line: "neuron b", beforeCursor: "neuron b", in: items) == "neuron a")
    #expect(search.step(.older, line: "neuron a", beforeCursor: "neuron a", in: items) == nil)
    #expect(search.step(.newer, line: "neuron a", beforeCursor: "neuron a", in: items) == "neuron b")
    #expect(search.step(.newer, line: "neuron b", beforeCursor: "neuron b", in: items) == "neu")
    #expect(search.step(.newer, line: "neu", beforeCursor: "neu", in: items) == nil)
    #expect(search.step(.older, line: "", beforeCursor: "", in: []) == nil)
  }
}

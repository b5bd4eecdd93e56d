import Foundation
import Testing

@testable import Datasets
@testable import soma_fetch

/// Fetching over the real network code from a server of the test's own.
@Suite struct DownloadTests {
  private let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 251) }
  private func known(_ files: [String: [UInt8]]) -> KnownData {
    KnownData(
      name: "tiny", origin: "a test", address: "http://127.0.0.1:1/",
      files: files.sorted { $0.key < $1.key }.map {
        KnownFile(path: "tiny/\($0.key)", bytes: $0.value.count, sha256: Checksum.sha256($0.value))
      })
  }
  private func fetch(_ known: KnownData, _ server: Server, _ folder: Folder) -> (
    events: [Download.Event], problem: DownloadProblem?
  ) {
    var events: [Download.Event] = []
    do throws(DownloadProblem) {
      try Download(known, from: server.address, to: folder.path).run(Network()) { event in
        if case .progress = event { return }
        events.append(event)
      }
      return (events, nil)
    } catch { return (events, error) }
  }

  @Test func filesArriveOnceAndWhole() throws {
    let other = Array(content.reversed()), known = known(["a": content, "b": other])
    let server = Server(["a": .file(content), "b": .file(other)]), folder = try Folder()
    #expect(fetch(known, server, folder).events == [.finished(known.files[0]), .finished(known.files[1])])
    #expect(folder.read("tiny/a") == content)
    #expect(folder.read("tiny/b") == other)
    #expect(fetch(known, server, folder).events == [.present(known.files[0]), .present(known.files[1])])
    #expect(server.requests == ["a", "b"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/tiny").sorted() == ["a", "b"])
  }
  @Test func whatWasCutOffGoesOn() throws {
    let known = known(["a": content]), folder = try Folder()
    let server = Server(["a": .cut(content, after: 100_000)])
    let first = fetch(known, server, folder)
    #expect(first.problem != nil)
    #expect(folder.read("tiny/a") == nil)
    let part = try #require(folder.read("tiny/a.part"))
    #expect(part == Array(content.prefix(part.count)) && !part.isEmpty)
    server.set("a", .file(content))
    #expect(
      fetch(known, server, folder).events == [.resuming(known.files[0], bytes: part.count), .finished(known.files[0])])
    #expect(folder.read("tiny/a") == content)
    #expect(server.requests.last == "a@\(part.count)")
    #expect(folder.read("tiny/a.part") == nil)
  }
  @Test func aServerWithoutRangesSendsAllAgain() throws {
    let known = known(["a": content]), folder = try Folder()
    try folder.write(Array(content.prefix(1000)), to: "tiny/a.part")
    let server = Server(["a": .withoutRanges(content)])
    #expect(fetch(known, server, folder).problem == nil)
    #expect(folder.read("tiny/a") == content)
  }
  @Test func aWholePartNeedsNoServer() throws {
    let known = known(["a": content]), folder = try Folder(), server = Server([:])
    try folder.write(content, to: "tiny/a.part")
    #expect(fetch(known, server, folder).problem == nil)
    #expect(folder.read("tiny/a") == content)
    #expect(server.requests == [])
  }
  @Test func anotherContentIsThrownAway() throws {
    let known = known(["a": content]), folder = try Folder(), wrong = Array(content.reversed())
    let problem = fetch(known, Server(["a": .file(wrong)]), folder).problem
    #expect(problem?.code == "download.checksum")
    #expect(folder.read("tiny/a") == nil)
    #expect(folder.read("tiny/a.part") == nil)
  }
  @Test func aDamagedFileIsFetchedAnew() throws {
    let known = known(["a": content]), folder = try Folder()
    try folder.write(Array(content.reversed()), to: "tiny/a")
    #expect(fetch(known, Server(["a": .file(content)]), folder).problem == nil)
    #expect(folder.read("tiny/a") == content)
  }
  @Test func aLongerFileIsRefused() throws {
    let known = known(["a": content]), folder = try Folder()
    #expect(fetch(known, Server(["a": .file(content + [1])]), folder).problem?.code == "download.long")
    #expect(folder.read("tiny/a.part") == nil)
  }
  @Test func aShorterFileIsKeptForLater() throws {
    let known = known(["a": content]), folder = try Folder(), server = Server(["a": .file(Array(content.dropLast(5)))])
    #expect(
      fetch(known, server, folder).problem?.fact
        == .cutOff(server.address + "a", found: content.count - 5, expected: content.count))
  }
  @Test func aMissingFileSaysWhatToDo() throws {
    let known = known(["a": content]), folder = try Folder(), server = Server([:])
    #expect(
      fetch(known, server, folder).problem?.description == """
        error[download.refused]: '\(server.address)a' was answered with status 404
          = note: tiny/a, 300000 bytes
          = help: fetch the files above on another machine and put them into \(folder.path), or name another server with --from
        """)
  }
  @Test func noServer() throws {
    let known = known(["a": content]), folder = try Folder(), server = Server([:])
    server.stop()
    let problem = fetch(known, server, folder).problem
    #expect(problem?.code == "download.network")
    #expect(problem?.description.contains("fetch the files above on another machine") == true)
  }
  @Test(arguments: ["", "nonsense", "file:///etc/passwd", "ftp://127.0.0.1/"]) func strangeAddresses(address: String)
    throws
  {
    let known = known(["a": content]), folder = try Folder()
    #expect(throws: DownloadProblem.self) { try Download(known, from: address, to: folder.path).run(Network()) }
  }
  @Test func aFolderThatCannotBeWritten() throws {
    let known = known(["a": content]), server = Server(["a": .file(content)])
    do throws(DownloadProblem) {
      try Download(known, from: server.address, to: "/dev/null/nowhere").run(Network())
      Issue.record("no problem")
    } catch { #expect(error.code == "download.file") }
  }
}

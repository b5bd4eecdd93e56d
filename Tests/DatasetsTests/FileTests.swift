import Testing

@testable import Datasets

@Suite struct IDXTests {
  private func problem(_ bytes: [UInt8]) -> FileProblem.Fact? {
    do throws(FileProblem) {
      _ = try IDX(bytes, file: "f")
      return nil
    } catch { return error.fact }
  }
  @Test func extentsAndValues() throws {
    let file = try IDX(Sample.idx([2, 3], [1, 2, 3, 4, 5, 6]), file: "f")
    #expect(file.extents == [2, 3])
    #expect(file.bytes == [1, 2, 3, 4, 5, 6])
  }
  @Test func largeExtentsAreBigEndian() throws {
    #expect(try IDX(Sample.idx([300], .init(repeating: 1, count: 300)), file: "f").extents == [300])
  }
  @Test func everyCutIsNoticed() {
    let whole = Sample.images(2)
    for length in 0..<4 { #expect(problem(Array(whole[..<length])) == .foreign(expected: "an IDX file of bytes")) }
    for length in 4..<whole.count { #expect(problem(Array(whole[..<length])) == .truncated) }
  }
  @Test(arguments: [[1, 0, 8, 1], [0, 1, 8, 1], [0, 0, 13, 1], [0, 0, 8, 0], [0, 0, 8, 5], Array("GIF89a".utf8)])
  func foreignFiles(head: [UInt8]) {
    #expect(problem(head + [0, 0, 0, 0]) == .foreign(expected: "an IDX file of bytes"))
  }
  @Test func bytesBehindTheEnd() {
    #expect(problem(Sample.labels([1, 2]) + [0]) == .mismatched("1 bytes follow its end"))
  }
  @Test func enormousClaims() {
    let all = Int(UInt32.max)
    #expect(problem(Sample.idx([all], [])) == .tooLarge(limit: IDX.limit))
    #expect(problem(Sample.idx([all, all, all, all], [])) == .tooLarge(limit: IDX.limit))
    #expect(problem(Sample.idx([0, all, all, all], [])) == nil)
  }
  @Test func fromFilesPlainAndCompressed() throws {
    let folder = try Folder(), bytes = Sample.images(3)
    let plain = try folder.write(bytes, to: "a"), compressed = try folder.write(Sample.gzip(bytes), to: "a.gz")
    #expect(try IDX(contentsOf: plain) == IDX(bytes, file: ""))
    #expect(try IDX(contentsOf: compressed) == IDX(bytes, file: ""))
  }
  @Test func missingFileAndFolder() throws {
    let folder = try Folder()
    #expect(throws: FileProblem(folder.path + "/none", .missing)) { try IDX(contentsOf: folder.path + "/none") }
    #expect(throws: FileProblem(folder.path, .unreadable("no permission, or a folder"))) {
      try IDX(contentsOf: folder.path)
    }
  }
}

@Suite struct GzipTests {
  private let content = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* $0 / 3) }
  private func fact(_ bytes: [UInt8], limit: Int = 1_000_000) -> FileProblem.Fact? {
    do throws(FileProblem) {
      _ = try Gzip.expanded(bytes, limit: limit, file: "f")
      return nil
    } catch { return error.fact }
  }
  @Test func wholeFiles() throws {
    #expect(try Gzip.expanded(Sample.gzip(content), limit: 5000, file: "f") == content)
    #expect(try Gzip.expanded(Sample.gzip([]), limit: 0, file: "f") == [])
  }
  @Test func severalInOne() throws {
    let twice = try Sample.gzip(content) + Sample.gzip(content)
    #expect(try Gzip.expanded(twice, limit: 10_000, file: "f") == content + content)
  }
  @Test func everyCutIsNoticed() throws {
    let whole = try Sample.gzip(content)
    for length in stride(from: 2, to: whole.count, by: 37) { #expect(fact(Array(whole[..<length])) == .truncated) }
    #expect(fact(Array(whole.dropLast())) == .truncated)
  }
  @Test func damageIsNoticed() throws {
    let whole = try Sample.gzip(content)
    for place in stride(from: 12, to: whole.count - 4, by: 41) {
      var bytes = whole
      bytes[place] ^= 0x55
      #expect(fact(bytes) != nil)
    }
    var sum = whole
    sum[whole.count - 8] ^= 1
    #expect(fact(sum) == .damaged("its checksum or its code is wrong"))
  }
  @Test func aSmallFileMayNotBecomeEnormous() throws {
    let bomb = try Sample.gzip([UInt8](repeating: 0, count: 30_000_000))
    #expect(bomb.count < 50_000)
    #expect(fact(bomb) == .tooLarge(limit: 1_000_000))
  }
  @Test func onlyItsOwnFilesAreTaken() {
    #expect(Gzip.isCompressed([0x1F, 0x8B, 8]))
    #expect(!Gzip.isCompressed([0x1F]))
    #expect(!Gzip.isCompressed(Sample.labels([1])))
  }
}

@Suite struct DataFolderTests {
  @Test func orderOfSearch() {
    let environment = ["SOMA_DATA": "/b", "XDG_CACHE_HOME": "/c", "HOME": "/h"]
    #expect(DataFolder(set: "/a", environment: environment).folders == ["/a", "/b", "/c/soma/data"])
    #expect(DataFolder(set: "", environment: environment).folders == ["/b", "/c/soma/data"])
    #expect(DataFolder(set: "", environment: ["SOMA_DATA": "", "XDG_CACHE_HOME": "/c"]).folders == ["/c/soma/data"])
  }
  @Test func theFirstFolderWins() throws {
    let first = try Folder(), second = try Folder()
    try second.write([2], to: "x/y.gz")
    let folders = DataFolder(set: first.path, environment: ["SOMA_DATA": second.path, "XDG_CACHE_HOME": "/none"])
    #expect(folders.find("x/y.gz") == second.path + "/x/y.gz")
    #expect(folders.find("x/y") == second.path + "/x/y.gz")
    try first.write([1], to: "x/y")
    #expect(folders.find("x/y.gz") == first.path + "/x/y")
    #expect(folders.find("x/z") == nil)
  }
  @Test func usersPaths() throws {
    let folder = try Folder(), file = try folder.write([1], to: "mine/a")
    let folders = DataFolder(set: folder.path, environment: ["XDG_CACHE_HOME": "/none"])
    #expect(try folders.locate(file) == file)
    #expect(try folders.locate("mine/a") == file)
    #expect(throws: FileProblem("mine/b", .missing)) { try folders.locate("mine/b") }
    #expect(throws: FileProblem("/none/b", .missing)) { try folders.locate("/none/b") }
  }
}

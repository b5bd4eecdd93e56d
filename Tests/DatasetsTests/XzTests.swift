import Testing

@testable import Datasets

@Suite struct XzTests {
  private let content = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* $0 / 3) }
  private func fact(_ bytes: [UInt8], limit: Int = 1_000_000) -> FileProblem.Fact? {
    do throws(FileProblem) {
      _ = try Xz.expanded(bytes, limit: limit, file: "f")
      return nil
    } catch { return error.fact }
  }
  @Test func wholeFiles() throws {
    #expect(try Xz.expanded(Sample.xz(content), limit: 5000, file: "f") == content)
    #expect(try Xz.expanded(Sample.xz([]), limit: 0, file: "f") == [])
  }
  @Test func severalInOne() throws {
    let twice = try Sample.xz(content) + Sample.xz(content)
    #expect(try Xz.expanded(twice, limit: 10_000, file: "f") == content + content)
  }
  @Test func everyCutIsNoticed() throws {
    let whole = try Sample.xz(content)
    for length in stride(from: 6, to: whole.count, by: 13) { #expect(fact(Array(whole[..<length])) == .truncated) }
    #expect(fact(Array(whole.dropLast())) == .truncated)
  }
  @Test func damageIsNoticed() throws {
    let whole = try Sample.xz(content)
    for place in stride(from: 6, to: whole.count, by: 17) {
      var bytes = whole
      bytes[place] ^= 0x55
      #expect(fact(bytes) != nil)
    }
    var code = whole
    code[whole.count / 2] ^= 0x55
    #expect(fact(code) == .damaged("its checksum or its code is wrong"))
  }
  @Test func aSmallFileMayNotBecomeEnormous() throws {
    let bomb = try Sample.xz([UInt8](repeating: 0, count: 30_000_000))
    #expect(bomb.count < 50_000)
    #expect(fact(bomb) == .tooLarge(limit: 1_000_000))
  }
  @Test func onlyItsOwnFilesAreTaken() throws {
    #expect(try Xz.isCompressed(Sample.xz([1])))
    #expect(!Xz.isCompressed([0xFD, 0x37, 0x7A]))
    #expect(!Xz.isCompressed(Sample.labels([1])))
  }
  @Test func theUserCanInterrupt() throws {
    let whole = try Sample.xz(content)
    #expect(throws: FileProblem("f", .interrupted)) {
      try Xz.expanded(whole, limit: 10_000, file: "f", isInterrupted: { true })
    }
  }
  @Test func everyReaderTakesAllForms() throws {
    let folder = try Folder(), bytes = Sample.images(3)
    let paths = try [
      folder.write(bytes, to: "a"), folder.write(Sample.gzip(bytes), to: "b.gz"),
      folder.write(Sample.xz(bytes), to: "c.xz"),
    ]
    for path in paths { #expect(try IDX(contentsOf: path) == IDX(bytes, file: "")) }
    let data = DataFolder(set: folder.path, environment: ["XDG_CACHE_HOME": "/none"])
    #expect(data.find("c") == paths[2] && data.find("c.gz") == paths[2])
    #expect(throws: FileProblem(paths[0], .tooLarge(limit: 5))) { try DataFile.content(of: paths[0], limit: 5) }
  }
}

import Compute
import Foundation
import Spiking
import Testing

@testable import Datasets

/// Series of numbers: made, and from files.
@Suite struct SeriesTests {
  struct Golden: Decodable { var x: [Double], z_last: Double }

  @Test func mackeyGlassIsGolden() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "HybridLMUTests/Golden/mackey-glass.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    let values = MackeyGlass.values(golden.x.count, history: Array(repeating: 1.2, count: 170))
    for (found, expected) in zip(values, golden.x).prefix(100) { #expect(abs(found - expected) < 1e-9) }
    // Chaos lets rounding grow.
    #expect(abs(tanh((values.last ?? 0) - 1) - golden.z_last) < 1e-4)
  }
  @Test func samplesAskForWhatComes() throws {
    let data = try #require(
      SeriesDataset.mackeyGlass(
        train: 3, test: 2, steps: 40, ahead: 15, delay: 17, random: RandomStream(seed: 1)))
    #expect(data.task == .numbers(1) && data.shape == [40, 1])
    let bank = try #require(data[.train]?.bank), targets = try #require(bank.targets)
    #expect(bank.count == 3 && targets.values.count == 120)
    for k in 0..<25 { #expect(targets.values[40 + k] == bank.sample(1)[k + 15]) }
    #expect(bank.sample(0) != bank.sample(1))
    let all = [Part.train, .test].flatMap { part in
      (0..<data.count(part)).flatMap { data[part]?.sample($0) ?? [] }
    }
    #expect(abs(all.reduce(0, +) / Float(all.count)) < 0.1)
  }
  private func file(_ text: String) throws(FileProblem) -> NumberFile { try NumberFile(text, file: "f.csv") }

  @Test func filesWithAndWithoutNamesAreRead() throws {
    let named = try file("month,year,sunspots\r\n1700-01,1700,5\n1701-01,1701, 11.5\n\n")
    #expect(named.names == ["month", "year", "sunspots"])
    #expect(try named.column("year") == [1700, 1701])
    #expect(try named.column("") == [5, 11.5])
    let bare = try file("1 2\n3   4\n")
    #expect(bare.names == ["0", "1"])
    #expect(try bare.column("0") == [1, 3] && bare.column("") == [2, 4])
    // A row with any number in it is no row of names.
    #expect(try file("1700-01,5\n1700-02,6\n").column("1") == [5, 6])
    #expect(try file("1;2\n").column("0") == [1])
    #expect(try file("\"a\"\t\"b\"\n1\t2\n").names == ["a", "b"])
  }
  @Test func whatIsWrongWithAFileIsTold() {
    func problem(_ text: String, _ column: String = "") -> String {
      do throws(FileProblem) {
        _ = try file(text).column(column)
        return ""
      } catch { return error.description }
    }
    #expect(problem("a,b\n1,2\n3\n") == "'f.csv' is damaged: row 3 has 1 entries, those before it 2")
    #expect(problem("1\nx\n") == "'f.csv' is damaged: 'x' in row 2 is no number")
    #expect(problem("a\nnan\n") == "'f.csv' is damaged: 'nan' in row 2 is no number")
    #expect(problem("") == "'f.csv' is damaged: it holds no numbers")
    #expect(problem("a,b\n1,2\n", "c") == "'f.csv' does not fit: it has no column 'c'; there are a, b")
  }
  @Test func longSeriesAreCutAndScaled() throws {
    let values = (0..<105).map { Double($0 % 10) + 7 }
    let data = try #require(
      SeriesDataset.pieces(of: values, name: "csv", origin: "", steps: 10, ahead: 2, test: 0.2))
    #expect(data.count(.train) == 8 && data.count(.test) == 2)
    let first = try #require(data[.train]).sample(0), last = try #require(data[.test]).sample(1)
    #expect(first == last)
    #expect(abs(first.reduce(0, +)) < 1e-5)
    #expect(abs(first.reduce(0) { $0 + $1 * $1 } - 10) < 1e-4)
    #expect(SeriesDataset.pieces(of: [1, 2, 3], name: "", origin: "", steps: 2, ahead: 1, test: 0.2) == nil)
  }
}

/// Labels of every step, from files.
@Suite struct StepLabelTests {
  private func idx(_ type: UInt8, _ extents: [Int], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(extents.count)] + extents.flatMap { [0, 0, UInt8($0 / 256), UInt8($0 % 256)] } + bytes
  }
  private func read(_ images: [UInt8], _ labels: [UInt8]) throws -> Dataset {
    let folder = FileManager.default.temporaryDirectory.appending(path: "soma-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = ["images", "labels"].map { folder.appending(path: $0) }
    try Data(images).write(to: paths[0])
    try Data(labels).write(to: paths[1])
    return try IDXDataset.read(name: "idx", images: paths[0].path, labels: paths[1].path)
  }
  @Test func everyStepHasItsClass() throws {
    let data = try read(idx(9, [2, 3, 1], [1, 255, 0, 2, 3, 254]), idx(8, [2, 3], [0, 2, 255, 1, 1, 0]))
    #expect(data.task == .stepClasses && data.classes.count == 3 && data.shape == [3, 1])
    let view = try #require(data[.test])
    #expect(view.sample(0) == [1, -1, 0] && view.sample(1) == [2, 3, -2])
    #expect(view.bank.targets?.values == [0, 2, -1, 1, 1, 0])
  }
  @Test func labelsThatDoNotFitAreRefused() {
    #expect(throws: FileProblem.self) {
      try read(idx(9, [2, 3, 1], [1, 2, 3, 4, 5, 6]), idx(8, [2, 2], [0, 1, 0, 1]))
    }
  }
}

import Compute
import Spiking
import Testing

@testable import Datasets

@Suite struct IDXDatasetTests {
  private func read(_ images: [UInt8], _ labels: [UInt8]) throws -> Dataset {
    let folder = try Folder()
    return try IDXDataset.read(
      name: "mine", images: folder.write(images, to: "i"), labels: folder.write(labels, to: "l"))
  }
  private func fact(_ images: [UInt8], _ labels: [UInt8]) throws -> FileProblem.Fact? {
    do {
      _ = try read(images, labels)
      return nil
    } catch let problem as FileProblem { return problem.fact }
  }
  @Test func onesOwnFilesAreOnePart() throws {
    let data = try read(Sample.images(3), Sample.labels([4, 0, 1]))
    #expect(data.count == 3)
    #expect(data.shape == [2, 2])
    #expect(data.classes == ["0", "1", "2", "3", "4"])
    #expect(data.isSinglePart)
  }
  @Test func whatDoesNotBelongTogether() throws {
    #expect(try fact(Sample.images(3), Sample.labels([1, 2])) == .mismatched("2 labels for 3 images"))
    #expect(try fact(Sample.labels([1]), Sample.labels([1])) == .foreign(expected: "an IDX file of images"))
    #expect(try fact(Sample.images(3), Sample.images(3)) == .foreign(expected: "an IDX file of labels"))
    #expect(try fact(Sample.images(0), Sample.labels([])) == .mismatched("it holds no images"))
  }
  @Test func publishedFilesAreTwoParts() throws {
    let folder = try Folder()
    try Sample.write("mnist", in: folder)
    let data = try IDXDataset.read(.mnist, classes: Glyphs.classes, in: DataFolder(set: folder.path, environment: [:]))
    #expect(data.count == 5)
    #expect(data.classes == Glyphs.classes)
    #expect(!data.isSinglePart)
    #expect(data.checksum == Checksum.sha256(Sample.images(3).dropFirst(16)))
  }
  @Test func aLabelBeyondTheClasses() throws {
    let folder = try Folder()
    try Sample.write("mnist", in: folder, test: [3, 10])
    #expect(throws: FileProblem(folder.path + "/mnist/t10k-labels-idx1-ubyte", .mismatched("label 10 with 10 classes")))
    {
      try IDXDataset.read(.mnist, classes: Glyphs.classes, in: DataFolder(set: folder.path, environment: [:]))
    }
  }
  @Test func aMissingFileIsNamed() throws {
    let folder = try Folder()
    #expect(throws: FileProblem("mnist/train-images-idx3-ubyte.gz", .missing)) {
      try IDXDataset.read(
        .mnist, classes: Glyphs.classes, in: DataFolder(set: folder.path, environment: ["XDG_CACHE_HOME": folder.path]))
    }
  }
}

@Suite struct GlyphsTests {
  private func bank(difficulty: Double = 0.5, count: Int = 100, seed: UInt64 = 1) throws -> SampleBank {
    try #require(Glyphs(difficulty: difficulty, train: count, test: 0).dataset(seed: seed).parts[.train]?.bank)
  }
  @Test func sameSeedSamePictures() throws {
    let first = try bank(), again = try bank(), other = try bank(seed: 2)
    #expect(try first.pixels == again.pixels)
    #expect(first.labels == again.labels)
    #expect(try first.pixels != other.pixels)
  }
  @Test func classesAreBalancedAndMixed() throws {
    let labels = try bank(count: 205).labels
    let counts = (0..<10).map { label in labels.count { $0 == label } }
    #expect(counts.allSatisfy { (20...21).contains($0) })
    #expect(labels != labels.sorted())
    #expect(labels != (0..<205).map { $0 % 10 })
  }
  @Test func difficultyChangesThePixels() throws {
    let easy = try bank(difficulty: 0), hard = try bank(difficulty: 1)
    #expect(easy.labels == hard.labels)
    #expect(try easy.pixels != hard.pixels)
  }
  @Test func withoutDifficultyADigitIsAlwaysTheSame() throws {
    let bank = try bank(difficulty: 0), all = try bank.pixels, pixels = Glyphs.side * Glyphs.side
    var first: [Int: [UInt8]] = [:]
    for (index, label) in bank.labels.enumerated() {
      let picture = Array(all[index * pixels..<(index + 1) * pixels])
      #expect(first[label, default: picture] == picture)
      first[label] = picture
    }
    #expect(Set(first.values).count == 10)
  }
  @Test(arguments: [0.0, 0.5, 1.0]) func everyPictureHasInkInsideItsFrame(difficulty: Double) throws {
    let bank = try bank(difficulty: difficulty, count: 300), all = try bank.pixels, pixels = Glyphs.side * Glyphs.side
    for index in bank.labels.indices {
      let ink = all[index * pixels..<(index + 1) * pixels].count { $0 > 100 }
      #expect((20...400).contains(ink))
    }
  }
  @Test func partsDiffer() throws {
    let data = Glyphs(difficulty: 0.5, train: 50, test: 50).dataset(seed: 1)
    let train = try #require(data.parts[.train]?.bank), test = try #require(data.parts[.test]?.bank)
    #expect(try train.pixels != test.pixels)
  }
}

extension SampleBank {
  fileprivate var pixels: [UInt8] {
    get throws {
      guard case .bytes(let bytes) = values else { throw NoPixels() }
      return bytes
    }
  }
  private struct NoPixels: Error {}
}

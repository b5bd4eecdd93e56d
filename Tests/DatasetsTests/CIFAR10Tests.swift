import Accelerated
import Compute
import Foundation
import Spiking
import Testing

@testable import Datasets

@Suite struct CIFAR10Tests {
  private func folders(_ folder: Folder) -> DataFolder {
    DataFolder(set: folder.path, environment: ["XDG_CACHE_HOME": folder.path])
  }
  /// A folder with the six batches, each in one of three forms.
  private func filled(_ change: (inout [[UInt8]]) -> Void = { _ in }, place: String = "cifar10") throws -> Folder {
    let folder = try Folder()
    var batches = Sample.batches
    change(&batches)
    for (number, (name, batch)) in zip(Sample.batchNames, batches).enumerated() {
      let (bytes, ending) =
        switch number % 3 {
        case 0: (batch, "")
        case 1: (try Sample.gzip(batch), ".gz")
        default: (try Sample.xz(batch), ".xz")
        }
      try folder.write(bytes, to: "\(place)/\(name)\(ending)")
    }
    return folder
  }
  private func problem(_ folder: Folder) -> FileProblem? {
    do throws(FileProblem) {
      _ = try CIFAR10.read(in: folders(folder))
      return nil
    } catch { return error }
  }

  @Test func batchesBecomeTwoPartsOfBytes() throws {
    let folder = try filled(), data = try CIFAR10.read(in: folders(folder))
    #expect(data.shape == [3, 32, 32] && data.count(.train) == 15 && data.count(.test) == 2)
    #expect(data.classes.count == 10 && data.classes[3] == "cat")
    let train = try #require(data[.train]), test = try #require(data[.test])
    #expect((0..<15).map(train.label) == [0, 9, 3, 1, 9, 3, 2, 9, 3, 3, 9, 3, 4, 9, 3])
    #expect((0..<2).map(test.label) == [7, 0])
    for (batch, index) in [(0, 0), (1, 2), (4, 1)] {
      let pixels = Sample.batches[batch][index * 3073 + 1..<(index + 1) * 3073]
      #expect(train.bank.withBytes(3 * batch + index) { Array($0) } == Array(pixels))
    }
    #expect(test.sample(1)[3071] == Float(Sample.batches[5][2 * 3073 - 1]) / 255)
  }
  @Test func anyNumberOfThreadsReadsTheSame() throws {
    let folder = try filled(), one = try CIFAR10.read(in: folders(folder))
    let two = try CIFAR10.read(in: folders(folder), machine: Machine(backend: Native(), threads: 2))
    #expect(one.checksum == two.checksum && !one.checksum.isEmpty)
    #expect(one[.test]?.sample(1) == two[.test]?.sample(1))
  }
  @Test func theUnpackedArchiveIsFoundAsWell() throws {
    let folder = try filled(place: "cifar-10-batches-bin")
    #expect(try CIFAR10.read(in: folders(folder)).count(.train) == 15)
  }
  @Test func thePublishedArchiveIsReadAsItIs() throws {
    let folder = try Folder(), unpacked = try filled(), files = zip(Sample.batchNames, Sample.batches).map { ($0, $1) }
    let archive = Sample.tar([("batches.meta.txt", [1, 2])] + files)
    try folder.write(Sample.gzip(archive), to: "cifar10/cifar-10-binary.tar.gz")
    let data = try CIFAR10.read(in: folders(folder))
    #expect(try data.checksum == CIFAR10.read(in: folders(unpacked)).checksum)
    #expect(data[.test]?.sample(1) == Sample.batches[5][3074...].map { Float($0) / 255 })

    let path = folder.path + "/cifar10/cifar-10-binary.tar.gz"
    try folder.write(Sample.gzip(Sample.tar(files.dropLast())), to: "cifar10/cifar-10-binary.tar.gz")
    #expect(problem(folder) == FileProblem(path, .mismatched("'test_batch.bin' is not in it")))
    try folder.write(Sample.gzip(Array(archive.prefix(5000))), to: "cifar10/cifar-10-binary.tar.gz")
    #expect(problem(folder) == FileProblem(path, .truncated))
    try folder.write(Sample.gzip(Sample.batches[0] + Sample.batches[1]), to: "cifar10/cifar-10-binary.tar.gz")
    #expect(problem(folder) == FileProblem(path, .mismatched("'data_batch_1.bin' is not in it")))
    try folder.write(Sample.gzip(Array("GIF89a".utf8) + archive), to: "cifar10/cifar-10-binary.tar.gz")
    #expect(problem(folder) == FileProblem(path, .foreign(expected: "a tar archive")))
    var damaged = archive
    damaged[1024 + 130] ^= 1
    try folder.write(Sample.gzip(damaged), to: "cifar10/cifar-10-binary.tar.gz")
    #expect(problem(folder) == FileProblem(path, .damaged("a header in it is wrong")))
  }
  @Test func whatIsMissingIsNamed() throws {
    let folder = try filled()
    try FileManager.default.removeItem(atPath: folder.path + "/cifar10/data_batch_3.bin.xz")
    #expect(problem(folder) == FileProblem("cifar10/data_batch_3.bin", .missing))
    #expect(problem(try Folder()) == FileProblem("cifar10/data_batch_1.bin", .missing))
  }
  @Test func aCutBatch() throws {
    for length in [1, 3072, 3074, 9218] {
      let folder = try filled { $0[0] = Array($0[0].prefix(length)) }
      #expect(problem(folder) == FileProblem(folder.path + "/cifar10/data_batch_1.bin", .truncated))
    }
    let folder = try filled { $0[0] = [] }
    #expect(problem(folder)?.fact == .mismatched("it holds no images"))
    let packed = try filled()
    try packed.write(Sample.xz(Sample.batches[2]).dropLast(9), to: "cifar10/data_batch_3.bin.xz")
    #expect(problem(packed) == FileProblem(packed.path + "/cifar10/data_batch_3.bin.xz", .truncated))
  }
  @Test func aForeignFile() throws {
    let folder = try filled { $0[3] = Array("not a batch at all".utf8) }
    #expect(
      problem(folder)
        == FileProblem(
          folder.path + "/cifar10/data_batch_4.bin", .foreign(expected: "a binary batch of CIFAR-10")))
    let label = try filled { $0[0] = Sample.batch([1, 200]) }
    #expect(problem(label)?.fact == .mismatched("label 200 with 10 classes"))
  }
  @Test func theUserCanInterrupt() throws {
    let folder = try filled { $0[0] = [] }
    try folder.write(Sample.gzip(Sample.batches[0]), to: "cifar10/data_batch_1.bin.gz")
    try FileManager.default.removeItem(atPath: folder.path + "/cifar10/data_batch_1.bin")
    #expect(throws: FileProblem(folder.path + "/cifar10/data_batch_1.bin.gz", .interrupted)) {
      try CIFAR10.read(in: folders(folder), isInterrupted: { true })
    }
  }
  /// The published images: counts and means per channel as others found them.
  @Test func thePublishedImages() throws {
    guard let data = try Published.read("CIFAR-10", { try CIFAR10.read(in: $0, machine: Published.machine) }) else {
      return
    }
    for (part, count) in [(Part.train, 5000), (.test, 1000)] {
      let view = try #require(data[part])
      for label in 0..<10 { #expect((0..<view.count).count { view.label($0) == label } == count) }
    }
    guard case .bytes(let bytes)? = data[.train]?.bank.values else {
      Issue.record("not kept as bytes")
      return
    }
    let means = (0..<3).map { channel in
      var sum = 0
      for sample in 0..<50_000 {
        let first = sample * 3072 + channel * 1024
        for i in first..<first + 1024 { sum += Int(bytes[i]) }
      }
      return Double(sum) / 255 / (50_000 * 1024)
    }
    for (mean, expected) in zip(means, [0.4914, 0.4822, 0.4465]) { #expect(abs(mean - expected) < 5e-5) }
  }
}

/// Data that are not part of the project.
enum Published {
  static let machine = Machine(backend: Native(), threads: 2)
  /// What is read from SOMA_DATA; nil, said aloud, where there is none.
  static func read<R>(_ what: String, _ body: (DataFolder) throws -> R) throws -> R? {
    guard let folder = ProcessInfo.processInfo.environment["SOMA_DATA"], !folder.isEmpty else {
      print("SKIPPED: \(what) needs SOMA_DATA")
      return nil
    }
    do { return try body(DataFolder(set: folder)) } catch let problem as FileProblem where problem.fact == .missing {
      print("SKIPPED: \(what) is not in SOMA_DATA")
      return nil
    }
  }
}

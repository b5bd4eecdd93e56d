public import Compute
public import Spiking

/// CIFAR-10 in its binary version: batches of records of one label byte and 3072 pixels, red, green, blue, row by row.
///
/// - Reference: A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, University of Toronto, 2009.
public enum CIFAR10 {
  public static let classes = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  public static let shape: Shape = [3, 32, 32]
  static let batches = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
  /// A batch has 31 MB; the archive of all of them 184 MB.
  static let limit = 1_000_000_000
  private static var record: Int { 1 + shape.count }

  /// Where the batches lie: in a file each, or all in the archive that is published.
  public enum Source: Sendable, Equatable {
    case files([String])
    case archive(String)
  }
  /// - Throws: ``FileProblem`` that names the first batch that is missing.
  public static func source(in folder: DataFolder) throws(FileProblem) -> Source {
    var paths: [String] = [], missing: String?
    for batch in batches {
      let places = ["cifar10/" + batch, "cifar-10-batches-bin/" + batch]
      if let path = places.lazy.compactMap(folder.find).first { paths.append(path) } else { missing = missing ?? places[0] }
    }
    guard let missing else { return .files(paths) }
    if let archive = KnownData.cifar10.files.first.flatMap({ folder.find($0.path) }) { return .archive(archive) }
    throw FileProblem(missing, .missing)
  }

  /// Reads all batches, several at a time.
  ///
  /// - Parameter report: told the share that is done.
  /// - Throws: ``FileProblem`` where a batch is missing, cut off or none, or the user interrupted.
  public static func read(
    in folder: DataFolder, machine: Machine = Machine(), isInterrupted: () -> Bool = { false },
    report: (Double) -> Void = { _ in }
  ) throws(FileProblem) -> Dataset {
    var contents: [Batch]
    switch try source(in: folder) {
    case .files(let paths): contents = try read(paths, machine, isInterrupted, report)
    case .archive(let path): contents = try unpacked(path, isInterrupted)
    }
    let train = try bank(&contents[..<5]), test = try bank(&contents[5...])
    guard case .bytes(let pixels) = train.values else { preconditionFailure("pixels are bytes") }
    return Dataset(
      name: KnownData.cifar10.name, origin: KnownData.cifar10.origin, checksum: Checksum.sha256(pixels),
      classes: classes, shape: shape, parts: [.train: Dataset.View(train), .test: Dataset.View(test)])
  }

  /// A batch as it was read, and where it came from.
  struct Batch { var file: String, bytes: ArraySlice<UInt8> }

  private static func read(
    _ paths: [String], _ machine: Machine, _ isInterrupted: () -> Bool, _ report: (Double) -> Void
  ) throws(FileProblem) -> [Batch] {
    var results = [Result<[UInt8], FileProblem>?](repeating: nil, count: paths.count)
    for first in stride(from: 0, to: paths.count, by: machine.threads) {
      report(Double(first) / Double(paths.count))
      results.withUnsafeMutableBufferPointer { results in
        nonisolated(unsafe) let results = results
        machine.forEach(min(machine.threads, paths.count - first)) { place in
          results[first + place] = Result { () throws(FileProblem) in
            try DataFile.content(of: paths[first + place], limit: limit, isInterrupted: isInterrupted)
          }
        }
      }
    }
    var batches: [Batch] = []
    for (path, result) in zip(paths, results) { batches.append(Batch(file: path, bytes: try result?.get()[...] ?? [])) }
    return batches
  }
  private static func unpacked(_ path: String, _ isInterrupted: () -> Bool) throws(FileProblem) -> [Batch] {
    let bytes = try DataFile.content(of: path, limit: limit, isInterrupted: isInterrupted)
    let files = try Tar.files(in: bytes, file: path)
    var result: [Batch] = []
    for batch in batches {
      guard let range = files[batch] else { throw FileProblem(path, .mismatched("'\(batch)' is not in it")) }
      result.append(Batch(file: "\(path), \(batch)", bytes: bytes[range]))
    }
    return result
  }

  /// One part from its batches, which are emptied one by one, so that they need not stay beside it.
  static func bank(_ batches: inout ArraySlice<Batch>) throws(FileProblem) -> SampleBank {
    var pixels: [UInt8] = [], labels: [Int] = []
    pixels.reserveCapacity(batches.reduce(0) { $0 + $1.bytes.count })
    for place in batches.indices {
      let batch = batches[place]
      batches[place].bytes = []
      try check(batch)
      for first in stride(from: batch.bytes.startIndex, to: batch.bytes.endIndex, by: record) {
        labels.append(Int(batch.bytes[first]))
        pixels.append(contentsOf: batch.bytes[first + 1..<first + record])
      }
    }
    return SampleBank(shape: shape, labels: labels, bytes: pixels)
  }
  private static func check(_ batch: Batch) throws(FileProblem) {
    guard let first = batch.bytes.first else { throw FileProblem(batch.file, .mismatched("it holds no images")) }
    guard Int(first) < classes.count else {
      throw FileProblem(batch.file, .foreign(expected: "a binary batch of CIFAR-10"))
    }
    guard batch.bytes.count % record == 0 else { throw FileProblem(batch.file, .truncated) }
    for label in stride(from: batch.bytes.startIndex, to: batch.bytes.endIndex, by: record) {
      guard Int(batch.bytes[label]) < classes.count else {
        throw FileProblem(batch.file, .mismatched("label \(batch.bytes[label]) with \(classes.count) classes"))
      }
    }
  }
}

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
  static var record: Int { 1 + shape.count }

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
      if let path = places.lazy.compactMap(folder.find).first {
        paths.append(path)
      } else {
        missing = missing ?? places[0]
      }
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
    let train: SampleBank, test: SampleBank
    switch try source(in: folder) {
    case .files(let paths): (train, test) = try read(paths, machine, isInterrupted, report)
    case .archive(let path): (train, test) = try unpacked(path, isInterrupted)
    }
    guard case .bytes(let pixels) = train.values else { preconditionFailure("pixels are bytes") }
    return Dataset(
      name: KnownData.cifar10.name, origin: KnownData.cifar10.origin, checksum: Checksum.sha256(pixels),
      classes: classes, shape: shape, parts: [.train: Dataset.View(train), .test: Dataset.View(test)])
  }

  private static func read(
    _ paths: [String], _ machine: Machine, _ isInterrupted: () -> Bool, _ report: (Double) -> Void
  ) throws(FileProblem) -> (train: SampleBank, test: SampleBank) {
    var parts = Parts()
    for first in stride(from: 0, to: paths.count, by: machine.threads) {
      report(Double(first) / Double(paths.count))
      let count = min(machine.threads, paths.count - first)
      var contents = [Result<[UInt8], FileProblem>](repeating: .success([]), count: count)
      contents.withUnsafeMutableBufferPointer { contents in
        nonisolated(unsafe) let contents = contents
        machine.forEach(count) { place in
          contents[place] = Result { () throws(FileProblem) in
            try DataFile.content(of: paths[first + place], limit: limit, isInterrupted: isInterrupted)
          }
        }
      }
      for place in 0..<count { try parts.append(try contents[place].get()[...], file: paths[first + place]) }
    }
    return parts.banks
  }
  private static func unpacked(_ path: String, _ isInterrupted: () -> Bool) throws(FileProblem) -> (
    train: SampleBank, test: SampleBank
  ) {
    let bytes = try DataFile.content(of: path, limit: limit, isInterrupted: isInterrupted)
    let files = try Tar.files(in: bytes, file: path)
    var parts = Parts()
    for batch in batches {
      guard let range = files[batch] else { throw FileProblem(path, .mismatched("'\(batch)' is not in it")) }
      try parts.append(bytes[range], file: "\(path), \(batch)")
    }
    return parts.banks
  }
}

/// Both parts under way: the batches in their order, the last of which is the test part.
private struct Parts {
  private var pixels: [[UInt8]] = [[], []], labels: [[Int]] = [[], []], batches = 0

  var banks: (train: SampleBank, test: SampleBank) {
    func bank(_ part: Int) -> SampleBank {
      SampleBank(shape: CIFAR10.shape, labels: labels[part], bytes: pixels[part])
    }
    return (bank(0), bank(1))
  }
  mutating func append(_ batch: ArraySlice<UInt8>, file: String) throws(FileProblem) {
    try Self.check(batch, file)
    let last = CIFAR10.batches.count - 1, part = batches < last ? 0 : 1
    if batches == 0 { pixels[0].reserveCapacity(last * batch.count) }
    for first in stride(from: batch.startIndex, to: batch.endIndex, by: CIFAR10.record) {
      labels[part].append(Int(batch[first]))
      pixels[part].append(contentsOf: batch[first + 1..<first + CIFAR10.record])
    }
    batches += 1
  }
  private static func check(_ batch: ArraySlice<UInt8>, _ file: String) throws(FileProblem) {
    let classes = CIFAR10.classes.count
    guard let first = batch.first else { throw FileProblem(file, .mismatched("it holds no images")) }
    guard Int(first) < classes else { throw FileProblem(file, .foreign(expected: "a binary batch of CIFAR-10")) }
    guard batch.count % CIFAR10.record == 0 else { throw FileProblem(file, .truncated) }
    for place in stride(from: batch.startIndex, to: batch.endIndex, by: CIFAR10.record) {
      guard Int(batch[place]) < classes else {
        throw FileProblem(file, .mismatched("label \(batch[place]) with \(classes) classes"))
      }
    }
  }
}

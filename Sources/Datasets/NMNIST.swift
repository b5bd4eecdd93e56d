public import Compute
internal import FoundationEssentials
public import Spiking

/// N-MNIST: the digits of MNIST as an event camera saw them, in files `Train/CLASS/NUMBER.bin` and `Test/CLASS/NUMBER.bin`.
///
/// - Reference: G. Orchard, A. Jayawant, G. K. Cohen, N. Thakor, Front. Neurosci. 9:437, 2015,
///   doi:10.3389/fnins.2015.00437.
public struct NMNIST: Sendable {
  /// The recordings of a part in order of their numbers, so that the first ones are of all classes.
  public private(set) var files: [Part: [File]] = [:]
  public struct File: Sendable, Equatable { public var path: String, number: Int, label: Int }

  public static let name = "nmnist", classes = (0...9).map(String.init)
  static let folders: [(part: Part, path: String)] = [(.train, "nmnist/Train"), (.test, "nmnist/Test")]

  /// Finds the files and reads none.
  ///
  /// - Throws: ``FileProblem`` where a folder is missing or holds no recordings.
  public init(in folder: DataFolder) throws(FileProblem) {
    for (part, name) in Self.folders {
      guard let path = folder.find(name) else { throw FileProblem(name, .missing) }
      let found = Self.recordings(in: path)
      guard !found.isEmpty else {
        throw FileProblem(path, .foreign(expected: "a folder of recordings, as in 7/12.bin"))
      }
      files[part] = found
    }
  }
  private static func recordings(in path: String) -> [File] {
    func names(_ path: String) -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
    return classes.indices.flatMap { label in
      names("\(path)/\(label)").compactMap { name in
        guard name.hasSuffix(".bin"), let number = Int(name.dropLast(4)) else { return nil }
        return File(path: "\(path)/\(label)/\(name)", number: number, label: label)
      }
    }.sorted { ($0.number, $0.label) < ($1.number, $1.label) }
  }
  public func count(_ part: Part) -> Int { files[part]?.count ?? 0 }
  /// Bytes that the frames of all recordings take.
  public func bytes(_ frames: EventFrames) -> Double {
    Double(files.values.reduce(0) { $0 + $1.count }) * Double(frames.shape.count)
  }

  /// Reads all recordings and bins their events.
  ///
  /// - Parameter report: told the share that is done.
  /// - Throws: ``FileProblem`` where a recording is none or cut off, or the user interrupted.
  public func read(
    _ frames: EventFrames, machine: Machine = Machine(), isInterrupted: () -> Bool = { false },
    report: (Double) -> Void = { _ in }
  ) throws(FileProblem) -> Dataset {
    var parts: [Part: Dataset.View] = [:], sums: [String] = []
    for (part, name) in Self.folders {
      let (bank, sum) = try bank(files[part] ?? [], frames, machine) { done throws(FileProblem) in
        if isInterrupted() { throw FileProblem(name, .interrupted) }
        report(done)
      }
      parts[part] = Dataset.View(bank)
      sums.append(sum)
    }
    return Dataset(
      name: Self.name,
      origin: "G. Orchard, A. Jayawant, G. K. Cohen, N. Thakor: N-MNIST, events in \(frames.bins) bins",
      checksum: sums[0], classes: Self.classes, shape: frames.shape, alphabet: frames.alphabet, parts: parts)
  }
  private func bank(
    _ files: [File], _ frames: EventFrames, _ machine: Machine, poll: (Double) throws(FileProblem) -> Void
  ) throws(FileProblem) -> (SampleBank, checksum: String) {
    let size = frames.shape.count, piece = 64
    var numbers = [Int8](repeating: 0, count: files.count * size), digests = [UInt8]()
    for first in stride(from: 0, to: files.count, by: piece) {
      try poll(Double(first) / Double(files.count))
      var results = [Result<[UInt8], FileProblem>](repeating: .success([]), count: min(piece, files.count - first))
      results.withUnsafeMutableBufferPointer { results in
        numbers.withUnsafeMutableBufferPointer { numbers in
          nonisolated(unsafe) let (results, numbers) = (results, numbers)
          machine.forEach(results.count) { place in
            let range = (first + place) * size..<(first + place + 1) * size
            results[place] = Result { () throws(FileProblem) in
              try Self.read(files[first + place], frames, into: UnsafeMutableBufferPointer(rebasing: numbers[range]))
            }
          }
        }
      }
      for result in results { digests += try result.get() }
    }
    return (
      SampleBank(shape: frames.shape, labels: files.map(\.label), numbers: numbers), Checksum.sha256(digests)
    )
  }
  /// Bins one recording; the digest of its file.
  private static func read(_ file: File, _ frames: EventFrames, into output: UnsafeMutableBufferPointer<Int8>)
    throws(FileProblem) -> [UInt8]
  {
    let raw = try DataFile.content(of: file.path, limit: EventRecording.limit)
    frames.write(try EventRecording(raw, file: file.path), into: output)
    return Checksum.digest(raw)
  }
}

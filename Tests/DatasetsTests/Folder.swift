import CLzma
import Foundation

/// A folder for one test's files.
final class Folder {
  let path = FileManager.default.temporaryDirectory.appending(path: "soma-data-\(UUID().uuidString)").path
  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let url = URL(filePath: "\(path)/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }
  func read(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: "\(path)/\(name)").map(Array.init) }
}

/// Files as they are published, made small.
enum Sample {
  static func idx(_ extents: [Int], _ values: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(extents.count)]
      + extents.flatMap { extent in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) } } + values
  }
  static func images(_ count: Int, side: Int = 2) -> [UInt8] {
    idx([count, side, side], (0..<count * side * side).map { UInt8(truncatingIfNeeded: $0 * 7) })
  }
  static func labels(_ labels: [UInt8]) -> [UInt8] { idx([labels.count], labels) }

  /// The four files of a data set like MNIST.
  static func write(_ known: String, in folder: Folder, test: [UInt8] = [3, 9]) throws {
    try folder.write(images(3), to: known + "/train-images-idx3-ubyte")
    try folder.write(labels([0, 1, 2]), to: known + "/train-labels-idx1-ubyte")
    try folder.write(images(test.count), to: known + "/t10k-images-idx3-ubyte")
    try folder.write(labels(test), to: known + "/t10k-labels-idx1-ubyte")
  }
  /// A content as gzip writes it.
  static func gzip(_ content: [UInt8]) throws -> [UInt8] {
    let process = Process(), input = Pipe(), output = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "gzip -9nc"]
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    let writer = Thread {
      input.fileHandleForWriting.write(Data(content))
      try? input.fileHandleForWriting.close()
    }
    writer.start()
    let result = Array(output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    return result
  }
}

extension Sample {
  /// A content as xz writes it.
  static func xz(_ content: [UInt8]) throws -> [UInt8] {
    var output = [UInt8](repeating: 0, count: lzma_stream_buffer_bound(content.count)), used = 0
    let status = lzma_easy_buffer_encode(
      6, LZMA_CHECK_CRC64, nil, content, content.count, &output, &used, output.count)
    guard status == LZMA_OK else { throw Refused() }
    return Array(output[..<used])
  }
  struct Refused: Error {}

  /// A batch of CIFAR-10 with these labels; its pixels differ from place to place and batch to batch.
  static func batch(_ labels: [UInt8], _ number: Int = 0) -> [UInt8] {
    labels.enumerated().flatMap { index, label in
      [label] + (0..<3072).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index &* 31 &+ number &* 101) }
    }
  }
  static let batches = (0..<6).map { batch($0 == 5 ? [7, 0] : [UInt8($0), 9, 3], $0) }
  static let batchNames = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]

  /// An archive in tar's format.
  static func tar(_ files: [(name: String, content: [UInt8])]) -> [UInt8] {
    files.flatMap { name, content -> [UInt8] in
      var header = [UInt8](repeating: 0, count: 512)
      func put(_ text: String, at place: Int) { for (i, byte) in text.utf8.enumerated() { header[place + i] = byte } }
      put("cifar-10-batches-bin/" + name, at: 0)
      put(String(content.count, radix: 8), at: 124)
      put("0", at: 156)
      put("        ", at: 148)
      put(String(header.reduce(0) { $0 + Int($1) }, radix: 8) + "\0", at: 148)
      return header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    } + [UInt8](repeating: 0, count: 1024)
  }
  /// Five bytes of a recording.
  static func event(_ x: Int, _ y: Int, _ isOn: Bool, _ time: Int) -> [UInt8] {
    [UInt8(x), UInt8(y), (isOn ? 0x80 : 0) | UInt8(time >> 16), UInt8(time >> 8 & 0xFF), UInt8(time & 0xFF)]
  }
}

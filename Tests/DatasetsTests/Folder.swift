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

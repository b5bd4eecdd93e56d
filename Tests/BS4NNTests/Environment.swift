import Compute
import Datasets
import Foundation
import Spiking

/// Files that are not part of the project: data in SOMA_DATA, published weights in SOMA_GOLDEN.
enum Files {
  static func folder(_ variable: String, for what: String) -> String? {
    guard let folder = ProcessInfo.processInfo.environment[variable], !folder.isEmpty else {
      print("SKIPPED: \(what) needs \(variable)")
      return nil
    }
    return folder
  }
  static func data(_ known: KnownData, for what: String) throws -> Dataset? {
    guard let folder = folder("SOMA_DATA", for: what) else { return nil }
    return try IDXDataset.read(known, classes: (0...9).map(String.init), in: DataFolder(set: folder))
  }
  /// A golden file that lies beside these tests.
  static func golden(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).json"))
  }
}
extension Dataset {
  /// The last `n` training images as validation part.
  func holdingOut(last n: Int) -> Dataset {
    guard let train = self[.train], let test = self[.test] else { return self }
    let cut = train.count - n
    return Dataset(
      name: name, classes: classes, shape: shape,
      parts: [.train: train.picking(Array(0..<cut)), .validation: train.picking(Array(cut..<train.count)), .test: test])
  }
}

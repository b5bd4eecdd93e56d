internal import Synchronization

/// What a file remembers of how its model came about.
public final class ModelOrigin: Sendable {
  /// The lines that made the model, and those that made its data; none where that is not known.
  public let lines: [String], dataLines: [String]
  /// SHA-256 of the data as they were read; empty where nothing was.
  public let checksum: String
  private let made = Mutex<Dataset?>(nil)

  public init(lines: [String], dataLines: [String], checksum: String) {
    (self.lines, self.dataLines, self.checksum) = (lines, dataLines, checksum)
  }
  /// The data, made by `make` when they are first asked for.
  public func dataset(_ make: ([String]) throws -> Dataset) throws -> Dataset {
    if let made = made.withLock({ $0 }) { return made }
    let dataset = try make(dataLines)
    made.withLock { $0 = dataset }
    return dataset
  }
}

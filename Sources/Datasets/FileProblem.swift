/// What is wrong with a data file: facts; ``description`` has the words.
public struct FileProblem: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Fact: Sendable, Equatable {
    case missing
    case unreadable(String)
    case truncated
    case damaged(String)
    case foreign(expected: String)
    case tooLarge(limit: Int)
    case mismatched(String)
    case checksum(expected: String, found: String)
    case interrupted
  }
  public var file: String, fact: Fact
  public init(_ file: String, _ fact: Fact) { (self.file, self.fact) = (file, fact) }

  /// Stable, for diagnostics.
  public var code: String {
    switch fact {
    case .missing: "file.missing"
    case .unreadable: "file.unreadable"
    case .truncated: "file.truncated"
    case .damaged: "file.damaged"
    case .foreign: "file.foreign"
    case .tooLarge: "file.large"
    case .mismatched: "file.mismatch"
    case .checksum: "file.checksum"
    case .interrupted: "interrupted"
    }
  }
  /// What can be done about it.
  public var remedy: String? {
    switch fact {
    case .missing: "files are looked for in the working folder, then in the data folder; set data names one"
    case .truncated, .damaged, .checksum: "copy or fetch it again"
    case .foreign, .mismatched: "images= and labels= take the two files of one set"
    case .unreadable, .tooLarge, .interrupted: nil
    }
  }
  public var description: String {
    switch fact {
    case .missing: "there is no file '\(file)'"
    case .unreadable(let reason): "'\(file)' cannot be read: \(reason)"
    case .truncated: "'\(file)' ends too early"
    case .damaged(let reason): "'\(file)' is damaged: \(reason)"
    case .foreign(let expected): "'\(file)' is not \(expected)"
    case .tooLarge(let limit): "'\(file)' claims to hold more than \(limit / 1_000_000) MB"
    case .mismatched(let reason): "'\(file)' does not fit: \(reason)"
    case .checksum(let expected, let found):
      "'\(file)' has the checksum \(found.prefix(12))…, not \(expected.prefix(12))…"
    case .interrupted: "reading '\(file)' was interrupted"
    }
  }
}

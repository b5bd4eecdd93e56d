/// Why a data set could not be fetched: facts; ``description`` has the words.
public struct DownloadProblem: Error, Equatable, CustomStringConvertible {
  public enum Fact: Equatable, Sendable {
    case transport(String, TransportProblem)
    case cutOff(String, found: Int, expected: Int)
    case tooLong(String, expected: Int)
    case checksum(String, expected: String, found: String)
    case unwritable(String)
  }
  public var fact: Fact, data: KnownData, folder: String

  /// A diagnostic with its remedy, in several rows.
  public var description: String {
    (["error[\(code)]: \(message)"] + notes.map { "  = note: \($0)" } + ["  = help: \(help)"]).joined(separator: "\n")
  }
  var code: String {
    switch fact {
    case .transport(_, .interrupted): "download.interrupted"
    case .transport(_, .refused): "download.refused"
    case .transport(_, .unreachable): "download.network"
    case .cutOff: "download.short"
    case .tooLong: "download.long"
    case .checksum: "download.checksum"
    case .unwritable: "download.file"
    }
  }
  private var message: String {
    switch fact {
    case .transport(let address, .interrupted): "fetching '\(address)' was interrupted"
    case .transport(let address, .refused(let status)): "'\(address)' was answered with status \(status)"
    case .transport(let address, .unreachable(let reason)): "'\(address)' cannot be reached: \(reason)"
    case .cutOff(let address, let found, let expected): "'\(address)' ended after \(found) of \(expected) bytes"
    case .tooLong(let address, let expected): "'\(address)' is longer than the \(expected) bytes that were published"
    case .checksum(let address, let expected, let found):
      "'\(address)' has the checksum \(found.prefix(12))…, not \(expected.prefix(12))…"
    case .unwritable(let reason): "cannot write \(reason)"
    }
  }
  private var notes: [String] {
    switch fact {
    case .transport(_, .interrupted), .cutOff: ["what came is kept, and the same command goes on from there"]
    case .transport(_, .unreachable), .transport(_, .refused): data.files.map { "\($0.path), \($0.bytes) bytes" }
    case .tooLong, .checksum: ["it was thrown away"]
    case .unwritable: []
    }
  }
  private var help: String {
    switch fact {
    case .transport(_, .interrupted), .cutOff: "run the command again"
    case .transport(_, .unreachable), .transport(_, .refused):
      "fetch the files above on another machine and put them into \(folder), or name another server with --from"
    case .tooLong, .checksum: "name another server with --from"
    case .unwritable: "name another folder with --to"
    }
  }
}

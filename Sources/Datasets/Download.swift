public import FoundationEssentials

/// How bytes come from elsewhere: the network, or a test.
public protocol DownloadTransport {
  /// Asks for what stands at an address, from a byte on; `receive` gets the pieces in their order.
  ///
  /// - Parameter begin: told once, before the first piece, whether the pieces begin at `offset` (otherwise at the start).
  func fetch(
    _ address: String, from offset: Int, begin: (_ continues: Bool) throws -> Void, receive: (Data) throws -> Void
  ) throws
}

/// What a transport can run into.
public enum TransportProblem: Error, Equatable, Sendable {
  case refused(status: Int)
  case unreachable(String)
  case interrupted
}

/// Fetches the files of a data set into a folder.
///
/// A file under way is called `….part`; one that was cut off goes on where it stopped. It gets its name only when its size
/// and checksum are right, so that a file of that name is always whole.
public struct Download {
  public var data: KnownData
  /// Where the files lie, ending in a slash; the published address by default.
  public var address: String
  public var folder: String

  public init(_ data: KnownData, from address: String? = nil, to folder: String) {
    (self.data, self.folder) = (data, folder)
    let address = address ?? data.address
    self.address = address.hasSuffix("/") ? address : address + "/"
  }
  /// What is told while it runs.
  public enum Event: Equatable {
    case present(KnownFile)
    case resuming(KnownFile, bytes: Int)
    case progress(KnownFile, bytes: Int)
    case finished(KnownFile)
  }

  /// Fetches every file that is not there yet.
  ///
  /// - Throws: ``DownloadProblem`` with the remedy in its words.
  public func run(_ transport: some DownloadTransport, report: (Event) -> Void = { _ in }) throws(DownloadProblem) {
    for file in data.files {
      if isWhole(file) { report(.present(file)) } else { try fetch(file, transport, report) }
    }
  }
  public func path(of file: KnownFile) -> String { "\(folder)/\(file.path)" }

  private func isWhole(_ file: KnownFile) -> Bool {
    guard let content = FileManager.default.contents(atPath: path(of: file)) else { return false }
    return content.count == file.bytes && Checksum.sha256(content) == file.sha256
  }
  private func fetch(_ file: KnownFile, _ transport: some DownloadTransport, _ report: (Event) -> Void)
    throws(DownloadProblem)
  {
    let part: PartialFile
    do { part = try PartialFile(path(of: file) + ".part", limit: file.bytes) } catch {
      throw problem(.unwritable("\(path(of: file)): \(error)"))
    }
    defer { part.close() }
    if part.count > 0 { report(.resuming(file, bytes: part.count)) }
    if part.count < file.bytes { try receive(file, part, transport, report) }
    try accept(file, part)
    report(.finished(file))
  }
  private func receive(
    _ file: KnownFile, _ part: PartialFile, _ transport: some DownloadTransport, _ report: (Event) -> Void
  ) throws(DownloadProblem) {
    let source = address + file.name
    do {
      try transport.fetch(source, from: part.count) { continues in
        if !continues { try part.restart() }
      } receive: { piece in
        try part.append(piece)
        report(.progress(file, bytes: part.count))
      }
    } catch let trouble as TransportProblem {
      throw problem(.transport(source, trouble))
    } catch PartialFile.Trouble.tooLong {
      part.remove()
      throw problem(.tooLong(source, expected: file.bytes))
    } catch { throw problem(.unwritable("\(part.path): \(error)")) }
    guard part.count == file.bytes else { throw problem(.cutOff(source, found: part.count, expected: file.bytes)) }
  }
  /// Gives a fetched file its name, if it is what was published.
  private func accept(_ file: KnownFile, _ part: PartialFile) throws(DownloadProblem) {
    let found = Checksum.sha256(FileManager.default.contents(atPath: part.path) ?? Data())
    guard found == file.sha256 else {
      part.remove()
      throw problem(.checksum(address + file.name, expected: file.sha256, found: found))
    }
    guard part.publish(as: path(of: file)) else { throw problem(.unwritable(path(of: file))) }
  }
  private func problem(_ fact: DownloadProblem.Fact) -> DownloadProblem {
    DownloadProblem(fact: fact, data: data, folder: folder)
  }
}

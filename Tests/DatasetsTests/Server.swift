import Foundation
import Synchronization

/// A small server of files over HTTP on this machine, for one test: one request a connection.
final class Server: Sendable {
  /// What it answers for a name.
  enum Answer: Sendable {
    case file([UInt8])
    /// The whole length is promised, but the connection ends after so many bytes.
    case cut([UInt8], after: Int)
    /// The whole file, whatever range is asked for.
    case withoutRanges([UInt8])
    case status(Int)
  }
  private let listener: Int32
  let port: UInt16
  private let answers: Mutex<[String: Answer]>
  private let stopped = Atomic(false)
  private let asked = Mutex<[String]>([])

  init(_ answers: [String: Answer]) {
    self.answers = Mutex(answers)
    (listener, port) = Self.listening()
    let thread = Thread { [weak self, listener] in
      while case let connection = accept(listener, nil, nil), connection >= 0 {
        self?.serve(connection)
        close(connection)
      }
    }
    thread.start()
  }
  deinit { stop() }
  private static func listening() -> (Int32, UInt16) {
    #if canImport(Glibc)
      let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let listener = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in(), size = socklen_t(MemoryLayout<sockaddr_in>.size)
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(listener, $0, size)
        _ = listen(listener, 8)
        _ = getsockname(listener, $0, &size)
      }
    }
    return (listener, UInt16(bigEndian: address.sin_port))
  }
  /// Once only: by the second time the number may belong to another file.
  func stop() {
    guard !stopped.exchange(true, ordering: .relaxed) else { return }
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }
  var address: String { "http://127.0.0.1:\(port)/files/" }
  /// The names asked for, each with the range.
  var requests: [String] { asked.withLock { $0 } }
  func set(_ name: String, _ answer: Answer) { answers.withLock { $0[name] = answer } }

  private func serve(_ connection: Int32) {
    let request = head(connection)
    let name = String(request.split(separator: " ").dropFirst().first?.split(separator: "/").last ?? "")
    let range = request.firstMatch(of: /(?i)range: *bytes=(\d+)-/).flatMap { Int($0.1) }
    asked.withLock { $0.append(name + (range.map { "@\($0)" } ?? "")) }
    switch answers.withLock({ $0[name] }) ?? .status(404) {
    case .status(let status):
      send(connection, "HTTP/1.1 \(status) No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", [])
    case .withoutRanges(let bytes): send(connection, ok(bytes.count), bytes[...])
    case .cut(let bytes, let count): send(connection, ok(bytes.count), bytes.prefix(count))
    case .file(let bytes):
      guard let range, range > 0 else { return send(connection, ok(bytes.count), bytes[...]) }
      let head = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes \(range)-\(bytes.count - 1)/\(bytes.count)\r\n"
      send(
        connection, head + "Content-Length: \(bytes.count - range)\r\nConnection: close\r\n\r\n", bytes.dropFirst(range)
      )
    }
  }
  private func ok(_ count: Int) -> String { "HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\nConnection: close\r\n\r\n" }
  private func head(_ connection: Int32) -> String {
    var bytes: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 4096)
    while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
  private func send(_ connection: Int32, _ head: String, _ body: ArraySlice<UInt8>) {
    let bytes = Array(head.utf8) + body
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { write(connection, $0.baseAddress.map { $0 + sent }, bytes.count - sent) }
      guard count > 0 else { return }
      sent += count
    }
  }
}

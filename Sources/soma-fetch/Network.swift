internal import Datasets
internal import Dispatch
internal import Foundation
internal import Synchronization

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

private let interrupted = Atomic<Bool>(false)

/// Fetches over HTTPS or HTTP; redirections are followed.
struct Network: DownloadTransport {
  init() { signal(SIGINT) { _ in interrupted.store(true, ordering: .relaxed) } }

  func fetch(
    _ address: String, from offset: Int, begin: (_ continues: Bool) throws -> Void, receive: (Data) throws -> Void
  ) throws {
    guard let url = URL(string: address), ["http", "https"].contains(url.scheme), url.host() != nil else {
      throw TransportProblem.unreachable("it is no address of the form https://…")
    }
    var request = URLRequest(url: url, timeoutInterval: 30)
    if offset > 0 { request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range") }
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    let mail = Mail()
    let session = URLSession(configuration: .ephemeral, delegate: mail, delegateQueue: nil)
    defer { session.invalidateAndCancel() }
    session.dataTask(with: request).resume()
    while let letter = try next(mail) {
      switch letter {
      case .answer(let status, let first):
        guard status == 200 || (status == 206 && first == offset) else {
          throw TransportProblem.refused(status: status)
        }
        try begin(status == 206)
      case .piece(let data): try receive(data)
      case .end(let reason):
        guard let reason else { return }
        throw TransportProblem.unreachable(reason)
      }
    }
  }
  /// The next thing that happened, waited for in a way that ^C interrupts.
  private func next(_ mail: Mail) throws -> Letter? {
    while true {
      if interrupted.load(ordering: .relaxed) { throw TransportProblem.interrupted }
      if let letter = mail.next(within: .milliseconds(100)) { return letter }
    }
  }
}

private enum Letter: Sendable {
  /// The status, and the first byte of a part.
  case answer(Int, Int)
  case piece(Data)
  case end(String?)
}

/// What the session tells, in order, for the thread that waits.
private final class Mail: NSObject, URLSessionDataDelegate, Sendable {
  private let letters = Mutex<[Letter]>([])
  private let arrived = DispatchSemaphore(value: 0)

  func next(within time: DispatchTimeInterval) -> Letter? {
    guard arrived.wait(timeout: .now() + time) == .success else { return nil }
    return letters.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }
  private func post(_ letter: Letter) {
    letters.withLock { $0.append(letter) }
    arrived.signal()
  }
  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    let answer = response as? HTTPURLResponse
    let range = answer?.value(forHTTPHeaderField: "Content-Range")?.drop { !$0.isNumber }.prefix { $0.isNumber }
    post(.answer(answer?.statusCode ?? 0, range.flatMap { Int($0) } ?? 0))
    completionHandler(.allow)
  }
  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) { post(.piece(data)) }
  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    post(.end(error?.localizedDescription))
  }
}

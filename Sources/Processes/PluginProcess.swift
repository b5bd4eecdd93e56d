internal import FoundationEssentials
internal import Language
public import Spiking
internal import Synchronization

/// A plugin that is a process of its own: what it declares, and calls to it, one at a time.
///
/// A call that fails is answered with zeros and remembered, because neurons cannot fail: `Failures` tells what went wrong once
/// the stage is over, and the next call starts the process anew.
public final class PluginProcess: Sendable {
  /// The file, as named by the user.
  public let file: String
  public let name: String, summary: String
  private let seconds: Double
  private let isInterrupted: @Sendable () -> Bool
  private let greeting: Greeting
  private let failures: Failures
  private let child: Mutex<ChildProcess?>

  /// Starts the process and asks what it declares.
  ///
  /// - Throws: `Diagnostic`
  public init(_ file: String, timeout: Time, failures: Failures, isInterrupted: @escaping @Sendable () -> Bool) throws {
    (self.file, seconds, self.failures) = (file, timeout.seconds, failures)
    self.isInterrupted = isInterrupted
    do {
      var child = try ChildProcess(file)
      greeting = try Self.greet(&child, timeout.seconds, isInterrupted)
      self.child = Mutex(consume child)
    } catch let problem as PluginProblem {
      throw problem.diagnostic(file)
    }
    (name, summary) = (greeting.name, greeting.summary ?? "")
  }
  private static func greet(
    _ child: inout ChildProcess, _ seconds: Double, _ isInterrupted: @escaping @Sendable () -> Bool
  ) throws -> Greeting {
    let patience = ChildProcess.Patience("hello", seconds, isInterrupted)
    try child.send(Array("{\"call\":\"hello\",\"protocol\":\(Greeting.version)}\n".utf8), patience)
    let line = try child.line(patience)
    guard let told = try? JSONDecoder().decode(Version.self, from: Data(line)) else {
      throw PluginProblem.foreign(during: "hello", text: excerpt(line))
    }
    guard told.protocol == Greeting.version else { throw PluginProblem.version(told.protocol) }
    do { return try JSONDecoder().decode(Greeting.self, from: Data(line)) } catch {
      throw PluginProblem.declared("something incomplete: \(reason(error))")
    }
  }
  private struct Version: Decodable { var `protocol`: Int }
  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "'\(key.stringValue)' is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "'\(context.codingPath.last?.stringValue ?? "")' is of the wrong sort"
    default: "it cannot be read"
    }
  }
  private static func excerpt(_ line: [UInt8]) -> String {
    "'" + String(decoding: line.prefix(60), as: UTF8.self) + (line.count > 60 ? "…'" : "'")
  }

  // MARK: Declarations

  /// The neurons that it declares.
  ///
  /// - Throws: `Diagnostic`
  public func neurons() throws -> [any RunTimeNeuron] {
    try declared { try (greeting.neurons ?? []).map { try ProcessNeuron(self, $0) } }
  }
  public func encoders() throws -> [any RunTimeEncoder] {
    try declared { try (greeting.encoders ?? []).map { try ProcessEncoder(self, $0) } }
  }
  private func declared<T>(_ body: () throws -> [T]) throws -> [T] {
    do { return try body() } catch let problem as PluginProblem { throw problem.diagnostic(file) }
  }

  // MARK: Calls

  /// A call as its line says it; what is not set does not appear.
  struct Call: Encodable {
    var call: String
    var neuron: String? = nil, encoder: String? = nil, settings: [String: Double]
    var dt: Double? = nil
    var steps: Int?, count: Int?, record: Bool?, shape: [Int]?, features: [Int]?, seed: UInt64?
    var bytes = 0
    /// Counts up; the answer repeats it, so that one is never taken for another.
    var id = 0
  }
  /// What the line of an answer says.
  struct Answer: Decodable {
    var id: Int?
    var bytes: Int?, error: String?
    var steps: Int?, features: [Int]?, alphabet: String?
  }

  /// Asks for so many numbers; nil where it failed, now or before.
  func numbers(_ call: Call, _ values: [Float] = [], count: Int) -> [Float]? {
    attempt(call.call) { child, patience in
      let answer = try Self.exchange(call, values, &child, patience)
      let bytes = answer.bytes ?? 0
      guard bytes == 4 * count else {
        throw PluginProblem.size(during: call.call, bytes: bytes, expected: 4 * count)
      }
      let block = try child.block(bytes, patience)
      try Self.requireSilence(child, call)
      let numbers = (0..<count).map { k in
        Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(block[4 * k + $1]) << UInt32(8 * $1) })
      }
      guard numbers.allSatisfy(\.isFinite) else { throw PluginProblem.notANumber(during: call.call) }
      return numbers
    }
  }
  /// Asks for an answer of one line.
  func answer(_ call: Call) -> Answer? {
    attempt(call.call) { child, patience in
      let answer = try Self.exchange(call, [], &child, patience)
      try Self.requireSilence(child, call)
      return answer
    }
  }
  private static func exchange(
    _ call: Call, _ values: [Float], _ child: inout ChildProcess, _ patience: ChildProcess.Patience
  ) throws -> Answer {
    var call = call
    (call.bytes, call.id) = (4 * values.count, child.nextCall())
    var bytes = Array(try JSONEncoder().encode(call)) + [10]
    bytes.reserveCapacity(bytes.count + call.bytes)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
    try child.send(bytes, patience)
    let line = try child.line(patience)
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(line)) else {
      throw PluginProblem.foreign(during: call.call, text: excerpt(line))
    }
    guard answer.id == call.id else {
      throw PluginProblem.foreign(during: call.call, text: "its 'id' is not that of the call")
    }
    if let error = answer.error { throw PluginProblem.refused(error) }
    return answer
  }
  private static func requireSilence(_ child: borrowing ChildProcess, _ call: Call) throws {
    if child.hasMore { throw PluginProblem.foreign(during: call.call, text: "more than was asked for") }
  }

  /// One conversation. After a failure nothing more is asked until somebody has taken it.
  private func attempt<T: Sendable>(_ call: String, _ body: (inout ChildProcess, ChildProcess.Patience) throws -> T)
    -> T?
  {
    child.withLock { kept in
      guard !failures.isPending else { return nil }
      do {
        var child: ChildProcess
        if let living = kept.take() {
          child = living
        } else {
          child = try ChildProcess(file)
          _ = try Self.greet(&child, seconds, isInterrupted)
        }
        let result = try body(&child, ChildProcess.Patience(call, seconds, isInterrupted))
        kept = consume child
        return result
      } catch {
        // Where a conversation breaks off, the next one starts with a new process.
        failures.report(error as? PluginProblem ?? .declared("something that cannot be sent"), file)
        return nil
      }
    }
  }
  /// Remembers that it said something that cannot be.
  func fail(_ problem: PluginProblem) { failures.report(problem, file) }
}

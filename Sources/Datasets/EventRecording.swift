/// A recording of an event camera in the form of N-MNIST: five bytes an event.
///
///     x · y · 1 bit polarity (1 brighter, 0 darker) and 23 bits time in µs, big-endian
///
/// - Reference: G. Orchard, A. Jayawant, G. K. Cohen, N. Thakor, Front. Neurosci. 9:437, 2015,
///   doi:10.3389/fnins.2015.00437.
public struct EventRecording: Sendable, Equatable {
  public struct Event: Sendable, Equatable {
    public var x: Int, y: Int, isOn: Bool
    /// µs since the start of the recording.
    public var time: Int
    public init(x: Int, y: Int, isOn: Bool, time: Int) { (self.x, self.y, self.isOn, self.time) = (x, y, isOn, time) }
  }
  public var events: [Event]

  public static let side = 34
  static let limit = 100_000_000
  /// An event in this row is none: it says that the clock has gone on by `overflow`.
  private static let overflowRow = 240, overflow = 1 << 13

  public init(events: [Event]) { self.events = events }
  /// - Throws: ``FileProblem`` where the file is cut off, empty, or has events outside of the camera.
  public init(_ raw: [UInt8], file: String) throws(FileProblem) {
    guard raw.count % 5 == 0 else { throw FileProblem(file, .truncated) }
    var events: [Event] = [], late = 0
    events.reserveCapacity(raw.count / 5)
    for at in stride(from: 0, to: raw.count, by: 5) {
      let x = Int(raw[at]), y = Int(raw[at + 1])
      if y == Self.overflowRow {
        late += Self.overflow
        continue
      }
      guard x < Self.side, y < Self.side else {
        throw FileProblem(file, .damaged("an event at (\(x), \(y)) lies outside of \(Self.side)×\(Self.side)"))
      }
      let time = Int(raw[at + 2] & 0x7F) << 16 | Int(raw[at + 3]) << 8 | Int(raw[at + 4])
      events.append(Event(x: x, y: y, isOn: raw[at + 2] & 0x80 != 0, time: time + late))
    }
    guard !events.isEmpty else { throw FileProblem(file, .mismatched("it holds no events")) }
    self.events = events
  }
}

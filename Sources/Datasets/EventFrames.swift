public import Compute
public import Spiking

/// What becomes of the polarities of events.
public enum PolarityForm: String, Choice {
  /// Two channels: darker (off), brighter (on).
  case channels
  /// One channel: brighter counts +1, darker −1.
  case signed
  /// One channel that does not tell them apart.
  case merged
}

/// Events counted in equal stretches of time: [bins, channels, height, width].
///
///     bin(t) = ⌊t·bins / T⌋,    T the whole recording, or the first stretch of it
///
/// A value is 1 where there was an event, the sign of (brighter − darker) with signed polarities, or, as `counts`, the number
/// of events, up to 127.
public struct EventFrames: Sendable, Equatable {
  public var bins = 10, polarity = PolarityForm.channels, counts = false
  /// T in µs; nil for each recording's own length. Later events are left out.
  public var window: Int?
  public init() {}
  public init(bins: Int, polarity: PolarityForm = .channels, counts: Bool = false, window: Int? = nil) {
    (self.bins, self.polarity, self.counts, self.window) = (bins, polarity, counts, window)
  }
  public var channels: Int { polarity == .channels ? 2 : 1 }
  public var shape: Shape { [bins, channels, EventRecording.side, EventRecording.side] }
  public var alphabet: Alphabet { counts ? .graded : polarity == .signed ? .ternary : .binary }

  /// Writes the frames of a recording into zeros.
  func write(_ recording: EventRecording, into frames: UnsafeMutableBufferPointer<Int8>) {
    let side = EventRecording.side, length = window ?? (recording.events.reduce(0) { max($0, $1.time) } + 1)
    let camera = 0..<side, stretch = 0..<length
    for event in recording.events
    where stretch.contains(event.time) && camera.contains(event.x) && camera.contains(event.y) {
      let bin = event.time * bins / length, channel = polarity == .channels && event.isOn ? 1 : 0
      let place = ((bin * channels + channel) * side + event.y) * side + event.x
      let weight: Int8 = polarity == .signed && !event.isOn ? -1 : 1
      let (sum, isFull) = frames[place].addingReportingOverflow(weight)
      if !isFull { frames[place] = sum }
    }
    if !counts { for i in frames.indices { frames[i] = frames[i].signum() } }
  }
  /// The frames of a recording.
  public func frames(of recording: EventRecording) -> [Int8] {
    var result = [Int8](repeating: 0, count: shape.count)
    result.withUnsafeMutableBufferPointer { write(recording, into: $0) }
    return result
  }
}

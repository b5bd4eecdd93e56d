/// The spikes of one neuron over a duration, in order.
public struct SpikeTrain: Sendable, Equatable {
  public var times: [Time], duration: Time

  public init(_ times: [Time], duration: Time) { (self.times, self.duration) = (times, duration) }
  public var count: Int { times.count }
  /// Spikes per second.
  public var rate: Double { duration.seconds > 0 ? Double(count) / duration.seconds : 0 }
  /// The times between one spike and the next.
  public var intervals: [Time] { zip(times, times.dropFirst()).map { Time(seconds: $1.seconds - $0.seconds) } }

  /// Standard deviation of the intervals over their mean: 0 for a clock, 1 for a Poisson process; nil below two intervals.
  public var intervalVariation: Double? {
    let gaps = intervals.map(\.seconds)
    guard gaps.count >= 2 else { return nil }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    guard mean > 0 else { return nil }
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    return variance.squareRoot() / mean
  }
}

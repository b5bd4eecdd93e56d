/// At most one spike per neuron, as a time in steps: samples × features. `window` stands for silence.
public struct SpikeTimes: Sendable, Equatable {
  public var samples: Int, features: Int
  /// Number of steps, at most `longestWindow`; a spike at `window` never happened.
  public var window: Int
  /// Time of feature i of sample s at [s · features + i].
  public var times: [UInt16]

  /// The longest window that times of 16 bits can hold.
  public static let longestWindow = Int(UInt16.max)

  /// Silence.
  public init(samples: Int, features: Int, window: Int) {
    precondition((0...Self.longestWindow).contains(window), "a window of at most 65535 steps")
    (self.samples, self.features, self.window) = (samples, features, window)
    times = [UInt16](repeating: UInt16(window), count: samples * features)
  }
  /// The time of a spike, or nil where the neuron is silent.
  public subscript(sample: Int, feature: Int) -> Int? {
    let time = Int(times[sample * features + feature])
    return time < window ? time : nil
  }
}

internal import Compute

/// Which neuron spiked in which step, with its sign: steps × neurons.
public struct SpikeRaster: Sendable, Equatable {
  public let steps: Int, neurons: Int
  /// −1, 0 or 1 for step t, neuron i at [t · neurons + i]; the height of a graded spike is not kept.
  public private(set) var signs: [Int8]

  /// Silence.
  public init(steps: Int, neurons: Int) {
    (self.steps, self.neurons) = (steps, neurons)
    signs = [Int8](repeating: 0, count: steps * neurons)
  }
  /// The spikes of one sample of a signal.
  public init(_ signal: Signal, sample: Int = 0) {
    precondition((0..<signal.batch).contains(sample), "a sample of the batch")
    let n = signal.features.count
    self.init(steps: signal.steps, neurons: n)
    let values = signal.values.span
    for t in 0..<steps {
      for i in 0..<n {
        let x = values[t * signal.stride + sample * n + i]
        signs[t * n + i] = x > 0 ? 1 : x < 0 ? -1 : 0
      }
    }
  }
  /// The spikes of one sample given by times.
  public init(_ times: SpikeTimes, sample: Int = 0) {
    self.init(steps: times.window, neurons: times.features)
    for i in 0..<neurons { if let t = times[sample, i] { self[t, i] = 1 } }
  }
  /// The spikes of trains, one per neuron, each counted in the step that it falls into.
  public init(_ trains: [SpikeTrain], dt: Time, steps: Int) {
    self.init(steps: steps, neurons: trains.count)
    for (i, train) in trains.enumerated() {
      // A time that was a step's number times dt must come back to that step.
      for time in train.times {
        let step = Int((time / dt + 1e-9).rounded(.down))
        if (0..<steps).contains(step) { self[step, i] = 1 }
      }
    }
  }

  public subscript(step: Int, neuron: Int) -> Int8 {
    get { signs[step * neurons + neuron] }
    set { signs[step * neurons + neuron] = newValue }
  }
  /// Spikes of either sign.
  public var count: Int { signs.count { $0 != 0 } }
  /// Spikes of one neuron.
  public func count(of neuron: Int) -> Int { (0..<steps).count { self[$0, neuron] != 0 } }
  /// The steps in which a neuron spiked.
  public func spikeSteps(of neuron: Int) -> [Int] { (0..<steps).filter { self[$0, neuron] != 0 } }
  /// The train of a neuron; a spike of step t happened at t · dt.
  public func train(of neuron: Int, dt: Time) -> SpikeTrain {
    SpikeTrain(spikeSteps(of: neuron).map { Double($0) * dt }, duration: Double(steps) * dt)
  }
  /// The trains of all neurons.
  public func trains(dt: Time) -> [SpikeTrain] { (0..<neurons).map { train(of: $0, dt: dt) } }
  /// The first spike of every neuron.
  public var firstSpikes: SpikeTimes {
    var result = SpikeTimes(samples: 1, features: neurons, window: min(steps, SpikeTimes.longestWindow))
    for i in 0..<neurons {
      if let first = (0..<result.window).first(where: { self[$0, i] != 0 }) { result.times[i] = UInt16(first) }
    }
    return result
  }
}

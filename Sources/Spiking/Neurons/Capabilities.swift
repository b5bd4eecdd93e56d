/// Capability: can be trained by gradients through time.
public protocol DifferentiableNeuron: Neuron {
  /// Stands in for the derivative of its spikes; trainers may put in another.
  var surrogate: Surrogate { get set }
  /// Sums that a pullback keeps for learnt values, whether they are learnt at present or not.
  var gradientCount: Int { get }
  /// Recomputes the block forward from its resting or carried state and sweeps back. Nothing but the input was kept.
  func pullback(_ block: PullbackBlock)
}
extension DifferentiableNeuron {
  public var gradientCount: Int { parameters.count }
}
/// Capability: sends at most one spike, so it runs on spike times instead of steps.
public protocol SingleSpikeNeuron: Neuron {
  var threshold: Double { get }
  /// Firing times of one layer for many samples. Times are steps; `window` means silent.
  func respond(to times: SpikeTimes, through synapses: Synapses) -> SpikeTimes
}
/// Capability: its rate follows a rectified linear unit, so an analog unit can become one.
public protocol RateNeuron: Neuron {
  static func standIn(threshold: Double) -> Self
}
/// Capability: its spikes have a height that can be moved into what reads them.
public protocol ScaledNeuron: Neuron {
  /// The height of its spikes, one or one for each channel; `learnt` are the values of its parameters.
  func heights(_ learnt: [Float]) -> [Float]
  /// The same neuron with spikes of height 1 that is not learnt.
  var unscaled: any Neuron { get }
}
/// Capability: sends spikes of both signs, and has a counterpart with one to be compared with.
public protocol SignedNeuron: Neuron {
  /// The same neuron without its negative spikes.
  var unsigned: any Neuron { get }
}
/// Capability: a setting moves during training (quantisation, temperature).
public protocol AnnealedNeuron: Neuron {
  /// The neuron at a share of the training between 0 and 1.
  func annealed(_ progress: Double) -> any Neuron
}
/// Capability: its variables are coefficients that hold the recent past of its input.
public protocol MemoryNeuron: Neuron {
  /// How far back it reaches.
  var window: Time { get }
}
/// Capability: sends whole numbers of quanta, any number of them in one step.
public protocol QuantisedNeuron: Neuron {
  /// ω: quanta in a unit of activation and step; infinite where the activation itself is sent.
  var omega: Double { get }
  /// What a current would send if nothing were rounded.
  func activation(of current: Double) -> Double
}
/// Capability: forgets, so that a current moves its potential by only a part of itself in a step.
public protocol LeakyNeuron: Neuron {
  /// What a unit current adds to the potential in one step, as a share of the threshold: (1 − e^(−dt/τ))/θ.
  func gain(dt: Time) -> Double
}

/// Every variable of one neuron over the steps of a run, in double precision.
public struct FineTrace: Sendable, Equatable {
  /// values[k][t]: variable k at step t, just before firing.
  public var values: [[Double]]
  /// What was sent at each step.
  public var output: [Double]
  /// Times of spikes between steps, where the run was exact; nil where they are known to the step only.
  public var spikeTimes: [Time]?
  /// Every variable before the first step; empty where that is not known.
  public var start: [Double]

  public init(values: [[Double]], output: [Double], spikeTimes: [Time]? = nil, start: [Double] = []) {
    (self.values, self.output, self.spikeTimes, self.start) = (values, output, spikeTimes, start)
  }
}
/// Capability: a single neuron in double precision, for `drive`.
public protocol FineNeuron: Neuron {
  /// The course of one neuron from rest under an input that is constant within each step.
  ///
  /// - Parameter poll: called every few steps; what it throws ends the run.
  func trace(current: [Double], dt: Time, poll: () throws -> Void) rethrows -> FineTrace
}
extension FineNeuron {
  public func trace(current: [Double], dt: Time) -> FineTrace { trace(current: current, dt: dt, poll: {}) }
}
/// Capability: its equation is solved exactly between spikes, so spike times do not depend on the step.
public protocol ContinuousNeuron: Neuron {
  /// The state at rest, one number per variable.
  var restingState: [Double] { get }
  /// The state after `duration` under a constant input, without firing.
  func flow(_ state: [Double], current: Double, for duration: Time) -> [Double]
  /// How long until it fires under a constant input, or nil where it never will.
  func timeToThreshold(_ state: [Double], current: Double) -> Time?
  /// The state just after a spike.
  func afterSpike(_ state: [Double]) -> [Double]
}
extension ContinuousNeuron {
  /// The exact course: spikes fall between the steps, values are taken at the end of each step.
  ///
  /// A neuron that would fire more than `mostSpikes` times within a step, which only an unsound equation does, is held
  /// until the next one.
  public func exactTrace(current: [Double], dt: Time, mostSpikes: Int = 1000, poll: () throws -> Void) rethrows
    -> FineTrace
  {
    var state = restingState, times: [Time] = [], output = [Double](repeating: 0, count: current.count)
    var values = [[Double]](repeating: [], count: variables.count)
    for (step, input) in current.enumerated() {
      if step & 15 == 0 { try poll() }
      var rest = dt, spikes = 0
      while spikes < mostSpikes, let wait = timeToThreshold(state, current: input), wait.seconds <= rest.seconds {
        state = afterSpike(flow(state, current: input, for: wait))
        rest.seconds -= wait.seconds
        times.append(Time(seconds: Double(step + 1) * dt.seconds - rest.seconds))
        spikes += 1
      }
      state = flow(state, current: input, for: rest)
      output[step] = spikes > 0 ? 1 : 0
      for k in values.indices { values[k].append(state[k]) }
    }
    return FineTrace(values: values, output: output, spikeTimes: times, start: restingState)
  }
  public func exactTrace(current: [Double], dt: Time, mostSpikes: Int = 1000) -> FineTrace {
    exactTrace(current: current, dt: dt, mostSpikes: mostSpikes, poll: {})
  }
}

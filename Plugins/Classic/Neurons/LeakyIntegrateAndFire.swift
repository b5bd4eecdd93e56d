public import Spiking

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Leaky integrate-and-fire: τ dv/dt = −v + i; it spikes when v ≥ θ.
///
/// One step is exact for a current that is constant within it: v ← v·e^(−dt/τ) + i·(1 − e^(−dt/τ)). After a spike the
/// membrane is reset and held for the refractory time; a delayed reset takes the threshold away in the next step. v, i and θ are in the same arbitrary unit.
///
/// - Reference: L. Lapicque, J. Physiol. Pathol. Gen. 9, 1907; W. Gerstner et al., Neuronal Dynamics, 2014, §1.3,
///   doi:10.1017/CBO9781107447615.
public struct LeakyIntegrateAndFire: SteppedNeuron, DifferentiableNeuron {
  public var tau = Time.ms(20)
  public var threshold = 1.0
  public var reset = Reset.zero
  public var refractory = Time.zero
  public var surrogate = Surrogate(.triangle)
  public init() {}

  public static let manual = Manual(
    "lif", "Leaky integrate-and-fire: forgets with a time constant, spikes at a threshold.",
    equation:
      "τ dv/dt = −v + i\nspike when v ≥ θ, then v ← 0 or v − θ (delayed: one step later), held for the refractory time",
    reference: "W. Gerstner et al., Neuronal Dynamics, 2014, §1.3, doi:10.1017/CBO9781107447615",
    examples: ["neuron lif | drive current=1.2 | plot membrane", "neuron lif tau=10ms reset=subtract"])
  public static let settings: [Setting<Self>] = [
    Setting("tau", \.tau, "Membrane time constant.", in: 1e-9...1e9),
    Setting("threshold", \.threshold, "Potential at which it spikes.", in: 1e-9...1e9),
    Setting("reset", \.reset, "What a spike does to the membrane."),
    Setting("refractory", \.refractory, "Silence after a spike.", in: 0...1e6),
  ]
  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Dynamics<Float> { Dynamics(self, dt) }
  public func fineRule(dt: Time) -> Dynamics<Double> { Dynamics(self, dt) }

  /// One step for one neuron, in either precision.
  public struct Dynamics<R: Real>: NeuronRule {
    public struct State: BitwiseCopyable { public var membrane: R, waiting: R }
    let decay: R, gain: R, firing: Firing<R>

    init(_ neuron: LeakyIntegrateAndFire, _ dt: Time) {
      self.init(
        tau: neuron.tau, resistance: 1,
        Firing(threshold: neuron.threshold, reset: neuron.reset, refractory: neuron.refractory, dt), dt)
    }
    /// - Parameter resistance: what a current is multiplied by.
    init(tau: Time, resistance: Double, _ firing: Firing<R>, _ dt: Time) {
      decay = R(exp(-(dt / tau)))
      gain = R(-expm1(-(dt / tau)) * resistance)
      self.firing = firing
    }
    public static var variables: [Variable] { [Variable("v"), Variable("waiting", unit: "steps")] }
    public var rest: State { State(membrane: 0, waiting: 0) }
    @inline(__always) public func integrate(_ state: State, _ current: R) -> State {
      let moved: R = decay * state.membrane + gain * current
      return State(membrane: firing.settled(state.membrane, moved, state.waiting), waiting: state.waiting)
    }
    @inline(__always) public func fire(_ state: inout State) -> R { firing.fire(&state.membrane, &state.waiting) }
  }
}

extension LeakyIntegrateAndFire.Dynamics: DifferentiableRule {
  public var zeroAdjoint: State { State(membrane: 0, waiting: 0) }
  @inline(__always) public func distance(_ integrated: State) -> R {
    firing.distance(integrated.membrane, integrated.waiting)
  }
  @inline(__always) public func pullback(
    before: State, integrated: State, current: R, slope: R, output: R, adjoint: inout State,
    gradients: inout NoGradients
  ) -> R {
    let moves: R = before.waiting > 0 ? 0 : 1
    let m = firing.pullback(
      integrated.membrane, before.waiting, slope: slope, sent: output, adjoint: adjoint.membrane)
    adjoint.membrane = m * (moves * decay + (1 - moves))
    return gain * m * moves
  }
}

extension LeakyIntegrateAndFire: ContinuousNeuron {
  /// A delayed reset knows only steps, so it has no solution between them.
  public func capability<C>(_ type: C.Type) -> C? {
    reset == .delayed && C.self == (any ContinuousNeuron).self ? nil : self as? C
  }
  public var restingState: [Double] { [0, 0] }
  /// v(t) = i + (v₀ − i)·e^(−t/τ) once the refractory time, the second variable in seconds, is over.
  public func flow(_ state: [Double], current: Double, for duration: Time) -> [Double] {
    let held = min(state[1], duration.seconds), free = duration.seconds - held
    return [current + (state[0] - current) * exp(-free / tau.seconds), state[1] - held]
  }
  /// τ·ln((i − v₀)/(i − θ)) after the refractory time, where i exceeds θ.
  public func timeToThreshold(_ state: [Double], current: Double) -> Time? {
    if state[0] >= threshold { return Time(seconds: state[1]) }
    guard current > threshold else { return nil }
    return Time(seconds: state[1] + tau.seconds * log((current - state[0]) / (current - threshold)))
  }
  public func afterSpike(_ state: [Double]) -> [Double] {
    [reset == .zero ? 0 : state[0] - threshold, refractory.seconds]
  }
}

extension LeakyIntegrateAndFire: LeakyNeuron {
  public func gain(dt: Time) -> Double { (1 - decay(dt / tau)) / threshold }
}

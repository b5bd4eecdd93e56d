public import Spiking

/// Integrate-and-fire without leak: v ← v + i at every step, v(0) = v₀·θ; it spikes when v ≥ θ.
///
/// i is charge per step, in the unit of v and θ. Under a constant input below θ it fires every θ/i steps on average with
/// every reset but `zero`, whose period is ⌈θ/i⌉. With `subtract` and `burst` charge is conserved:
/// θ·N(T) + v(T) = v(0) + Σ i.
public struct IntegrateAndFire: SteppedNeuron, DifferentiableNeuron, RateNeuron {
  /// What a spike does to the membrane.
  public enum Reset: String, Choice {
    /// v ← 0: what was above the threshold is lost.
    case zero
    /// v ← v − θ
    case subtract
    /// v ← v mod θ: one spike, and whole thresholds above it are lost.
    case modulo
    /// ⌊v/θ⌋ spikes at once, all subtracted.
    case burst
  }
  public var threshold = 1.0
  public var reset = Reset.subtract
  /// The membrane before the first step, as a share of the threshold.
  public var v0 = 0.0
  public var surrogate = Surrogate(.triangle)
  public init() {}
  public init(threshold: Double, reset: Reset = .subtract, v0: Double = 0) {
    (self.threshold, self.reset, self.v0) = (threshold, reset, v0)
  }
  public var alphabet: Alphabet { reset == .burst ? .graded : .binary }
  public var isSilentWithoutInput: Bool { v0 < 1 }

  public var usualCurrents: ClosedRange<Double> { 0...threshold }

  public static let manual = Manual(
    "if", "Integrate-and-fire: adds up its input and never forgets.",
    equation: "v[t] = v[t−1] + i[t]\nspike when v ≥ θ, then v ← v − θ, 0 or v mod θ; burst: ⌊v/θ⌋ spikes",
    reference: "W. Gerstner et al., Neuronal Dynamics, 2014, §1.3, doi:10.1017/CBO9781107447615",
    examples: ["neuron if | drive current=0.15 | plot membrane"])
  public static let settings: [Setting<Self>] = [
    Setting("threshold", \.threshold, "Potential at which it spikes.", in: 1e-9...1e9),
    Setting("reset", \.reset, "What a spike does to the membrane."),
    Setting("v0", \.v0, "Membrane before the first step, as a share of the threshold.", in: -1e6...1e6),
  ]
  public static func standIn(threshold: Double) -> Self {
    var neuron = Self()
    neuron.threshold = threshold
    return neuron
  }
  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Dynamics<Float> { Dynamics(self) }
  public func fineRule(dt: Time) -> Dynamics<Double> { Dynamics(self) }

  public struct Dynamics<Real: BinaryFloatingPoint & Sendable & BitwiseCopyable>: NeuronRule {
    public struct State: BitwiseCopyable { public var membrane: Real }
    let threshold: Real, start: Real, keep: Real, isWhole: Bool, isBurst: Bool
    init(_ neuron: IntegrateAndFire) {
      (threshold, start) = (Real(neuron.threshold), Real(neuron.v0 * neuron.threshold))
      keep = neuron.reset == .zero ? 0 : 1
      (isWhole, isBurst) = (neuron.reset == .modulo || neuron.reset == .burst, neuron.reset == .burst)
    }
    public static var variables: [Variable] { [Variable("v")] }
    public var rest: State { State(membrane: start) }
    @inline(__always) public func integrate(_ state: State, _ current: Real) -> State {
      State(membrane: state.membrane + current)
    }
    @inline(__always) public func fire(_ state: inout State) -> Real {
      if isWhole { return fireWhole(&state) }
      let spike: Real = state.membrane >= threshold ? 1 : 0
      state.membrane = (1 - spike) * state.membrane + spike * keep * (state.membrane - threshold)
      return spike
    }
    /// Whole thresholds are taken away at once.
    @inline(__always) func fireWhole(_ state: inout State) -> Real {
      guard state.membrane >= threshold else { return 0 }
      let count = (state.membrane / threshold).rounded(.down)
      state.membrane -= count * threshold
      return isBurst ? count : 1
    }
  }
}
extension IntegrateAndFire.Dynamics: DifferentiableRule {
  public var zeroAdjoint: State { State(membrane: 0) }
  @inline(__always) public func distance(_ integrated: State) -> Real { (integrated.membrane - threshold) / threshold }
  /// The reset is not differentiated.
  @inline(__always) public func pullback(
    before: State, integrated: State, current: Real, slope: Real, output: Real, adjoint: inout State,
    gradients: inout NoGradients
  ) -> Real {
    let spikes: Real = integrated.membrane >= threshold ? 1 : 0
    let kept: Real = adjoint.membrane * (1 - spikes * (1 - keep)), m: Real = kept + output * slope / threshold
    adjoint.membrane = m
    return m
  }
}

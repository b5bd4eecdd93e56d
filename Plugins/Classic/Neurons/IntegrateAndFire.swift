public import Spiking

/// Integrate-and-fire without leak: v ← v + i at every step, v(0) = v₀·θ; it spikes when v ≥ θ.
///
/// i is charge per step, in the unit of v and θ; in the refractory time it is lost. Under a constant input below θ it fires every θ/i steps on average with
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
    /// v ← v − θ one step later.
    case delayed

    public static var synonyms: [String: Reset] { ResetWords.synonyms(of: Self.self) }
    /// The reset as leaky neurons know it; whole thresholds are this neuron's own.
    var firing: Classic.Reset {
      switch self {
      case .zero: .zero
      case .delayed: .delayed
      case .subtract, .modulo, .burst: .subtract
      }
    }
  }
  public var threshold = 1.0
  public var reset = Reset.subtract
  /// The membrane before the first step, as a share of the threshold.
  public var v0 = 0.0
  public var refractory = Time.zero
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
    equation:
      "v[t] = v[t−1] + i[t]\nspike when v ≥ θ, then v ← v − θ (delayed: one step later), 0 or v mod θ; burst: ⌊v/θ⌋ spikes",
    reference: "W. Gerstner et al., Neuronal Dynamics, 2014, §1.3, doi:10.1017/CBO9781107447615",
    examples: ["neuron if | drive current=0.15 | plot membrane"])
  public static let settings: [Setting<Self>] = [
    Setting("threshold", \.threshold, "Potential at which it spikes.", in: 1e-9...1e9),
    Setting("reset", \.reset, "What a spike does to the membrane."),
    Setting("v0", \.v0, "Membrane before the first step, as a share of the threshold.", in: -1e6...1e6),
    Setting("refractory", \.refractory, "Silence after a spike.", in: 0...1e6),
  ]
  public static func standIn(threshold: Double) -> Self {
    var neuron = Self()
    neuron.threshold = threshold
    return neuron
  }
  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Dynamics<Float> { Dynamics(self, dt) }
  public func fineRule(dt: Time) -> Dynamics<Double> { Dynamics(self, dt) }

  public struct Dynamics<R: Real>: NeuronRule {
    public struct State: BitwiseCopyable { public var membrane: R, waiting: R }
    let start: R, isWhole: Bool, isBurst: Bool, firing: Firing<R>
    init(_ neuron: IntegrateAndFire, _ dt: Time) {
      start = R(neuron.v0 * neuron.threshold)
      (isWhole, isBurst) = (neuron.reset == .modulo || neuron.reset == .burst, neuron.reset == .burst)
      firing = Firing(
        threshold: neuron.threshold, reset: neuron.reset.firing, refractory: neuron.refractory, dt)
    }
    public static var variables: [Variable] { [Variable("v"), Variable("waiting", unit: "steps")] }
    public var rest: State { State(membrane: start, waiting: 0) }
    @inline(__always) public func integrate(_ state: State, _ current: R) -> State {
      let moved: R = state.membrane + current
      return State(membrane: firing.settled(state.membrane, moved, state.waiting), waiting: state.waiting)
    }
    @inline(__always) public func fire(_ state: inout State) -> R {
      isWhole ? fireWhole(&state) : firing.fire(&state.membrane, &state.waiting)
    }
    /// Whole thresholds are taken away at once.
    @inline(__always) func fireWhole(_ state: inout State) -> R {
      guard state.waiting <= 0, state.membrane >= firing.threshold else {
        state.waiting = max(0, state.waiting - 1)
        return 0
      }
      let count: R = (state.membrane / firing.threshold).rounded(.down)
      state.membrane -= count * firing.threshold
      state.waiting = firing.pause
      return isBurst ? count : 1
    }
  }
}
extension IntegrateAndFire.Dynamics: DifferentiableRule {
  public var zeroAdjoint: State { State(membrane: 0, waiting: 0) }
  @inline(__always) public func distance(_ integrated: State) -> R {
    firing.distance(integrated.membrane, integrated.waiting)
  }
  /// The reset is not differentiated.
  @inline(__always) public func pullback(
    before: State, integrated: State, current: R, slope: R, output: R, adjoint: inout State,
    gradients: inout NoGradients
  ) -> R {
    let moves: R = before.waiting > 0 ? 0 : 1
    let m: R = firing.pullback(
      integrated.membrane, before.waiting, slope: slope, sent: output, adjoint: adjoint.membrane)
    adjoint.membrane = m
    return m * moves
  }
}

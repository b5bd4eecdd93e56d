public import Spiking

/// Quadratic integrate-and-fire: τ dv/dt = v² + i; it spikes when v reaches the peak, then v ← −peak.
///
/// Without units: the simplest neuron that starts to fire at any rate, however low. Under a constant current i > 0 the
/// interval between spikes is 2·(τ/√i)·arctan(peak/√i), and π·τ/√i for a peak far away; for i < 0 it has a resting
/// state at −√(−i) and an unstable one at √(−i). One step is exact for a current that is constant within it.
///
/// - Reference: G. B. Ermentrout, N. Kopell, SIAM J. Appl. Math. 46, 1986, doi:10.1137/0146017.
public struct QuadraticIntegrateAndFire: SteppedNeuron {
  public var tau = Time.ms(10), peak = 10.0, start = -1.0
  public var refractory = Time.zero
  public init() {}

  public static let manual = Manual(
    "qif", "Quadratic integrate-and-fire: starts to fire at any rate, however low.",
    equation: "τ dv/dt = v² + i\nspike when v reaches the peak, then v ← −peak",
    reference: "G. B. Ermentrout, N. Kopell, SIAM J. Appl. Math. 46, 1986, doi:10.1137/0146017",
    details: "Without units. Without a current it creeps from its start towards 0; a negative current gives it a rest.",
    examples: ["neuron qif | drive current=0.5 for=300ms | plot membrane", "neuron qif | plot fi current=-1..4 by 0.1"])
  public static let settings: [Setting<Self>] = [
    Setting("tau", \.tau, "Time constant, τ.", in: 1e-9...1e9),
    Setting("peak", \.peak, "Value that counts as a spike; its negative is the value afterwards.", in: 0.1...1e6),
    Setting("start", \.start, "Value before the first step.", in: -1e6...0),
    Setting("refractory", \.refractory, "Silence after a spike.", in: 0...1e6),
  ]
  public var firingThreshold: Double? { peak }
  public var usualCurrents: ClosedRange<Double> { -1...4 }
  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Dynamics<Float> { Dynamics(self, dt) }
  public func fineRule(dt: Time) -> Dynamics<Double> { Dynamics(self, dt) }

  public struct Dynamics<R: Real>: NeuronRule {
    public struct State: BitwiseCopyable { public var membrane: R, waiting: R }
    let share: R, peak: R, start: R, pause: R
    init(_ neuron: QuadraticIntegrateAndFire, _ dt: Time) {
      (share, peak, start) = (R(dt / neuron.tau), R(neuron.peak), R(neuron.start))
      pause = R((neuron.refractory / dt).rounded())
    }
    public static var variables: [Variable] { [Variable("v"), Variable("waiting", unit: "steps")] }
    public var rest: State { State(membrane: start, waiting: 0) }
    /// v ← (v + i·T)/(1 − v·T) with T = tan(√i·h)/√i, h, or tanh(√−i·h)/√−i, and h = dt/τ.
    @inline(__always) public func integrate(_ state: State, _ current: R) -> State {
      guard state.waiting <= 0 else { return state }
      let root: R = abs(current).squareRoot(), angle: R = root * share
      var t: R = share
      if angle >= 0.0001 { t = (current > 0 ? R.tangent(angle) : R.hyperbolicTangent(angle)) / root }
      // Within a step it may run through infinity, once or more often.
      let below: R = 1 - state.membrane * t, above: R = state.membrane + current * t
      let moved: R = above / below, isLong = current > 0 && angle >= R.pi / 2
      let passes = below <= 0 || isLong || moved >= peak
      return State(membrane: passes ? peak : moved, waiting: state.waiting)
    }
    @inline(__always) public func fire(_ state: inout State) -> R {
      let waits = state.waiting > 0, spikes = !waits && state.membrane >= peak
      state.membrane = spikes ? -peak : state.membrane
      state.waiting = spikes ? pause : waits ? state.waiting - 1 : 0
      return spikes ? 1 : 0
    }
  }
}

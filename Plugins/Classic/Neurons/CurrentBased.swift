public import Spiking

/// Leaky integrate-and-fire behind a synapse whose current rises and fades:
///
///     τₛ ds/dt = −s + i,    τ dv/dt = −v + s,    spike when v ≥ θ
///
/// s, v, i and θ are in the same arbitrary unit. One step is exact for an input that is constant within it: with
/// κ = τₛ/(τₛ − τ), v ← v·E + i·(1 − E) + (s − i)·κ·(Eₛ − E), E = e^(−dt/τ), Eₛ = e^(−dt/τₛ).
///
/// - Reference: W. Gerstner et al., Neuronal Dynamics, 2014, §1.3 and §3.1, doi:10.1017/CBO9781107447615.
public struct CurrentBased: SteppedNeuron, DifferentiableNeuron {
  public var tau = Time.ms(20), synapse = Time.ms(5)
  public var threshold = 1.0
  public var reset = Reset.zero
  public var refractory = Time.zero
  public var surrogate = Surrogate(.triangle)
  public init() {}

  public static let manual = Manual(
    "cuba", "Leaky integrate-and-fire behind a synapse whose current fades: current-based.",
    equation: "τₛ ds/dt = −s + i\nτ dv/dt = −v + s\nspike when v ≥ θ, then v ← 0 or v − θ (delayed: one step later)",
    reference: "W. Gerstner et al., Neuronal Dynamics, 2014, §3.1, doi:10.1017/CBO9781107447615",
    details: "A spike that arrives makes a potential that first rises and then fades. The synapse works on in silence.",
    examples: ["neuron cuba | drive spikes times=[20ms 25ms] weight=20 tau=0.01ms | plot membrane"])
  public static let settings: [Setting<Self>] = [
    Setting("tau", \.tau, "Membrane time constant, τ.", in: 1e-9...1e9),
    Setting("synapse", \.synapse, "Time constant of the synapse, τₛ.", in: 1e-9...1e9),
    Setting("threshold", \.threshold, "Potential at which it spikes, θ.", in: 1e-9...1e9),
    Setting("reset", \.reset, "What a spike does to the membrane."),
    Setting("refractory", \.refractory, "Silence after a spike.", in: 0...1e6),
  ]
  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Dynamics<Float> { Dynamics(self, dt) }
  public func fineRule(dt: Time) -> Dynamics<Double> { Dynamics(self, dt) }

  public struct Dynamics<R: Real>: NeuronRule {
    public struct State: BitwiseCopyable { public var membrane: R, synapse: R, waiting: R }
    let leak: R, fade: R, gain: R, transfer: R, firing: Firing<R>

    init(_ neuron: CurrentBased, _ dt: Time) {
      let step = FadingInput(neuron.tau, behind: neuron.synapse, dt)
      (leak, fade, gain, transfer) = (R(step.leak), R(step.fade), R(1 - step.leak), R(step.transfer))
      firing = Firing(threshold: neuron.threshold, reset: neuron.reset, refractory: neuron.refractory, dt)
    }
    public static var variables: [Variable] { [Variable("v"), Variable("s"), Variable("waiting", unit: "steps")] }
    public var rest: State { State(membrane: 0, synapse: 0, waiting: 0) }
    @inline(__always) public func integrate(_ state: State, _ current: R) -> State {
      let apart: R = state.synapse - current, kept: R = leak * state.membrane
      let moved: R = kept + gain * current + transfer * apart
      return State(
        membrane: firing.settled(state.membrane, moved, state.waiting), synapse: fade * apart + current,
        waiting: state.waiting)
    }
    @inline(__always) public func fire(_ state: inout State) -> R { firing.fire(&state.membrane, &state.waiting) }
  }
}
extension CurrentBased.Dynamics: DifferentiableRule {
  public var zeroAdjoint: State { rest }
  @inline(__always) public func distance(_ integrated: State) -> R {
    firing.distance(integrated.membrane, integrated.waiting)
  }
  @inline(__always) public func pullback(
    before: State, integrated: State, current: R, slope: R, output: R, adjoint: inout State,
    gradients: inout NoGradients
  ) -> R {
    let moves: R = before.waiting > 0 ? 0 : 1, s = adjoint.synapse
    let m = firing.pullback(
      integrated.membrane, before.waiting, slope: slope, sent: output, adjoint: adjoint.membrane)
    let moved: R = m * moves, direct: R = moved * (gain - transfer)
    adjoint.membrane = moved * leak + m * (1 - moves)
    adjoint.synapse = moved * transfer + s * fade
    return direct + s * (1 - fade)
  }
}

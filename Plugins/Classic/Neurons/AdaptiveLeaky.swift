public import Spiking

/// Leaky integrate-and-fire that tires: every spike adds to a current that works against the input and fades.
///
///     τ dv/dt = −v + i − w,    τ_w dw/dt = −w,    spike when v ≥ θ, then v ← 0 or v − θ (delayed: one step later) and w ← w + jump
///
/// All but times are in one arbitrary unit. Between spikes a step is exact for a current that is constant within it.
///
/// - Reference: J. Benda, A. V. M. Herz, Neural Comput. 15, 2003, doi:10.1162/089976603322385063.
public struct AdaptiveLeaky: SteppedNeuron, DifferentiableNeuron {
  public var tau = Time.ms(20), adaptation = Time.ms(100)
  public var jump = 0.1, threshold = 1.0
  public var reset = Reset.zero
  public var refractory = Time.zero
  public var surrogate = Surrogate(.triangle)
  public init() {}

  public static let manual = Manual(
    "alif", "Adaptive leaky integrate-and-fire: tires from its own spikes.",
    equation:
      "τ dv/dt = −v + i − w\nτ_w dw/dt = −w\nspike when v ≥ θ, then v ← 0 or v − θ (delayed: one step later) and w ← w + jump",
    reference: "J. Benda, A. V. M. Herz, Neural Comput. 15, 2003, doi:10.1162/089976603322385063",
    examples: ["neuron alif | drive current=2 for=500ms | plot isi"])
  public static let settings: [Setting<Self>] = [
    Setting("tau", \.tau, "Membrane time constant, τ.", in: 1e-9...1e9),
    Setting("adaptation", \.adaptation, "Time constant of the adaptation, τ_w.", in: 1e-9...1e9),
    Setting("jump", \.jump, "What a spike adds to w.", in: 0...1e9),
    Setting("threshold", \.threshold, "Potential at which it spikes, θ.", in: 1e-9...1e9),
    Setting("reset", \.reset, "What a spike does to the membrane."),
    Setting("refractory", \.refractory, "Silence after a spike.", in: 0...1e6),
  ]
  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Dynamics<Float> { Dynamics(self, dt) }
  public func fineRule(dt: Time) -> Dynamics<Double> { Dynamics(self, dt) }

  public struct Dynamics<R: Real>: NeuronRule {
    public struct State: BitwiseCopyable { public var membrane: R, fatigue: R, waiting: R }
    let leak: R, fade: R, gain: R, transfer: R, jump: R, firing: Firing<R>

    init(_ neuron: AdaptiveLeaky, _ dt: Time) {
      let step = FadingInput(neuron.tau, behind: neuron.adaptation, dt)
      (leak, fade, gain, transfer) = (R(step.leak), R(step.fade), R(1 - step.leak), R(step.transfer))
      firing = Firing(threshold: neuron.threshold, reset: neuron.reset, refractory: neuron.refractory, dt)
      jump = R(neuron.jump)
    }
    public static var variables: [Variable] { [Variable("v"), Variable("w"), Variable("waiting", unit: "steps")] }
    public var rest: State { State(membrane: 0, fatigue: 0, waiting: 0) }
    @inline(__always) public func integrate(_ state: State, _ current: R) -> State {
      let kept: R = leak * state.membrane, moved: R = kept + gain * current - transfer * state.fatigue
      return State(
        membrane: firing.settled(state.membrane, moved, state.waiting), fatigue: fade * state.fatigue,
        waiting: state.waiting)
    }
    @inline(__always) public func fire(_ state: inout State) -> R {
      let spike = firing.fire(&state.membrane, &state.waiting)
      state.fatigue += jump * spike
      return spike
    }
  }
}
extension AdaptiveLeaky.Dynamics: DifferentiableRule {
  public var zeroAdjoint: State { rest }
  @inline(__always) public func distance(_ integrated: State) -> R {
    firing.distance(integrated.membrane, integrated.waiting)
  }
  /// What a spike adds to w is differentiated as the spike is.
  @inline(__always) public func pullback(
    before: State, integrated: State, current: R, slope: R, output: R, adjoint: inout State,
    gradients: inout NoGradients
  ) -> R {
    let moves: R = before.waiting > 0 ? 0 : 1, w = adjoint.fatigue, sent: R = output + jump * w
    let m = firing.pullback(integrated.membrane, before.waiting, slope: slope, sent: sent, adjoint: adjoint.membrane)
    let moved: R = m * moves
    adjoint.membrane = moved * leak + m * (1 - moves)
    adjoint.fatigue = w * fade - moved * transfer
    return moved * gain
  }
}

extension AdaptiveLeaky: LeakyNeuron {
  public func gain(dt: Time) -> Double { (1 - decay(dt / tau)) / threshold }
}

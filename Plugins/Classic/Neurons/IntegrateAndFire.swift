public import Spiking

/// Integrate-and-fire without leak: v ← v + i at every step; it spikes when v ≥ θ.
///
/// i is charge per step, in the unit of v and θ. Under a constant input below θ it fires every θ/i steps on average.
public struct IntegrateAndFire: SteppedNeuron, DifferentiableNeuron, RateNeuron {
  public var threshold = 1.0
  public var reset = Reset.subtract
  public init() {}

  public static let manual = Manual(
    "if", "Integrate-and-fire: adds up its input and never forgets.",
    equation: "v[t] = v[t−1] + i[t]\nspike when v ≥ θ, then v ← v − θ or 0",
    reference: "W. Gerstner et al., Neuronal Dynamics, 2014, §1.3, doi:10.1017/CBO9781107447615",
    examples: ["neuron if | drive current=0.15 | plot membrane"])
  public static let settings: [Setting<Self>] = [
    Setting("threshold", \.threshold, "Potential at which it spikes.", in: 1e-9...1e9),
    Setting("reset", \.reset, "What a spike does to the membrane."),
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
    let threshold: Real, keep: Real
    init(_ neuron: IntegrateAndFire) {
      (threshold, keep) = (Real(neuron.threshold), neuron.reset == .subtract ? 1 : 0)
    }
    public static var variables: [Variable] { [Variable("v")] }
    public var rest: State { State(membrane: 0) }
    @inline(__always) public func integrate(_ state: State, _ current: Real) -> State {
      State(membrane: state.membrane + current)
    }
    @inline(__always) public func fire(_ state: inout State) -> Real {
      let spike: Real = state.membrane >= threshold ? 1 : 0
      state.membrane = (1 - spike) * state.membrane + spike * keep * (state.membrane - threshold)
      return spike
    }
  }
}
extension IntegrateAndFire.Dynamics: DifferentiableRule {
  public var zeroAdjoint: State { State(membrane: 0) }
  /// A triangle of half-width θ around the threshold; the reset is not differentiated.
  @inline(__always) public func pullback(
    before: State, integrated: State, current: Real, output: Real, adjoint: inout State, gradients: inout NoGradients
  ) -> Real {
    let v = integrated.membrane, spikes: Real = v >= threshold ? 1 : 0
    let m =
      adjoint.membrane * (1 - spikes * (1 - keep)) + output * max(0, 1 - abs(v - threshold) / threshold) / threshold
    adjoint.membrane = m
    return m
  }
}

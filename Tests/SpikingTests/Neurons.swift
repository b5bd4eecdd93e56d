import Compute
import Foundation
import Spiking

/// The leaky integrator of the textbooks, as an author would write it: τ dv/dt = −v + i.
struct Leaky: SteppedNeuron, DifferentiableNeuron, ContinuousNeuron {
  var tau = Time.ms(20), threshold = 1.0, reset = Reset.subtract
  var surrogate = Surrogate(.triangle)
  enum Reset: String, Choice { case subtract, zero }
  static let manual = Manual("leaky", "Leaky integrate-and-fire.", equation: "τ dv/dt = −v + i")
  static let settings: [Setting<Self>] = [
    Setting("tau", \.tau, "Membrane time constant.", in: 1e-6...100),
    Setting("threshold", \.threshold, "Potential at which it spikes.", in: 1e-6...1e6),
    Setting("reset", \.reset, "What a spike does to the membrane."),
  ]
  func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Dynamics<Float> { Dynamics(self, dt) }
  func fineRule(dt: Time) -> Dynamics<Double> { Dynamics(self, dt) }

  struct Dynamics<Real: BinaryFloatingPoint & Sendable & BitwiseCopyable>: NeuronRule {
    struct State: BitwiseCopyable { var membrane: Real }
    var decay: Real, gain: Real, threshold: Real, keep: Real
    init(_ neuron: Leaky, _ dt: Time) {
      let decay = exp(-(dt / neuron.tau))
      (self.decay, gain, threshold) = (Real(decay), Real(1 - decay), Real(neuron.threshold))
      keep = neuron.reset == .subtract ? 1 : 0
    }
    static var variables: [Variable] { [Variable("membrane")] }
    var rest: State { State(membrane: 0) }
    @inline(__always) func integrate(_ state: State, _ current: Real) -> State {
      State(membrane: decay * state.membrane + gain * current)
    }
    @inline(__always) func fire(_ state: inout State) -> Real {
      let spike: Real = state.membrane >= threshold ? 1 : 0
      state.membrane = (1 - spike) * state.membrane + spike * keep * (state.membrane - threshold)
      return spike
    }
  }
  var restingState: [Double] { [0] }
  func flow(_ state: [Double], current: Double, for duration: Time) -> [Double] {
    [current + (state[0] - current) * exp(-(duration / tau))]
  }
  func timeToThreshold(_ state: [Double], current: Double) -> Time? {
    guard state[0] < threshold else { return .zero }
    guard current > threshold else { return nil }
    return Time(seconds: tau.seconds * log((current - state[0]) / (current - threshold)))
  }
  func afterSpike(_ state: [Double]) -> [Double] { [reset == .subtract ? state[0] - threshold : 0] }
}
extension Leaky.Dynamics: DifferentiableRule {
  var zeroAdjoint: State { State(membrane: 0) }
  @inline(__always) func distance(_ integrated: State) -> Real { (integrated.membrane - threshold) / threshold }
  @inline(__always) func pullback(
    before: State, integrated: State, current: Real, slope: Real, output: Real, adjoint: inout State,
    gradients: inout NoGradients
  ) -> Real {
    let v = integrated.membrane, spike: Real = v >= threshold ? 1 : 0
    let m = adjoint.membrane * (1 - spike * (1 - keep)) + output * slope / threshold
    adjoint.membrane = decay * m
    return gain * m
  }
}

/// Two coupled variables and a learnt height; sends its membrane through a smooth curve, so that its gradient is exact.
struct Smooth: SteppedNeuron, DifferentiableNeuron {
  static let manual = Manual("smooth", "Sends a·v/(1 + v²).")
  var alphabet: Alphabet { .graded }
  var surrogate = Surrogate(.triangle)
  var parameters: [ParameterSpec] { [ParameterSpec("amplitude", [1], .scale, .constant(1.5))] }
  func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Dynamics { Dynamics(amplitude: parameters?.pointee ?? 1.5) }
  struct Dynamics: DifferentiableRule {
    struct State: BitwiseCopyable { var membrane: Float, slow: Float }
    struct Gradients: BitwiseCopyable { var amplitude: Float }
    var amplitude: Float
    static var variables: [Variable] { [Variable("membrane"), Variable("slow")] }
    var rest: State { State(membrane: 0, slow: 0) }
    var zeroAdjoint: State { rest }
    var noGradients: Gradients { Gradients(amplitude: 0) }
    @inline(__always) func distance(_ integrated: State) -> Float { integrated.membrane }
    @inline(__always) func integrate(_ s: State, _ current: Float) -> State {
      State(membrane: 0.8 * s.membrane - 0.2 * s.slow + current, slow: 0.9 * s.slow + 0.1 * s.membrane)
    }
    @inline(__always) func fire(_ s: inout State) -> Float { amplitude * s.membrane / (1 + s.membrane * s.membrane) }
    @inline(__always) func pullback(
      before: State, integrated: State, current: Float, slope: Float, output: Float, adjoint: inout State,
      gradients: inout Gradients
    ) -> Float {
      let v = integrated.membrane, q = 1 / (1 + v * v)
      gradients.amplitude += output * v * q
      let membrane = adjoint.membrane + output * amplitude * (1 - v * v) * q * q, slow = adjoint.slow
      adjoint = State(membrane: 0.8 * membrane + 0.1 * slow, slow: 0.9 * slow - 0.2 * membrane)
      return membrane
    }
  }
}

/// Has no static rule and draws noise: what a run-time neuron implements.
struct Noisy: Neuron {
  var card: Manual { Manual("noisy", "Spikes with a probability.") }
  var variables: [Variable] { [Variable("chance")] }
  func rest(_ block: PopulationBlock) { for i in 0..<block.count { block.state[i] = 0 } }
  func advance(_ block: PopulationBlock) {
    for t in 0..<block.steps {
      for i in 0..<block.count {
        let chance = block.current[t * block.currentStride + i]
        block.state[i] = chance
        block.record?[t * block.recordStride + i] = chance
        let draw = block.place.stream(of: i).uniform(block.place.counter(of: i, step: t))
        block.output[t * block.outputStride + i] = draw < chance ? 1 : 0
      }
    }
  }
}

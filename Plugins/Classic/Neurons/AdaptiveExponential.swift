public import Spiking

/// Adaptive exponential integrate-and-fire:
///
///     C dv/dt = −g(v − E) + g·Δ·e^((v − V_T)/Δ) − w + i,    τ_w dw/dt = a(v − E) − w
///     spike at the peak, then v ← reset and w ← w + b
///
/// C in pF, g and a in nS, potentials in mV, i, w and b in pA. Steps of at most 0.1 ms by Runge–Kutta.
///
/// - Reference: R. Brette, W. Gerstner, J. Neurophysiol. 94, 2005, doi:10.1152/jn.00686.2005.
public struct AdaptiveExponential: ExponentialNeuron {
  public var capacitance = Quantity.picofarads(281), leak = Quantity.nanosiemens(30)
  public var rest = Quantity.millivolts(-70.6), knee = Quantity.millivolts(-50.4), sharpness = Quantity.millivolts(2)
  public var peak = Quantity.millivolts(20), reset = Quantity.millivolts(-70.6)
  public var refractory = Time.zero
  public var adaptation = Time.ms(144), coupling = Quantity.nanosiemens(4), jump = Quantity.picoamperes(80.5)
  public init() {}

  public static let manual = Manual(
    "adex", "Adaptive exponential integrate-and-fire: sets off by itself and tires.",
    equation:
      "C dv/dt = −g(v − E) + g·Δ·e^((v − V_T)/Δ) − w + i\nτ_w dw/dt = a(v − E) − w\nspike when v reaches the peak, then v ← reset, w ← w + b",
    reference: "R. Brette, W. Gerstner, J. Neurophysiol. 94, 2005, doi:10.1152/jn.00686.2005",
    details: "Currents are in pA. Spikes and the refractory time fall on whole steps: set dt 0.1ms gives its rates.",
    examples: ["neuron adex | drive current=1nA for=300ms | plot membrane", "neuron adex | plot phase current=700pA"])
  public static let settings: [Setting<Self>] =
    membraneSettings + [
      Setting("adaptation", \.adaptation, "Time constant of the adaptation, τ_w.", in: 1e-6...1e6),
      Setting(
        "coupling", \.coupling, "How the potential drives the adaptation, a.", form: .number(.conductance),
        in: -1e-6...1e-6),
      Setting("jump", \.jump, "What a spike adds to w, b.", form: .number(.current), in: -1e-6...1e-6),
    ]
  public var usualCurrents: ClosedRange<Double> { 0...2000 }

  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> ExponentialDynamics<Float> { rule(dt) }
  public func fineRule(dt: Time) -> ExponentialDynamics<Double> { rule(dt) }
  private func rule<R>(_ dt: Time) -> ExponentialDynamics<R> {
    ExponentialDynamics(
      self, adaptation: adaptation, coupling: coupling.times(1e9), jump: jump.times(1e12), dt)
  }
}
extension AdaptiveExponential: PlanarNeuron {
  public var window: PlaneWindow {
    PlaneWindow(across: rest.millivolts - 20...knee.millivolts + 10, up: -100...800)
  }
  public func slopes(_ v: Double, _ w: Double, current: Double) -> (Double, Double) {
    fineRule(dt: .ms(0.1)).slopes(v, w, current)
  }
}

public import Spiking

/// Exponential integrate-and-fire: near its threshold the membrane runs away by itself.
///
///     C dv/dt = −g(v − E) + g·Δ·e^((v − V_T)/Δ) + i,    spike at the peak, then v ← reset
///
/// C in pF, g in nS, potentials in mV, i in pA. The smallest constant current that makes it fire is g·(V_T − E − Δ).
///
/// - Reference: N. Fourcaud-Trocmé et al., J. Neurosci. 23, 2003, doi:10.1523/JNEUROSCI.23-37-11628.2003.
public struct ExponentialIntegrateAndFire: ExponentialNeuron {
  public var capacitance = Quantity.picofarads(100), leak = Quantity.nanosiemens(10)
  public var rest = Quantity.millivolts(-65), knee = Quantity.millivolts(-59.9), sharpness = Quantity.millivolts(3.48)
  public var peak = Quantity.millivolts(0), reset = Quantity.millivolts(-68)
  public var refractory = Time.ms(1.7)
  public init() {}

  public static let manual = Manual(
    "eif", "Exponential integrate-and-fire: a spike that sets off by itself.",
    equation: "C dv/dt = −g(v − E) + g·Δ·e^((v − V_T)/Δ) + i\nspike when v reaches the peak, then v ← reset",
    reference: "N. Fourcaud-Trocmé et al., J. Neurosci. 23, 2003, doi:10.1523/JNEUROSCI.23-37-11628.2003",
    details:
      "Currents are in pA. Below g·(V_T − E − Δ), 16.2 pA as it stands, a constant one never makes it fire. Spikes and the refractory time fall on whole steps: set dt 0.1ms gives its rates.",
    examples: ["neuron eif | drive current=80pA for=200ms | plot membrane"])
  public static let settings: [Setting<Self>] =
    membraneSettings
  public var usualCurrents: ClosedRange<Double> { 0...200 }

  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> ExponentialDynamics<Float> { rule(dt) }
  public func fineRule(dt: Time) -> ExponentialDynamics<Double> { rule(dt) }
  private func rule<R>(_ dt: Time) -> ExponentialDynamics<R> {
    ExponentialDynamics(self, adaptation: .s(1), coupling: 0, jump: 0, dt)
  }
}

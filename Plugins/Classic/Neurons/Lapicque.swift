internal import ClassicKernels
public import Spiking

/// Lapicque's neuron, a capacitor that leaks: C dv/dt = −v/R + i; it spikes when v ≥ θ.
///
/// v and θ in mV above rest, R in MΩ, C in nF, i in nA. The membrane time constant is τ = R·C, and the smallest current
/// that makes it fire, the rheobase, is θ/R. One step is exact for a current that is constant within it.
///
/// - Reference: L. Lapicque, J. Physiol. Pathol. Gen. 9, 1907; L. F. Abbott, Brain Res. Bull. 50, 1999,
///   doi:10.1016/S0361-9230(99)00161-6.
public struct Lapicque: SteppedNeuron, DifferentiableNeuron {
  public var resistance = Quantity(10e6, .resistance), capacitance = Quantity(2e-9, .capacitance)
  public var threshold = Quantity.millivolts(15)
  public var reset = Reset.zero
  public var refractory = Time.zero
  public var surrogate = Surrogate(.triangle)
  public init() {}

  public static let manual = Manual(
    "lapicque", "A capacitor with a leak: integrate-and-fire in volts and amperes.",
    equation: "C dv/dt = −v/R + i\nspike when v ≥ θ, then v ← 0 or v − θ (delayed: one step later)",
    reference: "L. F. Abbott, Brain Res. Bull. 50, 1999, doi:10.1016/S0361-9230(99)00161-6",
    details: "v is measured from rest. Currents are in nA; the smallest one that makes it fire is θ/R.",
    examples: ["neuron lapicque | drive current=2nA for=200ms | plot membrane"])
  public static let settings: [Setting<Self>] = [
    Setting("resistance", \.resistance, "Of the membrane, R.", form: .number(.resistance), in: 1e3...1e12),
    Setting("capacitance", \.capacitance, "Of the membrane, C.", form: .number(.capacitance), in: 1e-15...1e-3),
    Setting("threshold", \.threshold, "Potential at which it spikes, θ.", form: .number(.voltage), in: 1e-9...10),
    Setting("reset", \.reset, "What a spike does to the membrane."),
    Setting("refractory", \.refractory, "Silence after a spike.", in: 0...1e6),
  ]
  /// R·C
  public var tau: Time { Time(seconds: resistance.value * capacitance.value) }
  public var inputUnit: String { "nA" }
  public var firingThreshold: Double? { threshold.millivolts }

  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> LeakyIntegrateAndFire.Dynamics<Float> { rule(dt) }
  public func fineRule(dt: Time) -> LeakyIntegrateAndFire.Dynamics<Double> { rule(dt) }
  /// R in MΩ times a current in nA is a potential in mV.
  private func rule<R>(_ dt: Time) -> LeakyIntegrateAndFire.Dynamics<R> {
    LeakyIntegrateAndFire.Dynamics(
      tau: tau, resistance: resistance.times(1e-6),
      Firing(threshold: threshold.millivolts, reset: reset, refractory: refractory, dt), dt)
  }
  public var variables: [Variable] { [Variable("v", unit: "mV"), Variable("waiting", unit: "steps")] }
}

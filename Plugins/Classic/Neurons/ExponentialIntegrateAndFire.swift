public import Spiking

/// Exponential integrate-and-fire: near its threshold the membrane runs away by itself.
///
///     C dv/dt = −g(v − E) + g·Δ·e^((v − V_T)/Δ) + i,    spike at the peak, then v ← reset
///
/// C in pF, g in nS, potentials in mV, i in pA. The smallest constant current that makes it fire is g·(V_T − E − Δ).
///
/// - Reference: N. Fourcaud-Trocmé et al., J. Neurosci. 23, 2003, doi:10.1523/JNEUROSCI.23-37-11628.2003.
public struct ExponentialIntegrateAndFire: SteppedNeuron {
  public var capacitance = Quantity.picofarads(100), leak = Quantity.nanosiemens(10)
  public var rest = Quantity.millivolts(-65), knee = Quantity.millivolts(-59.9), sharpness = Quantity.millivolts(3.48)
  public var peak = Quantity.millivolts(0), reset = Quantity.millivolts(-68)
  public var refractory = Time.ms(1.7)
  public init() {}

  public static let manual = Manual(
    "eif", "Exponential integrate-and-fire: a spike that sets off by itself.",
    equation: "C dv/dt = −g(v − E) + g·Δ·e^((v − V_T)/Δ) + i\nspike when v reaches the peak, then v ← reset",
    reference: "N. Fourcaud-Trocmé et al., J. Neurosci. 23, 2003, doi:10.1523/JNEUROSCI.23-37-11628.2003",
    details: "Currents are in pA. Below g·(V_T − E − Δ), 16.2 pA as it stands, a constant one never makes it fire.",
    examples: ["neuron eif | drive current=80pA for=200ms | plot membrane"])
  public static let settings: [Setting<Self>] =
    ExponentialSettings.membrane(
      \.capacitance, \.leak, \.rest, \.knee, \.sharpness, \.peak, \.reset, \.refractory)
  public func validate() throws(SettingProblem) { try ExponentialSettings.check(membrane) }
  public var inputUnit: String { "pA" }
  public var usualCurrents: ClosedRange<Double> { 0...200 }
  public var firingThreshold: Double? { knee.millivolts }

  private var membrane: ExponentialMembrane {
    ExponentialMembrane(
      capacitance: capacitance, leak: leak, rest: rest, knee: knee, sharpness: sharpness, peak: peak, reset: reset,
      refractory: refractory)
  }
  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> ExponentialDynamics<Float> { rule(dt) }
  public func fineRule(dt: Time) -> ExponentialDynamics<Double> { rule(dt) }
  private func rule<R>(_ dt: Time) -> ExponentialDynamics<R> {
    ExponentialDynamics(membrane, adaptation: .s(1), coupling: 0, jump: 0, dt)
  }
}

/// Settings and checks that the exponential neurons share.
enum ExponentialSettings {
  typealias Path<Root, Value> = any WritableKeyPath<Root, Value> & Sendable

  static func membrane<N>(
    _ capacitance: Path<N, Quantity>, _ leak: Path<N, Quantity>, _ rest: Path<N, Quantity>,
    _ knee: Path<N, Quantity>, _ sharpness: Path<N, Quantity>, _ peak: Path<N, Quantity>, _ reset: Path<N, Quantity>,
    _ refractory: Path<N, Time>
  ) -> [Setting<N>] {
    let volts = SettingForm.number(.voltage)
    return [
      Setting("capacitance", capacitance, "Of the membrane, C.", form: .number(.capacitance), in: 1e-15...1e-6),
      Setting("leak", leak, "Conductance of the leak, g.", form: .number(.conductance), in: 1e-15...1e-3),
      Setting("rest", rest, "Potential at rest, E.", form: volts, in: -1...1),
      Setting("threshold", knee, "Potential from which it runs away, V_T.", form: volts, in: -1...1),
      Setting("sharpness", sharpness, "How sharply it sets off, Δ.", form: volts, in: 1e-5...0.1),
      Setting("peak", peak, "Potential that counts as a spike.", form: volts, in: -1...1),
      Setting("reset", reset, "Potential after a spike.", form: volts, in: -1...1),
      Setting("refractory", refractory, "Silence after a spike.", in: 0...1e6),
    ]
  }
  static func check(_ membrane: ExponentialMembrane) throws(SettingProblem) {
    guard membrane.reset.value < membrane.peak.value else {
      throw SettingProblem("reset", .refused("it must lie below the peak"))
    }
    guard membrane.knee.value < membrane.peak.value else {
      throw SettingProblem("threshold", .refused("it must lie below the peak"))
    }
  }
}

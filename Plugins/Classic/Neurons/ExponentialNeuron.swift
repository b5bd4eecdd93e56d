public import Spiking

/// What the exponential neurons share: the settings of the membrane, their checks, and the unit of the current.
public protocol ExponentialNeuron: SteppedNeuron
where Rule == ExponentialDynamics<Float>, FineRule == ExponentialDynamics<Double> {
  var capacitance: Quantity { get set }
  var leak: Quantity { get set }
  var rest: Quantity { get set }
  /// V_T, the potential from which it runs away.
  var knee: Quantity { get set }
  var sharpness: Quantity { get set }
  var peak: Quantity { get set }
  var reset: Quantity { get set }
  var refractory: Time { get set }
}
extension ExponentialNeuron {
  public var inputUnit: String { "pA" }
  public var firingThreshold: Double? { knee.millivolts }

  static var membraneSettings: [Setting<Self>] {
    let volts = SettingForm.number(.voltage)
    return [
      Setting("capacitance", \Self.capacitance, "Of the membrane, C.", form: .number(.capacitance), in: 1e-15...1e-6),
      Setting("leak", \Self.leak, "Conductance of the leak, g.", form: .number(.conductance), in: 1e-15...1e-3),
      Setting("rest", \Self.rest, "Potential at rest, E.", form: volts, in: -1...1),
      Setting("threshold", \Self.knee, "Potential from which it runs away, V_T.", form: volts, in: -1...1),
      Setting("sharpness", \Self.sharpness, "How sharply it sets off, Δ.", form: volts, in: 1e-5...0.1),
      Setting("peak", \Self.peak, "Potential that counts as a spike.", form: volts, in: -1...1),
      Setting("reset", \Self.reset, "Potential after a spike.", form: volts, in: -1...1),
      Setting("refractory", \Self.refractory, "Silence after a spike.", in: 0...1e6),
    ]
  }
  public func validate() throws(SettingProblem) {
    for (name, potential) in [("reset", reset), ("threshold", knee)] where potential.value >= peak.value {
      throw SettingProblem(name, .refused("it must lie below the peak"))
    }
  }
}

public import Spiking

/// Hodgkin and Huxley's axon, with v as it is written today, −65 mV at rest:
///
///     C dv/dt = i − g_Na m³h(v − 50) − g_K n⁴(v + 77) − g_L(v + 54.387)
///     dx/dt = φ·(α_x(v)(1 − x) − β_x(v)x)  for x = m, h, n,  φ = 3^((T − 6.3)/10)
///
/// C in µF/cm², conductances in mS/cm², i in µA/cm², v in mV, time in ms; Runge–Kutta steps of at most 0.01 ms. A spike is
/// sent when v rises through the threshold.
///
/// - Reference: A. L. Hodgkin, A. F. Huxley, J. Physiol. 117, 1952, doi:10.1113/jphysiol.1952.sp004764.
public struct HodgkinHuxley: SteppedNeuron {
  public var sodium = 120.0, potassium = 36.0, leak = 0.3, capacitance = 1.0, temperature = 6.3
  public var threshold = Quantity.millivolts(0)
  public init() {}

  public static let manual = Manual(
    "hodgkin-huxley", "Hodgkin and Huxley's squid axon: a spike made of two currents.",
    equation:
      "C dv/dt = i − g_Na·m³h(v − 50) − g_K·n⁴(v + 77) − g_L(v + 54.387)\ndx/dt = φ(α_x(1 − x) − β_x·x), x = m, h, n",
    reference: "A. L. Hodgkin, A. F. Huxley, J. Physiol. 117, 1952, doi:10.1113/jphysiol.1952.sp004764",
    details:
      "v in mV, currents in µA/cm², conductances in mS/cm², capacitance in µF/cm². Temperature in °C makes the gates faster. set dt 0.05ms shows the shape of a spike. It needs no refractory time: after a spike sodium channels are shut and potassium channels open for some ms.",
    examples: ["neuron hodgkin-huxley | drive current=10 for=50ms | plot membrane"])
  public static let settings: [Setting<Self>] = [
    Setting("sodium", \.sodium, "Largest conductance for sodium, g_Na.", in: 0...1e4),
    Setting("potassium", \.potassium, "Largest conductance for potassium, g_K.", in: 0...1e4),
    Setting("leak", \.leak, "Conductance of the leak, g_L.", in: 0...1e3),
    Setting("capacitance", \.capacitance, "Of the membrane, C.", in: 0.01...100),
    Setting("temperature", \.temperature, "In °C; 10 more make the gates three times as fast.", in: -10...40),
    Setting("threshold", \.threshold, "Potential that counts as a spike.", form: .number(.voltage), in: -0.1...0.05),
  ]
  public var inputUnit: String { "µA/cm²" }
  public var usualCurrents: ClosedRange<Double> { 0...20 }
  public var firingThreshold: Double? { threshold.millivolts }

  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Dynamics<Float> { Dynamics(self, dt) }
  public func fineRule(dt: Time) -> Dynamics<Double> { Dynamics(self, dt) }

  public struct Dynamics<R: Real>: NeuronRule {
    /// `above` is 1 while v is over the threshold, `risen` 1 where it has come over it within the step.
    public struct State: BitwiseCopyable { public var membrane: R, m: R, h: R, n: R, above: R, risen: R }
    let substeps: Int, step: R, sodium: R, potassium: R, leak: R, capacitance: R, speed: R, threshold: R
    let leakReversal: R = 54.387

    init(_ neuron: HodgkinHuxley, _ dt: Time) {
      substeps = Substeps.count(dt, longest: .ms(0.01))
      step = R(dt.milliseconds / Double(substeps))
      (sodium, potassium, leak) = (R(neuron.sodium), R(neuron.potassium), R(neuron.leak))
      (capacitance, threshold) = (R(neuron.capacitance), R(neuron.threshold.millivolts))
      speed = R(Double.exponential((neuron.temperature - 6.3) / 10 * 1.098_612_288_668_109_8))
    }
    public static var variables: [Variable] {
      [Variable("v", unit: "mV"), Variable("m"), Variable("h"), Variable("n"), Variable("above"), Variable("risen")]
    }
    /// −65 mV, with the gates where they settle.
    public var rest: State {
      let v: R = -65, r = Rates(v)
      return State(
        membrane: v, m: r.openM / (r.openM + r.closeM), h: r.openH / (r.openH + r.closeH),
        n: r.openN / (r.openN + r.closeN), above: 0, risen: 0)
    }
    /// Rates of the gates, per ms.
    struct Rates {
      let openM, closeM, openH, closeH, openN, closeN: R
      @inline(__always) init(_ v: R) {
        let above: R = v + 65, shut: R = R.exponential(-(v + 35) / 10)
        openM = Self.linear(v + 40)
        closeM = 4 * R.exponential(-above / 18)
        openH = 0.07 * R.exponential(-above / 20)
        closeH = 1 / (1 + shut)
        openN = Self.linear(v + 55) / 10
        closeN = 0.125 * R.exponential(-above / 80)
      }
      /// 0.1x/(1 − e^(−x/10)), which is 1 at 0.
      @inline(__always) static func linear(_ x: R) -> R {
        let tenth: R = x / 10
        if abs(x) < 0.0001 { return 1 + tenth / 2 }
        let rest: R = 1 - R.exponential(-tenth)
        return tenth / rest
      }
    }
    @inline(__always) func slopes(_ s: State, _ current: R) -> State {
      // The rates would overflow far outside of what a membrane can be.
      let r = Rates(max(-200, min(200, s.membrane))), v: R = s.membrane
      let sodiumGate: R = s.m * s.m * s.m * s.h, potassiumGate: R = s.n * s.n * s.n * s.n
      let sodiumFlow: R = sodium * sodiumGate * (v - 50)
      let potassiumFlow: R = potassium * potassiumGate * (v + 77)
      let leakFlow: R = leak * (v + leakReversal)
      let flow: R = current - sodiumFlow - potassiumFlow - leakFlow
      return State(
        membrane: flow / capacitance, m: gate(s.m, r.openM, r.closeM), h: gate(s.h, r.openH, r.closeH),
        n: gate(s.n, r.openN, r.closeN), above: 0, risen: 0)
    }
    /// φ(α(1 − x) − βx)
    @inline(__always) private func gate(_ x: R, _ open: R, _ close: R) -> R {
      let opening: R = open * (1 - x), closing: R = close * x
      return speed * (opening - closing)
    }
    @inline(__always) private func moved(_ s: State, _ d: State, _ h: R) -> State {
      let v: R = s.membrane + h * d.membrane, m: R = s.m + h * d.m
      return State(membrane: v, m: m, h: s.h + h * d.h, n: s.n + h * d.n, above: s.above, risen: s.risen)
    }
    @inline(__always) public func integrate(_ state: State, _ current: R) -> State {
      var s = state
      for _ in 0..<substeps {
        let a = slopes(s, current), b = slopes(moved(s, a, step / 2), current)
        let c = slopes(moved(s, b, step / 2), current), d = slopes(moved(s, c, step), current)
        s = moved(moved(moved(moved(s, a, step / 6), b, step / 3), c, step / 3), d, step / 6)
        // Enormous currents must end at a number.
        s.membrane = max(-1000, min(1000, s.membrane))
        (s.m, s.h, s.n) = (max(0, min(1, s.m)), max(0, min(1, s.h)), max(0, min(1, s.n)))
        let isAbove: R = s.membrane >= threshold ? 1 : 0
        s.risen = isAbove > s.above ? 1 : s.risen
        s.above = isAbove
      }
      return s
    }
    @inline(__always) public func fire(_ state: inout State) -> R {
      let spike = state.risen
      state.risen = 0
      return spike
    }
  }
}

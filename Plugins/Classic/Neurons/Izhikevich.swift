public import Spiking

/// Izhikevich's simple model, in ms and mV:
///
///     dv/dt = 0.04v² + 5v + 140 − u + i,    du/dt = a(bv − u)
///     spike when v reaches 30, then v ← c and u ← u + d
///
/// i is without unit (mV/ms). Runge–Kutta steps of at most 0.1 ms; once v has reached 30 it waits for the end of the step.
///
/// - Reference: E. M. Izhikevich, IEEE Trans. Neural Netw. 14, 2003, doi:10.1109/TNN.2003.820440.
public struct Izhikevich: SteppedNeuron {
  public var pattern = IzhikevichPattern.regularSpiking
  public var a: Double?, b: Double?, c: Double?, d: Double?
  public init() {}
  public init(_ pattern: IzhikevichPattern) { self.pattern = pattern }

  public static let manual = Manual(
    "izhikevich", "Izhikevich's simple model: two equations, most firing patterns of the cortex.",
    equation: "dv/dt = 0.04v² + 5v + 140 − u + i\ndu/dt = a(bv − u)\nspike when v reaches 30, then v ← c, u ← u + d",
    reference:
      "E. M. Izhikevich, IEEE Trans. Neural Netw. 14, 2003, doi:10.1109/TNN.2003.820440; 15, 2004, doi:10.1109/TNN.2004.832719",
    details:
      "v in mV, time in ms. A pattern sets a, b, c and d; those given win. The examples drive each pattern with the current under which it was published. set dt 0.1ms shows spikes at their times. There is no refractory time: what follows a spike is in c, d and u.",
    examples: ["neuron izhikevich | plot phase current=5"]
      + IzhikevichPattern.allCases.map {
        "neuron izhikevich pattern=\($0.rawValue) | \($0.experiment) | plot membrane"
      })
  public static let settings: [Setting<Self>] = [
    Setting("pattern", \.pattern, "A named set of a, b, c and d."),
    Setting("a", \.a, "How fast u follows, per ms.", in: -10...10),
    Setting("b", \.b, "How strongly u follows v.", in: -10...10),
    Setting("c", \.c, "v after a spike, in mV.", in: -100...25),
    Setting("d", \.d, "What a spike adds to u.", in: -100...100),
  ]
  public var firingThreshold: Double? { 30 }
  public var usualCurrents: ClosedRange<Double> {
    [.inhibitionSpiking, .inhibitionBursting].contains(pattern) ? 70...90 : 0...20
  }
  /// Whether there is a point at rest, and a stable one.
  public var isSilentWithoutInput: Bool { IzhikevichCoefficients(self).isAtRest }

  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Dynamics<Float> { Dynamics(self, dt) }
  public func fineRule(dt: Time) -> Dynamics<Double> { Dynamics(self, dt) }

  public struct Dynamics<R: Real>: NeuronRule {
    public struct State: BitwiseCopyable { public var membrane: R, recovery: R }
    let substeps: Int, h: R, a: R, b: R, c: R, d: R, startV: R, startU: R

    init(_ neuron: Izhikevich, _ dt: Time) {
      let k = IzhikevichCoefficients(neuron)
      substeps = Substeps.count(dt, longest: .ms(0.1))
      h = R(dt.milliseconds / Double(substeps))
      (a, b, c, d) = (R(k.a), R(k.b), R(k.c), R(k.d))
      (startV, startU) = (R(k.rest.v), R(k.rest.u))
    }
    public static var variables: [Variable] { [Variable("v", unit: "mV"), Variable("u")] }
    public var rest: State { State(membrane: startV, recovery: startU) }

    @inline(__always) func slopes(_ v: R, _ u: R, _ current: R) -> (R, R) {
      let bounded: R = min(v, 100), square: R = 0.04 * bounded * bounded
      let rise: R = square + 5 * bounded + 140
      let recovery: R = b * v - u
      return (rise - u + current, a * recovery)
    }
    @inline(__always) public func integrate(_ state: State, _ current: R) -> State {
      var v = state.membrane, u = state.recovery
      for _ in 0..<substeps {
        (v, u) = rungeKutta(v, u, h) { slopes($0, $1, current) }
        guard v < 30 else {
          v = 30
          break
        }
      }
      return State(membrane: v, recovery: u)
    }
    @inline(__always) public func fire(_ state: inout State) -> R {
      let spikes = state.membrane >= 30
      state.membrane = spikes ? c : state.membrane
      state.recovery += spikes ? d : 0
      return spikes ? 1 : 0
    }
  }
}
extension Izhikevich: PlanarNeuron {
  public var window: PlaneWindow {
    let k = IzhikevichCoefficients(self)
    return PlaneWindow(across: -85...30, up: min(-20, k.rest.u - 10)...max(15, k.rest.u + 25))
  }
  public func slopes(_ v: Double, _ w: Double, current: Double) -> (Double, Double) {
    fineRule(dt: .ms(0.1)).slopes(v, w, current)
  }
}

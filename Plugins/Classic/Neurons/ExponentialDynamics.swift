public import Spiking

/// What the exponential neurons have in common: a leak, a spike that sets off by itself, and a current that tires.
///
///     C dv/dt = −g(v − E) + g·Δ·e^((v − V_T)/Δ) − w + i,    τ_w dw/dt = a(v − E) − w
///
/// in ms, mV, pF, nS and pA, by Runge–Kutta steps of at most 0.1 ms. Once v has passed the peak it waits there for the end
/// of the step; then v ← reset and w ← w + b.
public struct ExponentialDynamics<R: Real>: NeuronRule {
  public struct State: BitwiseCopyable { public var membrane: R, fatigue: R, waiting: R }
  let substeps: Int, h: R, capacitance: R, leak: R, rest_: R, knee: R, slope: R, peak: R, reset: R
  let slowness: R, coupling: R, jump: R, pause: R

  init(_ membrane: some ExponentialNeuron, adaptation: Time, coupling: Double, jump: Double, _ dt: Time) {
    substeps = Substeps.count(dt, longest: .ms(0.1))
    h = R(dt.milliseconds / Double(substeps))
    (capacitance, leak) = (R(membrane.capacitance.times(1e12)), R(membrane.leak.times(1e9)))
    (rest_, knee, slope) = (
      R(membrane.rest.millivolts), R(membrane.knee.millivolts), R(membrane.sharpness.millivolts)
    )
    (peak, reset) = (R(membrane.peak.millivolts), R(membrane.reset.millivolts))
    (slowness, self.coupling, self.jump) = (R(adaptation.milliseconds), R(coupling), R(jump))
    pause = R((membrane.refractory / dt).rounded())
  }
  public static var variables: [Variable] {
    [Variable("v", unit: "mV"), Variable("w", unit: "pA"), Variable("waiting", unit: "steps")]
  }
  public var rest: State { State(membrane: rest_, fatigue: 0, waiting: 0) }

  /// dv/dt in mV/ms and dw/dt in pA/ms.
  @inline(__always) func slopes(_ v: R, _ w: R, _ current: R) -> (R, R) {
    // What lies beyond the peak no longer matters, but must stay finite.
    let bounded: R = min(v, peak), exponent: R = (bounded - knee) / slope
    let rise: R = slope * R.exponential(exponent)
    let flow: R = leak * (rest_ - bounded + rise) - w + current
    let pull: R = coupling * (bounded - rest_) - w
    return (flow / capacitance, pull / slowness)
  }
  @inline(__always) public func integrate(_ state: State, _ current: R) -> State {
    var v = state.membrane, w = state.fatigue
    let isHeld = state.waiting > 0
    for _ in 0..<substeps {
      let (nextV, nextW) = rungeKutta(v, w, h) { slopes(isHeld ? v : $0, $1, current) }
      w = nextW
      v = isHeld ? v : min(nextV, peak)
      if v >= peak { break }
    }
    return State(membrane: v, fatigue: w, waiting: state.waiting)
  }
  @inline(__always) public func fire(_ state: inout State) -> R {
    let waits = state.waiting > 0, spikes = !waits && state.membrane >= peak
    state.membrane = spikes ? reset : state.membrane
    state.fatigue += spikes ? jump : 0
    state.waiting = spikes ? pause : waits ? state.waiting - 1 : 0
    return spikes ? 1 : 0
  }
}

internal import Spiking

/// Threshold, reset and refractory time of one neuron: what leaky neurons share.
///
/// `waiting` counts the steps of silence that are left; below 0 it is −1 − pause while a delayed reset is due.
struct Firing<R: Real>: BitwiseCopyable, Sendable {
  let threshold: R, keep: R, late: R, pause: R

  init(threshold: Double, reset: Reset, refractory: Time, _ dt: Time) {
    (self.threshold, pause) = (R(threshold), R((refractory / dt).rounded()))
    (keep, late) = (reset == .zero ? 0 : 1, reset == .delayed ? 1 : 0)
  }
  /// The potential of the next step: as it was in the refractory time, else as it moved, less a reset that is due.
  @inline(__always) func settled(_ membrane: R, _ moved: R, _ waiting: R) -> R {
    let due: R = waiting < 0 ? threshold : 0
    return waiting > 0 ? membrane : moved - due
  }
  /// Steps in which it cannot fire.
  @inline(__always) func left(_ waiting: R) -> R { waiting < 0 ? -1 - waiting : waiting }

  @inline(__always) func fire(_ membrane: inout R, _ waiting: inout R) -> R {
    let left = left(waiting), waits = left > 0, v = membrane, spikes = !waits && v >= threshold
    membrane = spikes ? keep * (v - (1 - late) * threshold) : v
    waiting = spikes ? (late > 0 ? -1 - pause : pause) : waits ? left - 1 : 0
    return spikes ? 1 : 0
  }
  /// (v − θ)/θ; out of reach while it cannot fire.
  @inline(__always) func distance(_ membrane: R, _ waiting: R) -> R {
    left(waiting) > 0 ? -1e9 : (membrane - threshold) / threshold
  }

  /// ∂L/∂v before firing; where a spike resets to is not differentiated.
  ///
  /// - Parameter sent: ∂L/∂spike.
  @inline(__always) func pullback(_ v: R, _ waiting: R, slope: R, sent: R, adjoint: R) -> R {
    let free: R = left(waiting) > 0 ? 0 : 1, spikes: R = v >= threshold ? free : 0
    let kept: R = adjoint * (1 - spikes * (1 - keep)), through: R = sent * slope
    return kept + through / threshold
  }
}

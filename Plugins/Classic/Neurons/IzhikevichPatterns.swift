public import Spiking

/// Firing patterns by name: sets of a, b, c and d.
///
/// The first seven are those of the article of 2003, the others those of 2004 that share its equation. The article's table and
/// the program of its author do not agree on d of the last: with the 0 of the program bursts end, with −2 they do not.
public enum IzhikevichPattern: String, Choice {
  case regularSpiking = "regular-spiking", intrinsicallyBursting = "intrinsically-bursting", chattering
  case fastSpiking = "fast-spiking", lowThreshold = "low-threshold", thalamoCortical = "thalamo-cortical", resonator
  case tonicSpiking = "tonic-spiking", phasicSpiking = "phasic-spiking", tonicBursting = "tonic-bursting"
  case phasicBursting = "phasic-bursting", mixedMode = "mixed-mode", frequencyAdaptation = "frequency-adaptation"
  case class2 = "class-2", spikeLatency = "spike-latency", oscillations = "subthreshold-oscillations"
  case reboundSpike = "rebound-spike", reboundBurst = "rebound-burst", bistability
  case inhibitionSpiking = "inhibition-induced-spiking", inhibitionBursting = "inhibition-induced-bursting"

  /// a, b, c, d
  var coefficients: (a: Double, b: Double, c: Double, d: Double) {
    switch self {
    case .regularSpiking: (0.02, 0.2, -65, 8)
    case .intrinsicallyBursting: (0.02, 0.2, -55, 4)
    case .chattering: (0.02, 0.2, -50, 2)
    case .fastSpiking: (0.1, 0.2, -65, 2)
    case .lowThreshold: (0.02, 0.25, -65, 2)
    case .thalamoCortical: (0.02, 0.25, -65, 0.05)
    case .resonator: (0.1, 0.26, -65, 2)
    case .tonicSpiking: (0.02, 0.2, -65, 6)
    case .phasicSpiking: (0.02, 0.25, -65, 6)
    case .tonicBursting: (0.02, 0.2, -50, 2)
    case .phasicBursting: (0.02, 0.25, -55, 0.05)
    case .mixedMode: (0.02, 0.2, -55, 4)
    case .frequencyAdaptation: (0.01, 0.2, -65, 8)
    case .class2: (0.2, 0.26, -65, 0)
    case .spikeLatency: (0.02, 0.2, -65, 6)
    case .oscillations: (0.05, 0.26, -60, 0)
    case .reboundSpike: (0.03, 0.25, -60, 4)
    case .reboundBurst: (0.03, 0.25, -52, 0)
    case .bistability: (0.1, 0.26, -60, 0)
    case .inhibitionSpiking: (-0.02, -1, -60, 8)
    case .inhibitionBursting: (-0.026, -1, -45, 0)
    }
  }

  /// v before the first step where that is no point at rest without a current: the one in the background of its experiment.
  var start: Double? {
    switch self {
    case .inhibitionSpiking, .inhibitionBursting: -63.8
    case .bistability: -61
    default: nil
    }
  }
  /// The current under which the pattern was published, as a stage. The second pulse of bistability comes 9 ms earlier: which
  /// phase ends the spikes depends on how the equation is solved, and the program of the author took Euler's steps.
  var experiment: String {
    switch self {
    case .regularSpiking, .intrinsicallyBursting, .chattering, .fastSpiking, .lowThreshold:
      "drive current=10 for=300ms"
    case .thalamoCortical: "drive step current=-10 from=20ms until=120ms for=200ms"
    case .resonator:
      "drive step current=0.65 from=[40ms 60ms 280ms 320ms] until=[44ms 64ms 284ms 324ms] for=400ms"
    case .tonicSpiking: "drive step current=14 from=10ms for=100ms"
    case .phasicSpiking: "drive step current=0.5 from=20ms for=200ms"
    case .tonicBursting: "drive step current=15 from=22ms for=220ms"
    case .phasicBursting: "drive step current=0.6 from=20ms for=200ms"
    case .mixedMode: "drive step current=10 from=16ms for=160ms"
    case .frequencyAdaptation: "drive step current=30 from=8.5ms for=85ms"
    case .class2: "drive ramp from=-0.5 end=3.55 after=30ms over=270ms for=300ms"
    case .spikeLatency: "drive step current=7.04 from=10ms until=13ms for=100ms"
    case .oscillations: "drive step current=2 from=20ms until=25ms for=200ms"
    case .reboundSpike, .reboundBurst: "drive step current=-15 from=20ms until=25ms for=200ms"
    case .bistability:
      "drive step before=0.24 current=1.24 from=[37.5ms 207ms] until=[42.5ms 212ms] for=300ms"
    case .inhibitionSpiking, .inhibitionBursting:
      "drive step before=80 current=75 from=50ms until=250ms for=350ms"
    }
  }
}

/// The coefficients of a neuron and where it rests.
struct IzhikevichCoefficients {
  let a, b, c, d: Double
  private let start: Double?

  init(_ neuron: Izhikevich) {
    let k = neuron.pattern.coefficients
    (a, b, c, d) = (neuron.a ?? k.a, neuron.b ?? k.b, neuron.c ?? k.c, neuron.d ?? k.d)
    start = neuron.b == nil ? neuron.pattern.start : nil
  }
  /// The lower root of 0.04v² + (5 − b)v + 140 = 0, where both slopes are 0; −65 where there is none.
  private var root: Double? {
    let under = (5 - b) * (5 - b) - 4 * 0.04 * 140
    return under < 0 ? nil : (b - 5 - under.squareRoot()) / 0.08
  }
  var rest: (v: Double, u: Double) {
    let v = start ?? root ?? -65
    return (v, b * v)
  }
  /// Stable where the trace of the Jacobian, 0.08v + 5 − a, is negative and its determinant positive.
  var isAtRest: Bool {
    guard let v = root else { return false }
    let slope = 0.08 * v + 5
    return slope - a < 0 && a * (b - slope) > 0
  }
}

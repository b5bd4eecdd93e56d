public import Spiking

/// Integrates without leak, fires once, one step after its potential passed the threshold, and is silent afterwards:
///
///     V(k) = Σ w over the inputs that came at k or before,    t = 1 + first k with V(k) > θ
///
/// The comparison is strict, and a crossing at the last step comes too late to be sent. (arXiv 1910.09495)
public struct IfOnce: SteppedNeuron, SingleSpikeNeuron {
  public var threshold = 100.0
  public init() {}
  public init(threshold: Double) { self.threshold = threshold }

  public static let manual = Manual(
    "if-once", "Adds up its input without leak and fires once, one step after passing the threshold.",
    equation: "V[k] = V[k-1] + x[k];  spike at k+1 for the first k with V[k] > θ",
    reference: "S. R. Kheradpisheh, T. Masquelier, Int. J. Neural Systems 30(6), 2020, arXiv 1910.09495",
    examples: [
      "neuron if-once threshold=3 | drive current=0.4 for=20ms",
      "data glyphs | encode ttfs | dense 10 | neuron if-once threshold=50",
    ])
  public static let settings: [Setting<Self>] = [
    Setting("threshold", \.threshold, "Potential that must be exceeded.", in: 0...1e9)
  ]
  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> IfOnceRule<Float> {
    IfOnceRule(threshold: Float(threshold))
  }
  public func fineRule(dt: Time) -> IfOnceRule<Double> { IfOnceRule(threshold: threshold) }
}

/// One step of `IfOnce`.
public struct IfOnceRule<Real: BinaryFloatingPoint & Sendable & BitwiseCopyable>: NeuronRule {
  public struct State: BitwiseCopyable {
    public var membrane: Real
    /// 0 before the crossing, 1 when the spike is due, 2 after it.
    public var phase: Real
    public init(membrane: Real, phase: Real) { (self.membrane, self.phase) = (membrane, phase) }
  }
  public let threshold: Real
  public init(threshold: Real) { self.threshold = threshold }
  public static var variables: [Variable] { [Variable("v"), Variable("phase")] }
  public var rest: State { State(membrane: 0, phase: 0) }

  @inlinable @inline(__always)
  public func integrate(_ state: State, _ current: Real) -> State {
    State(membrane: state.membrane + current, phase: state.phase)
  }
  @inlinable @inline(__always)
  public func fire(_ state: inout State) -> Real {
    let due: Real = state.phase == 1 ? 1 : 0, waiting: Real = state.phase == 0 ? 1 : 0
    let above: Real = state.membrane > threshold ? 1 : 0
    state.phase = waiting * above + (1 - waiting) * 2
    return due
  }
}

extension IfOnce {
  /// Firing times of many samples, worked out spike by spike.
  ///
  /// - Precondition: no bias; a neuron without leak would integrate it for ever.
  public func respond(to times: SpikeTimes, through synapses: Synapses) -> SpikeTimes {
    precondition(synapses.bias.allSatisfy { $0 == 0 }, "synapses without bias")
    let matrix = SynapseMatrix(synapses), firing = matrix.firing(threshold: threshold, scale: synapses.scale)
    let events = EventBank(times), response = LayerResponse(matrix)
    var result = SpikeTimes(samples: times.samples, features: synapses.outputs, window: times.window)
    for sample in 0..<times.samples {
      events.read(sample) { matrix.respond(to: $0, firing, window: times.window, into: response) }
      for j in 0..<synapses.outputs { result.times[sample * synapses.outputs + j] = response.time[j] }
    }
    return result
  }
}

internal import Compute
public import Spiking

/// Leaky integrate-and-fire that sends −1, 0 or +1, times an amplitude that may be learnt:
///
///     m[t] = τ·v[t−1] + i[t],   b[t] = sign(m[t]) where |m[t]| ≥ θ, else 0,   v[t] = m[t]·(1 − |b[t]|),   o[t] = a·b[t]
///
/// Everything is per step and in one arbitrary unit. Threshold, reset and membrane never see a, one number per layer or channel. The
/// derivative of b is that of the clamp of m/2θ to −1…1, or another surrogate of |m|; the reset is part of the gradient:
/// m̄ = a·g·e + v̄·ρ with ρ = 1 without a spike and −|m|·g with one. With `spikes=binary` it sends 0 and 1, the
/// counterpart to compare with.
///
/// - Reference: Y. Guo et al., *Ternary Spike*, AAAI 2024, doi:10.1609/aaai.v38i11.29114, arXiv:2312.06372.
public struct TernaryNeuron: SteppedNeuron, DifferentiableNeuron, ScaledNeuron, SignedNeuron {
  public enum Spikes: String, Choice { case ternary, binary }
  /// Whether the height is learnt: one for the layer, or one for each channel.
  public enum Amplitude: String, Choice { case fixed, trainable, channels }
  /// Whether the surrogate counts at the edges of its window, 0 and 2θ.
  public enum Window: String, Choice { case closed, open }
  /// What a binary neuron does at exactly θ; a ternary one fires.
  public enum Ties: String, Choice { case silent, fire }
  /// Whether the gradient passes through the reset.
  public enum ResetGradient: String, Choice { case attached, detached }

  public var spikes = Spikes.ternary, amplitude = Amplitude.fixed, height = 1.0
  public var decay = 0.25, threshold = 0.5
  public var resetGradient = ResetGradient.attached, window = Window.closed, ties = Ties.silent
  public var smooth = false
  public var surrogate = Surrogate(.clamp)
  public init() {}

  public static let manual = Manual(
    "ternary", "Leaky integrate-and-fire with spikes of −1 and +1 and an amplitude that may be learnt.",
    equation:
      "m[t] = τ·v[t−1] + i[t];  b[t] = sign(m[t]) where |m[t]| ≥ θ, else 0\nv[t] = m[t]·(1 − |b[t]|);  a·b[t] is sent",
    reference: "Y. Guo et al., AAAI 2024, arXiv:2312.06372",
    details: """
      τ is the decay of one step. The published code writes V for 2θ. The derivative of b is 1/(2θ) for |m| ≤ 2θ, with \
      spikes=binary for 0 ≤ m ≤ 2θ. A learnt amplitude can be moved into the weights behind by fold.
      """,
    examples: [
      "neuron ternary | drive sine current=0 amplitude=1 frequency=25Hz for=100ms | plot membrane",
      "data glyphs | take train=200 test=50 | encode direct steps=2 | dense 30 | neuron ternary amplitude=trainable | dense 10 | train bptt epochs=2",
    ])
  public static let settings: [Setting<Self>] = [
    Setting(
      "amplitude", \.amplitude, "Whether the height of its spikes is learnt, one for the layer or one for each channel."
    ),
    Setting("height", \.height, "Height of its spikes, a; where it is learnt, at the start.", in: -1e6...1e6),
    Setting("spikes", \.spikes, "Whether it sends −1, 0 and +1, or only 0 and 1."),
    Setting("decay", \.decay, "What is left of the membrane after a step, τ.", in: 0...1),
    Setting("threshold", \.threshold, "Size of the membrane at which it spikes, θ.", in: 1e-9...1e9),
    Setting("gradient", \.resetGradient, "Whether the gradient passes through the reset."),
    Setting("window", \.window, "Whether the clamp's derivative counts at the very edges, 0 and 2θ."),
    Setting("ties", \.ties, "What spikes=binary does at exactly θ; as published it stays silent."),
    Setting(
      "smooth", \.smooth, "Sends the integral of the surrogate instead of spikes, so that gradients can be checked."),
  ]

  public var alphabet: Alphabet { smooth ? .graded : spikes == .binary ? .binary : .ternary }
  public var usualCurrents: ClosedRange<Double> { -2 * threshold...2 * threshold }
  public var parameters: [ParameterSpec] {
    amplitude == .fixed ? [] : [ParameterSpec("amplitude", [1], .scale, .constant(Float(height)))]
  }
  public func parameters(channels: Int) -> [ParameterSpec] {
    guard amplitude == .channels else { return parameters }
    return [ParameterSpec("amplitude", [channels], .scale, .constant(Float(height)))]
  }
  public func heights(_ learnt: [Float]) -> [Float] { learnt.isEmpty ? [Float(height)] : learnt }
  public var unscaled: any Neuron {
    var neuron = self
    (neuron.amplitude, neuron.height) = (.fixed, 1)
    return neuron
  }
  public var unsigned: any Neuron {
    var neuron = self
    neuron.spikes = .binary
    return neuron
  }
  public func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Dynamics<Float> {
    var rule = Dynamics<Float>(self)
    if amplitude != .fixed, let learnt = parameters?.pointee { rule.height = learnt }
    return rule
  }
  public func fineRule(dt: Time) -> Dynamics<Double> { Dynamics(self) }

  /// One step for one neuron, in either precision.
  public struct Dynamics<Real: BinaryFloatingPoint & Sendable & BitwiseCopyable>: NeuronRule {
    public struct State: BitwiseCopyable { public var membrane: Real }
    var height: Real
    let decay: Real, threshold: Real, isTernary: Bool, firesAtTie: Bool, isAttached: Bool, isOpen: Bool, isSmooth: Bool
    let surrogate: Surrogate

    init(_ neuron: TernaryNeuron) {
      (height, decay, threshold) = (Real(neuron.height), Real(neuron.decay), Real(neuron.threshold))
      isTernary = neuron.spikes == .ternary
      (firesAtTie, isAttached) = (isTernary || neuron.ties == .fire, neuron.resetGradient == .attached)
      (isOpen, isSmooth, surrogate) = (neuron.window == .open, neuron.smooth, neuron.surrogate)
    }
    public static var variables: [Variable] { [Variable("m")] }
    public var rest: State { State(membrane: 0) }
    @inline(__always) public func integrate(_ state: State, _ current: Real) -> State {
      State(membrane: decay * state.membrane + current)
    }
    /// b, before the amplitude.
    @inline(__always) func spike(_ m: Real) -> Real {
      if isSmooth { return graded(m) }
      let size = isTernary ? abs(m) : m, sign: Real = m < 0 ? -1 : 1
      return size > threshold || (size == threshold && firesAtTie) ? sign : 0
    }
    /// What the surrogate integrates to.
    func graded(_ m: Real) -> Real {
      let x = Double(distance(State(membrane: m)))
      guard isTernary else { return Real(surrogate.value(x)) }
      let size = Real(surrogate.value(x) - surrogate.value(-1))
      return m < 0 ? -size : size
    }
    @inline(__always) public func fire(_ state: inout State) -> Real {
      let b = spike(state.membrane)
      state.membrane *= 1 - abs(b)
      return height * b
    }
  }
}

extension TernaryNeuron.Dynamics: DifferentiableRule {
  public struct Gradients: BitwiseCopyable { public var height: Real }
  public var noGradients: Gradients { Gradients(height: 0) }
  public var zeroAdjoint: State { rest }
  @inline(__always) public func distance(_ integrated: State) -> Real {
    let size = isTernary ? abs(integrated.membrane) : integrated.membrane
    return (size - threshold) / threshold
  }
  @inline(__always) public func pullback(
    before: State, integrated: State, current: Real, slope: Real, output: Real, adjoint: inout State,
    gradients: inout Gradients
  ) -> Real {
    let m = integrated.membrane, b = spike(m), after = adjoint.membrane
    let isEdge = abs(m) == 2 * threshold || (!isTernary && m == 0)
    let g: Real = isOpen && isEdge ? 0 : slope / threshold
    let sign: Real = b > 0 ? 1 : b < 0 ? -1 : 0
    let reset: Real = isAttached ? after * m * sign : 0
    let through: Real = (height * output - reset) * g
    let drive: Real = after * (1 - abs(b)) + through
    gradients.height += output * b
    adjoint.membrane = decay * drive
    return drive
  }
}

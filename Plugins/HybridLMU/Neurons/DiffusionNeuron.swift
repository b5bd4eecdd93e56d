internal import Compute
internal import HybridLMUKernels
public import Spiking

/// An activation sent as whole quanta whose rounding error is carried to the next step:
///
///     a = f(i),   s = v + ω·a,   n = ⌊s⌋,   v = s − n,   n/ω is sent
///
/// The sum of what is sent never differs from that of a by more than 1/ω. Large ω gives plain values, ω ≤ 1 with |a| ≤ 1
/// gives −1, 0 and +1 quanta. The gradient is f′(i): it passes straight through the rounding, without ω and without v.
///
/// - Reference: A. R. Voelker, D. Rasmussen, C. Eliasmith, 2020, arXiv:2002.03553.
public struct DiffusionNeuron: FineNeuron, DifferentiableNeuron, QuantisedNeuron, Declared {
  public var omega = 1.0, activation = Activation.tanh, rounding = Rounding.diffusing, start = ErrorStart.half
  /// Its own derivative counts, whatever stands here.
  public var surrogate = Surrogate(.clamp)
  public init() {}

  public static let manual = Manual(
    "diffusion", "Sends its activation as whole quanta and carries the rounding error on: spikes as quantised values.",
    equation: "a = f(i);  s = v + ω·a,  n = ⌊s⌋,  v = s − n;  n/ω is sent;  ∂/∂i = f′(i)",
    reference: "A. R. Voelker, D. Rasmussen, C. Eliasmith, 2020, arXiv:2002.03553",
    details: """
      Several quanta may go in one step, of either sign. rounding=nearest forgets the error, stochastic rounds up with \
      the probability of the fraction, poisson draws the number. From omega=1e6 on the activation itself is sent. The \
      derivative is that of the activation, whatever surrogate a trainer asks for.
      """,
    examples: [
      "neuron diffusion omega=1 | drive sine current=0 amplitude=0.8 frequency=10Hz for=300ms | plot membrane",
      "data glyphs | take train=200 test=50 | encode direct steps=4 | dense 30 | neuron diffusion omega=2 activation=relu | dense 10 | train bptt epochs=2",
    ])
  public static let settings: [Setting<Self>] = [
    Setting("omega", \.omega, "Quanta in a unit of activation and step, ω.", in: 1e-3...Double.infinity),
    Setting("activation", \.activation, "f, what becomes of the current."),
    Setting("rounding", \.rounding, "How the activation becomes whole quanta."),
    Setting("start", \.start, "Where the error v begins."),
  ]

  var quantiser: Quantiser { Quantiser(omega: omega, rounding: rounding, start: start) }
  public var variables: [Variable] { [Variable("s")] }
  public var usualCurrents: ClosedRange<Double> { -1...1 }
  /// Where a quantum goes, with rounding=diffusing.
  public var firingThreshold: Double? { quantiser.hasState ? 1 : nil }
  public var alphabet: Alphabet {
    let isSmall = omega <= 1 && rounding != .poisson
    return isSmall && activation == .tanh ? .ternary : .graded
  }
  /// A single neuron in double precision draws nothing at random.
  public func capability<C>(_ type: C.Type) -> C? {
    if type == (any FineNeuron).self, rounding.isRandom || start == .random { return nil }
    return self as? C
  }

  public func activation(of current: Double) -> Double { activation.value(current) }

  public func rest(_ block: PopulationBlock) {
    for i in 0..<block.count {
      let place = block.place
      block.state[i] =
        quantiser.hasState ? quantiser.error(place.stream(of: i), (place.first + i) % place.features) : 0
    }
  }
  public func advance(_ block: PopulationBlock) {
    let n = block.count, quantiser = quantiser
    withUnsafeTemporaryAllocation(of: Float.self, capacity: n) { memory in
      guard let a = memory.baseAddress else { return }
      let activations = lmu_rows(base: a, stride: n), errors = lmu_rows(base: block.state, stride: n)
      for t in 0..<block.steps {
        let current = lmu_rows(base: UnsafeMutablePointer(mutating: block.current + t * block.currentStride), stride: n)
        let output = lmu_rows(base: block.output + t * block.outputStride, stride: n)
        lmu_activate(activation.code, 1, n, current, activations)
        if let record = block.record {
          let row = record + t * block.recordStride
          for i in 0..<n { row[i] = (quantiser.hasState ? block.state[i] : 0) + scale * a[i] }
        }
        guard rounding.isRandom, !quantiser.isExact else {
          quantiser.send(activations, rows: 1, width: n, errors: errors, into: output, step: 0) { _ in
            block.place.random
          }
          continue
        }
        for i in 0..<n {
          let one = lmu_rows(base: a + i, stride: 1), sent = lmu_rows(base: output.base + i, stride: 1)
          quantiser.send(
            one, rows: 1, width: 1, errors: errors, into: sent, step: block.place.counter(of: i, step: t)
          ) { _ in block.place.stream(of: i) }
        }
      }
    }
  }
  /// What an activation is multiplied by before it is rounded.
  private var scale: Float { quantiser.isExact ? 1 : Float(omega) }

  public func pullback(_ block: PullbackBlock) {
    let f = block.forward, n = f.count, sums = block.currentGradientStride == 0
    if sums { block.currentGradient.update(repeating: 0, count: n) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * n) { memory in
      guard let a = memory.baseAddress else { return }
      let activations = lmu_rows(base: a, stride: n), slopes = lmu_rows(base: a + n, stride: n)
      for t in 0..<f.steps {
        let current = lmu_rows(base: UnsafeMutablePointer(mutating: f.current + t * f.currentStride), stride: n)
        let upstream = block.outputGradient + t * block.outputGradientStride
        lmu_activate(activation.code, 1, n, current, activations)
        let above = lmu_rows(base: UnsafeMutablePointer(mutating: upstream), stride: n)
        lmu_slopes(activation.code, 1, n, activations, above, slopes)
        let result = block.currentGradient + t * block.currentGradientStride
        for i in 0..<n { result[i] = sums ? result[i] + slopes.base[i] : slopes.base[i] }
      }
    }
  }

  public func trace(current: [Double], dt: Time, poll: () throws -> Void) rethrows -> FineTrace {
    let begin = !quantiser.hasState || start == .zero ? 0 : 0.5
    var diffusion = ErrorDiffusion(omega: omega, error: begin), sums: [Double] = [], output: [Double] = []
    for (step, i) in current.enumerated() {
      if step & 15 == 0 { try poll() }
      let a = activation.value(i)
      guard !quantiser.isExact else {
        sums.append(a)
        output.append(a)
        continue
      }
      sums.append((quantiser.hasState ? diffusion.error : 0) + omega * a)
      output.append((rounding == .diffusing ? diffusion.quanta(a) : (omega * a + 0.5).rounded(.down)) / omega)
    }
    return FineTrace(values: [sums], output: output, start: [begin])
  }
}

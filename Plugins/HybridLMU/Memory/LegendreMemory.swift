internal import Compute
public import Spiking

/// A sliding window of its input as Legendre coefficients, one memory for each neuron of a population:
///
///     θ·dm/dt = A·m + B·u,    sent is Σ P̃ᵢ(r)·mᵢ, the input r·θ ago.
///
/// State: m₀ … m of order − 1. A linear, real-valued neuron: nothing spikes.
///
/// - Reference: A. R. Voelker, I. Kajić, C. Eliasmith, NeurIPS 2019.
public struct LegendreMemory: FineNeuron, MemoryNeuron, Declared {
  public var order = 6, window = Time.ms(100), rule = Discretisation.zoh
  /// Left open, the whole window.
  public var delay: Time?
  public init() {}

  public static let manual = Manual(
    "lmu-memory", "A linear memory that holds a sliding window of its input as Legendre coefficients.",
    equation: "window·dm/dt = A·m + B·u,  Aᵢⱼ = (2i+1)·(−1 for i<j, (−1)^(i−j+1) otherwise),  Bᵢ = (2i+1)·(−1)ⁱ",
    reference: "A. R. Voelker, I. Kajić, C. Eliasmith, NeurIPS 2019",
    details: """
      It sends what its coefficients say the input was one delay ago. rule=zoh is exact for an input that is held over \
      each step; euler is unstable for windows that are short against the order; bilinear is always stable. A value held \
      over a step stands for its middle: for point samples the delay is half a step shorter.
      """,
    examples: [
      "neuron lmu-memory order=12 window=200ms | drive sine current=0 amplitude=1 frequency=5Hz for=1s | plot reconstruction",
      "neuron lmu-memory order=6 window=50ms | plot impulse",
    ])
  public static let settings: [Setting<Self>] = [
    Setting("order", \.order, "Number of coefficients.", in: 1...512),
    Setting("window", \.window, "How far back it reaches.", in: 1e-9...1e9),
    Setting("rule", \.rule, "How the equation becomes steps."),
    Setting("delay", \.delay, "How long ago the input was that it sends; left open, the whole window.", in: 0...1e9),
  ]
  public func validate() throws(SettingProblem) {
    guard let delay, delay > window else { return }
    throw SettingProblem(
      "delay", .refused("\(delay.argument.written) is longer than the window of \(window.argument.written)"))
  }

  public var variables: [Variable] { (0..<order).map { Variable("m\($0)") } }
  public var alphabet: Alphabet { .graded }
  public var usualCurrents: ClosedRange<Double> { -1...1 }

  func system(dt: Time) -> LegendreSystem { .shared(order: order, window: window / dt, rule: rule) }
  /// P̃ᵢ at the delay.
  var decoder: [Double] {
    LegendrePolynomials.values(order: order, at: min(1, max(0, (delay ?? window) / window)))
  }

  public func rest(_ block: PopulationBlock) {
    for k in 0..<order { (block.state + k * block.stateStride).update(repeating: 0, count: block.count) }
  }
  public func advance(_ block: PopulationBlock) {
    let system = system(dt: block.dt), decoder = decoder.map(Float.init), n = block.count
    let a = system.transition.values.map(Float.init), b = system.input.map(Float.init)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: order * n) { memory in
      guard let next = memory.baseAddress else { return }
      for t in 0..<block.steps {
        let u = block.current + t * block.currentStride, y = block.output + t * block.outputStride
        for k in 0..<order {
          let row = next + k * n
          for i in 0..<n { row[i] = b[k] * u[i] }
          for j in 0..<order {
            let from = block.state + j * block.stateStride, factor = a[k * order + j]
            for i in 0..<n { row[i] += factor * from[i] }
          }
        }
        y.update(repeating: 0, count: n)
        for k in 0..<order {
          (block.state + k * block.stateStride).update(from: next + k * n, count: n)
          for i in 0..<n { y[i] += decoder[k] * next[k * n + i] }
          if let record = block.record {
            (record + (t * order + k) * block.recordStride).update(from: next + k * n, count: n)
          }
        }
      }
    }
  }
  public func trace(current: [Double], dt: Time, poll: () throws -> Void) rethrows -> FineTrace {
    let system = system(dt: dt), decoder = decoder
    var memory = [Double](repeating: 0, count: order), output: [Double] = []
    var values = [[Double]](repeating: [], count: order)
    for (step, u) in current.enumerated() {
      if step & 15 == 0 { try poll() }
      memory = system.advanced(memory, u)
      for k in 0..<order { values[k].append(memory[k]) }
      output.append(zip(decoder, memory).reduce(0) { $0 + $1.0 * $1.1 })
    }
    return FineTrace(values: values, output: output, start: Array(repeating: 0, count: order))
  }
}

public import Compute
public import Spiking

/// One linear memory for every input, as a layer: m ← Ā·m + B̄·u.
///
/// It gives inputs × order coefficients, input by input: at every step, or once for the whole sample, the state behind the
/// last step. That one needs no recurrence: m(T) = Σ Āᵀ⁻ᵗ·B̄·u(t) is a single product with a fixed matrix.
///
/// - Reference: N. Chilkuri, C. Eliasmith, ICML 2021, arXiv:2102.11417.
public struct LegendreLayer: DifferentiableLayer, Declared {
  public enum Reading: String, Choice { case every, last }
  public var order = 6, window = TimeOrSteps.steps(28), rule = Discretisation.zoh, reads = Reading.every
  public init() {}

  public static let manual = Manual(
    "lmu-memory", "A layer that holds a sliding window of each of its inputs as Legendre coefficients.",
    equation: "m ← Ā·m + B̄·u for every input u;  reads=last: m(T) = Σ Ā^(T−t)·B̄·u(t)",
    reference: "N. Chilkuri, C. Eliasmith, ICML 2021, arXiv:2102.11417",
    details: """
      It gives inputs × order values: all coefficients of the first input, then of the second. Nothing in it is learnt. \
      With reads=last only the state behind the last step goes on, once for the whole sample, and is worked out by one \
      product for all steps.
      """,
    examples: [
      "data glyphs | take train=200 test=50 | encode frames | lmu-memory order=4 window=28 reads=last | dense 10 | train backprop epochs=2",
      "data glyphs | take train=200 test=50 | encode frames | lmu-memory order=4 | dense 10 | train backprop epochs=2",
    ])
  public static let settings: [Setting<Self>] = [
    Setting("order", \.order, "Number of coefficients of each input.", in: 1...4096),
    Setting("window", \.window, "How far back it reaches: steps, or a time.", in: 1e-9...1e9),
    Setting("rule", \.rule, "How the equation becomes steps."),
    Setting("reads", \.reads, "Whether the coefficients of every step go on, or only those behind the last."),
  ]
  public func validate() throws(SettingProblem) { try window.validate(rule: rule) }

  public var kind: String { "lmu-memory" }
  public var summary: String { "lmu-memory order=\(order) window=\(window.argument.written)" }
  public var role: LayerRole { .opaque(kind) }
  public func features(after features: Shape) throws(ShapeError) -> Shape {
    if case .steps(let steps) = window {
      try LegendreSystem.requireStable(order: order, window: Double(steps), rule: rule)
    }
    guard Double(features.count) * Double(order) < 1e8 else {
      throw ShapeError(code: "shape.memory", message: "\(features.count) memories of order \(order) are too large")
    }
    return [features.count * order]
  }
  func system(dt: Time) -> LegendreSystem { .shared(order: order, window: window.count(of: dt), rule: rule) }

  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    reads == .last ? last(input, system(dt: pass.dt), pass.machine) : every(input, system(dt: pass.dt), pass.machine)
  }
  private func every(_ input: Signal, _ system: LegendreSystem, _ machine: Machine) -> Signal {
    var output = input.unwritten([input.features.count * order], constant: false)
    let rows = input.neurons, q = order, a = Tensor(system.transposed, [q, q]), b = Tensor(system.inputs, [q])
    a.read { a in
      b.read { b in
        input.values.read { x in
          output.values.write { y in
            nonisolated(unsafe) let (a, b, x, y) = (a, b, x, y)
            Dense.forEachTile(of: rows, machine) { tile in
              for t in 0..<input.steps {
                let m = y + (t * rows + tile.lowerBound) * q, u = x + t * input.stride + tile.lowerBound
                for i in 0..<tile.count { for k in 0..<q { m[i * q + k] = u[i] * b[k] } }
                guard t > 0 else { continue }
                machine.backend.multiply(
                  MatrixView(m - rows * q, tile.count, q), MatrixView(a, q, q),
                  into: MutableMatrixView(m, tile.count, q),
                  beta: 1)
              }
            }
          }
        }
      }
    }
    return output
  }
  private func last(_ input: Signal, _ system: LegendreSystem, _ machine: Machine) -> Signal {
    var output = input.unwritten([input.features.count * order], constant: true)
    let rows = input.neurons, q = order, kernel = kernel(of: system, for: input), depth = input.storedSteps
    kernel.read { h in
      input.values.read { x in
        output.values.write { y in
          nonisolated(unsafe) let (h, x, y) = (h, x, y)
          Dense.forEachTile(of: rows, machine) { tile in
            machine.backend.multiply(
              MatrixView(x + tile.lowerBound, depth, tile.count, stride: rows, transposed: true),
              MatrixView(h, depth, q),
              into: MutableMatrixView(y + tile.lowerBound * q, tile.count, q), beta: 0)
          }
        }
      }
    }
    return output
  }
  /// Āᵀ⁻ᵗ·B̄ for every stored step t: [steps][order]; for a constant input their sum.
  func kernel(of system: LegendreSystem, for input: Signal) -> Tensor {
    let kernel = system.kernel(steps: input.steps)
    guard input.isConstant else { return kernel }
    return Tensor((0..<order).map { k in (0..<input.steps).reduce(0) { $0 + kernel[$1 * order + k] } }, [1, order])
  }
}

extension TimeOrSteps {
  /// Steps, parts of them counted.
  func count(of dt: Time) -> Double {
    switch self {
    case .time(let time): time / dt
    case .steps(let n): Double(n)
    }
  }
  /// A window must be longer than nothing; whether Euler's rule is stable can be told of steps only.
  func validate(rule: Discretisation) throws(SettingProblem) {
    switch self {
    case .steps(let n): if n < 1 { throw SettingProblem("window", .refused("a window has at least one step")) }
    case .time(let time):
      if time <= .zero { throw SettingProblem("window", .refused("a window needs a length above 0")) }
      if rule == .euler { throw SettingProblem("window", .refused("with rule=euler it is given in steps")) }
    }
  }
}

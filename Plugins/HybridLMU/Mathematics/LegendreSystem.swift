internal import Compute
public import Spiking
internal import Synchronization

/// How a differential equation becomes one step.
public enum Discretisation: String, Choice {
  /// Exact for an input that is held over the step: zero-order hold.
  case zoh
  /// I + A/θ; unstable for short windows.
  case euler
  /// (I − A/2θ)⁻¹(I + A/2θ); always stable.
  case bilinear
}

/// The memory of one channel: θ·dm/dt = A·m + B·u with
///
///     Aᵢⱼ = (2i + 1)·(−1 for i < j, (−1)^(i−j+1) otherwise),    Bᵢ = (2i + 1)·(−1)ⁱ,
///
/// so that u(t − rθ) ≈ Σ P̃ᵢ(r)·mᵢ(t) for 0 ≤ r ≤ 1, as steps m ← Ā·m + B̄·u. θ is counted in steps.
///
/// - Reference: A. R. Voelker, I. Kajić, C. Eliasmith, NeurIPS 2019.
struct LegendreSystem: Sendable {
  let order: Int, window: Double, rule: Discretisation
  /// Ā and B̄
  let transition: SquareMatrix, input: [Double]

  /// The matrix A.
  static func dynamics(_ order: Int) -> SquareMatrix {
    SquareMatrix(order) { i, j in
      let size = Double(2 * i + 1), isNegative = i < j || (i - j) % 2 == 0
      return isNegative ? -size : size
    }
  }
  /// The vector B.
  static func drive(_ order: Int) -> [Double] {
    (0..<order).map { i in
      let size = Double(2 * i + 1)
      return i % 2 == 0 ? size : -size
    }
  }

  init(order: Int, window: Double, rule: Discretisation) {
    (self.order, self.window, self.rule) = (order, window, rule)
    let a = (1 / window) * Self.dynamics(order), b = Self.drive(order).map { $0 / window }
    switch rule {
    case .zoh: (transition, input) = Self.held(a, b)
    case .euler: (transition, input) = (SquareMatrix.identity(order) + a, b)
    case .bilinear:
      let one = SquareMatrix.identity(order), left = one.combined(1, a, -0.5)
      let column = SquareMatrix(order) { i, j in j == 0 ? b[i] : 0 }
      let solved = left.solved(column)
      (transition, input) = (left.solved(one.combined(1, a, 0.5)), (0..<order).map { solved[$0, 0] })
    }
  }
  /// Both from one exponential: exp[A B; 0 0] = [Ā B̄; 0 1].
  private static func held(_ a: SquareMatrix, _ b: [Double]) -> (SquareMatrix, [Double]) {
    let n = a.size
    let joint = SquareMatrix(n + 1) { i, j in i == n ? 0 : j == n ? b[i] : a[i, j] }.exponential
    return (SquareMatrix(n) { joint[$0, $1] }, (0..<n).map { joint[$0, n] })
  }

  /// The derivatives of Ā and B̄ by 1/θ.
  var slopes: (transition: SquareMatrix, input: [Double]) {
    let a = Self.dynamics(order), b = Self.drive(order)
    switch rule {
    case .euler: return (a, b)
    case .zoh: return (a * transition, zip(a * input, b).map { $0 + $1 })
    case .bilinear:
      let left = SquareMatrix.identity(order).combined(1, a, -0.5 / window)
      let column = zip((0.5 * a) * input, b).map { $0 + $1 }
      let solved = left.solved(SquareMatrix(order) { i, j in j == 0 ? column[i] : 0 })
      return (
        left.solved((0.5 * a) * (SquareMatrix.identity(order) + transition)), (0..<order).map { solved[$0, 0] }
      )
    }
  }

  /// m ← Ā·m + B̄·u
  func advanced(_ memory: [Double], _ u: Double) -> [Double] {
    transition.values.withUnsafeBufferPointer { a in
      (0..<order).map { i in
        var sum = input[i] * u
        for j in 0..<order { sum += a[i * order + j] * memory[j] }
        return sum
      }
    }
  }
  /// The state after each step of an input, from zero.
  func response(to signal: [Double]) -> [[Double]] {
    var memory = [Double](repeating: 0, count: order)
    return signal.map { u in
      memory = advanced(memory, u)
      return memory
    }
  }
  /// What the memory says the input was a share r of the window ago.
  static func decoded(_ memory: some Collection<Double>, at r: Double) -> Double {
    zip(LegendrePolynomials.values(order: memory.count, at: r), memory).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

extension LegendreSystem {
  /// Āᵀ, for states that lie in rows, and B̄, rounded once.
  var transposed: [Float] {
    (0..<order * order).map { Float(transition[$0 % order, $0 / order]) }
  }
  var inputs: [Float] { input.map(Float.init) }

  /// Ā^(T−1−t)·B̄ for t = 0 … T−1, [steps][order]: what an input of step t leaves behind the last one.
  func kernel(steps: Int) -> Tensor {
    let key = KernelKey(system: key, steps: steps)
    if let kernel = Self.kernels.withLock({ $0[key] }) { return kernel }
    var kernel = Tensor(zeros: [steps, order]), state = input
    for t in (0..<steps).reversed() {
      for k in 0..<order { kernel[t * order + k] = Float(state[k]) }
      state = advanced(state, 0)
    }
    Self.kernels.withLock { kernels in
      if kernels.count >= 4 { kernels.removeAll() }
      kernels[key] = kernel
    }
    return kernel
  }
  private struct KernelKey: Hashable { var system: Key, steps: Int }
  private static let kernels = Mutex<[KernelKey: Tensor]>([:])
  private var key: Key { Key(order: order, window: window, rule: rule) }

  private struct Key: Hashable { var order: Int, window: Double, rule: Discretisation }
  private static let known = Mutex<[Key: LegendreSystem]>([:])

  /// The system of an order, a window and a rule; an exponential of a large matrix is worked out once only.
  static func shared(order: Int, window: Double, rule: Discretisation) -> LegendreSystem {
    let key = Key(order: order, window: window, rule: rule)
    if let system = known.withLock({ $0[key] }) { return system }
    let system = LegendreSystem(order: order, window: window, rule: rule)
    known.withLock { known in
      if known.count >= 16 { known.removeAll() }
      known[key] = system
    }
    return system
  }
}

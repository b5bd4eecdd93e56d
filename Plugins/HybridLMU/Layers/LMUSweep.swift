internal import Compute
internal import HybridLMUKernels
internal import Spiking

/// The way back of one piece of the batch. Gradients of currents are kept for some steps, so that those of weights are a few
/// long products.
struct LMUSweep: Sendable {
  let layer: LMU, shape: LMUShape, sums: LMUSums
  private let backend: any Backend, steps: Int, batch: Int, needsInput: Bool
  private let input: PackedMatrix?, hidden: PackedMatrix?, memory: PackedMatrix?, transition: PackedMatrix
  private let coefficients: Tensor, isApart: Bool, readsInput: Bool

  /// Steps whose gradients wait.
  private static let chunk = 16

  init(
    _ layer: LMU, _ weights: LMUWeights, _ backend: any Backend, steps: Int, batch: Int, needsInput: Bool
  ) {
    (self.layer, shape, self.backend, self.steps, self.batch) = (layer, weights.shape, backend, steps, batch)
    (self.needsInput, sums) = (needsInput, LMUSums(shape: weights.shape, learnsWindow: layer.learnsWindow))
    input = needsInput ? weights.reversed(.x, kernelFirst: true, backend) : nil
    hidden = weights.reversed(.h, kernelFirst: true, backend)
    memory = weights.reversed(.m, kernelFirst: false, backend)
    let q = weights.shape.order
    transition = weights.transition.read { backend.packed(MatrixView($0, q, q, transposed: true)) }
    coefficients = Tensor(weights.input, [q])
    (isApart, readsInput) = (!layer.hiddenQuantiser.isExact, weights.uses(.x))
  }

  struct Piece {
    let rows: Range<Int>, input: UnsafePointer<Float>, inputStride: Int, gradient: UnsafePointer<Float>
    let result: UnsafeMutablePointer<Float>, tape: LMUTape.Addresses, sums: UnsafeMutablePointer<Float>
  }
  /// Adjoints that go from step to step, and room to work in.
  private struct State {
    /// For each waiting step and row: ∂u⁺, ∂J, ∂u.
    var waiting, inputs: UnsafeMutablePointer<Float>
    var memory, next, hidden, feedback, encoded: UnsafeMutablePointer<Float>
  }
  private var width: Int { shape.sums + shape.channels }
  private func rows(_ base: UnsafeMutablePointer<Float>, _ stride: Int) -> lmu_rows {
    lmu_rows(base: base, stride: stride)
  }
  private func rows(_ base: UnsafePointer<Float>, _ stride: Int) -> lmu_rows {
    lmu_rows(base: UnsafeMutablePointer(mutating: base), stride: stride)
  }

  func run(_ piece: Piece) {
    let r = piece.rows.count, d = shape.coefficients, n = shape.units, length = min(Self.chunk, max(1, steps))
    let sizes = [length * r * width, length * r * shape.inputs, r * d, r * d, r * n, r * n, r * shape.channels]
    withZeros(sizes) { parts in
      var state = State(
        waiting: parts[0], inputs: parts[1], memory: parts[2], next: parts[3], hidden: parts[4], feedback: parts[5],
        encoded: parts[6])
      var last = steps
      while last > 0 {
        let first = (last - 1) / Self.chunk * Self.chunk
        for t in (first..<last).reversed() { step(t, from: first, piece, &state) }
        collect(first..<last, piece, state)
        last = first
      }
    }
  }

  private func step(_ t: Int, from first: Int, _ piece: Piece, _ state: inout State) {
    let r = piece.rows.count, d = shape.coefficients, c = shape.channels, n = shape.units
    let row = state.waiting + (t - first) * r * width
    for k in 0..<r { (row + k * width).update(from: state.encoded + k * c, count: c) }
    let upstream = piece.gradient + (t * batch + piece.rows.lowerBound) * n
    lmu_add(r, n, rows(upstream, n), rows(state.feedback, n), rows(state.hidden, n))
    lmu_slopes(layer.activation.code, r, n, activation(t, piece), rows(state.hidden, n), rows(row + c, width))

    let memories = MutableMatrixView(state.memory, r * c, shape.order)
    backend.multiply(MatrixView(state.next, r * c, shape.order), transition, into: memories, adds: false)
    if let memory {
      backend.multiply(
        MatrixView(row, r, shape.sums, stride: width), memory, into: MutableMatrixView(state.memory, r, d), adds: true)
    }
    coefficients.read { lmu_gather(r, c, shape.order, rows(state.memory, d), $0, rows(row + c + n, width)) }

    let currents = MatrixView(row + c, r, shape.sums, stride: width)
    if let hidden, t > 0 {
      backend.multiply(currents, hidden, into: MutableMatrixView(state.feedback, r, n), adds: false)
    }
    if let input {
      // A constant input gets the sum over all steps.
      let dx = piece.result + t * piece.inputStride + piece.rows.lowerBound * shape.inputs
      backend.multiply(currents, input, into: MutableMatrixView(dx, r, shape.inputs), adds: true)
    }
    for k in 0..<r { (state.encoded + k * c).update(from: row + k * width + c + n, count: c) }
    if layer.learnsWindow { collectTransition(t, piece, state) }
    swap(&state.memory, &state.next)
  }
  /// a of step t, which is ĥ where nothing was rounded.
  private func activation(_ t: Int, _ piece: Piece) -> lmu_rows {
    let r = piece.rows.count
    guard !isApart else {
      return rows(piece.tape.activation + (piece.rows.lowerBound * steps + t * r) * shape.units, shape.units)
    }
    return rows(sent(t + 1, piece) + shape.coefficients, shape.sent)
  }
  private func sent(_ t: Int, _ piece: Piece) -> UnsafeMutablePointer<Float> {
    piece.tape.sent + (piece.rows.lowerBound * (steps + 1) + t * piece.rows.count) * shape.sent
  }

  /// Products of what was sent in some steps with the gradients that waited.
  private func collect(_ range: Range<Int>, _ piece: Piece, _ state: State) {
    let r = piece.rows.count, count = range.count * r, c = shape.channels, w = shape.sums
    let before = sent(range.lowerBound, piece)
    let leading = MatrixView(state.waiting, count, w, stride: width)
    let currents = MatrixView(state.waiting + c, count, w, stride: width)
    func add(_ signal: MatrixView, _ gradients: MatrixView, _ source: LMU.Source) {
      let target = MutableMatrixView(piece.sums + sums.offset(source), shape.size(source), w)
      backend.multiply(signal, gradients, into: target, beta: 1)
    }
    if memory != nil {
      add(MatrixView(before, count, shape.coefficients, stride: shape.sent, transposed: true), leading, .m)
    }
    if hidden != nil {
      add(
        MatrixView(before + shape.coefficients, count, shape.units, stride: shape.sent, transposed: true), currents, .h)
    }
    if readsInput {
      for (k, t) in range.enumerated() {
        let x = piece.input + t * piece.inputStride + piece.rows.lowerBound * shape.inputs
        (state.inputs + k * r * shape.inputs).update(from: x, count: r * shape.inputs)
      }
      add(MatrixView(state.inputs, count, shape.inputs, transposed: true), currents, .x)
    }
    backend.sumRows(
      MatrixView(state.waiting + c, count, shape.units, stride: width), into: piece.sums + sums.bias)
  }
  /// Gradients of Ā and B̄, for a window that is learnt.
  private func collectTransition(_ t: Int, _ piece: Piece, _ state: State) {
    let r = piece.rows.count, c = shape.channels, q = shape.order, at = piece.rows.lowerBound * steps + t * r
    let gradients = MatrixView(state.memory, r * c, q, transposed: true)
    if t > 0 {
      let before = piece.tape.memory + (at - r) * shape.coefficients
      backend.multiply(
        gradients, MatrixView(before, r * c, q), into: MutableMatrixView(piece.sums + sums.transition, q, q), beta: 1)
    }
    let u = piece.tape.input + at * c, drive = piece.sums + sums.drive
    for k in 0..<r * c { for i in 0..<q { drive[i] += state.memory[k * q + i] * u[k] } }
  }
}

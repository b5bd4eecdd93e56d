internal import Compute
internal import HybridLMUKernels
internal import Spiking

/// The time loop of one piece of the batch: three products a step, and what stands between them.
struct LMULoop: Sendable {
  let layer: LMU, shape: LMUShape, backend: any Backend, steps: Int, batch: Int
  private let input: PackedMatrix?, hidden: PackedMatrix?, memory: PackedMatrix?, transition: PackedMatrix
  private let coefficients: Tensor, offsets: Tensor
  private let hiddenQuantiser: Quantiser, memoryQuantiser: Quantiser
  /// Whether the memory is worked out where it is sent from: where nothing is rounded and nothing else is to be kept. With
  /// several channels its rows would not lie together.
  private func isInPlace(_ piece: Piece) -> Bool {
    memoryQuantiser.isExact && shape.channels == 1 && !layer.learnsWindow && piece.records == nil
  }

  init(_ layer: LMU, _ weights: LMUWeights, _ backend: any Backend, steps: Int, batch: Int) {
    (self.layer, shape, self.backend, self.steps, self.batch) = (layer, weights.shape, backend, steps, batch)
    (input, hidden, memory) = (
      weights.packed(.x, backend), weights.packed(.h, backend), weights.packed(.m, backend)
    )
    let q = weights.shape.order
    transition = weights.transition.read { backend.packed(MatrixView($0, q, q)) }
    coefficients = Tensor(weights.input, [q])
    offsets = Tensor(weights.offsets, [weights.shape.sums])
    (hiddenQuantiser, memoryQuantiser) = (layer.hiddenQuantiser, layer.memoryQuantiser)
  }

  /// Some rows of the batch, and where their values stand.
  struct Piece {
    let rows: Range<Int>, input: UnsafePointer<Float>, inputStride: Int, output: UnsafeMutablePointer<Float>
    let tape: LMUTape.Addresses, isKept: Bool, records: LMURecords.Addresses?, streams: [RandomStream]
  }

  func run(_ piece: Piece) {
    let r = piece.rows.count, d = shape.coefficients, n = shape.units, c = shape.channels, w = shape.sums
    let sizes = [r * w, r * c, r * d, r * d, r * d, r * n, r * n]
    withZeros(sizes) { parts in
      var state = State(
        sums: parts[0], fedBack: parts[1], before: parts[2], memory: parts[3], memoryErrors: parts[4],
        hiddenErrors: parts[5], activation: parts[6])
      begin(piece, &state)
      for t in 0..<steps { step(t, piece, &state) }
    }
  }
  /// What a step leaves to the next, and room to work in.
  private struct State {
    /// u and the currents of hidden units; m̂·E_m, for the next u.
    var sums, fedBack: UnsafeMutablePointer<Float>
    var before, memory, memoryErrors, hiddenErrors, activation: UnsafeMutablePointer<Float>
  }
  private func rows(_ base: UnsafeMutablePointer<Float>, _ stride: Int) -> lmu_rows {
    lmu_rows(base: base, stride: stride)
  }
  /// m̂ of step t and ĥ of the step before it, side by side.
  private func sent(_ t: Int, _ piece: Piece) -> UnsafeMutablePointer<Float> {
    let slots = piece.isKept ? steps + 1 : 2, slot = piece.isKept ? t : t % 2
    return piece.tape.sent + (piece.rows.lowerBound * slots + slot * piece.rows.count) * shape.sent
  }
  private func begin(_ piece: Piece, _ state: inout State) {
    let first = sent(0, piece)
    for row in 0..<piece.rows.count {
      let stream = piece.streams[piece.rows.lowerBound + row]
      (first + row * shape.sent + shape.coefficients).update(repeating: 0, count: shape.units)
      let (m, h) = (stream.child("m"), stream.child("h"))
      for i in 0..<shape.coefficients { state.memoryErrors[row * shape.coefficients + i] = memoryQuantiser.error(m, i) }
      for i in 0..<shape.units { state.hiddenErrors[row * shape.units + i] = hiddenQuantiser.error(h, i) }
    }
  }

  private func step(_ t: Int, _ piece: Piece, _ state: inout State) {
    let r = piece.rows.count, d = shape.coefficients, c = shape.channels, w = shape.sums
    let now = sent(t, piece)
    let sums = MutableMatrixView(state.sums, r, w)
    offsets.read { offsets in for row in 0..<r { (state.sums + row * w).update(from: offsets, count: w) } }
    if let input {
      let x = piece.input + t * piece.inputStride + piece.rows.lowerBound * shape.inputs
      backend.multiply(MatrixView(x, r, shape.inputs), input, into: sums, adds: true)
    }
    if let hidden, t > 0 {
      backend.multiply(MatrixView(now + d, r, shape.units, stride: shape.sent), hidden, into: sums, adds: true)
    }
    if t > 0 { lmu_add(r, c, rows(state.sums, w), rows(state.fedBack, c), rows(state.sums, w)) }
    if isInPlace(piece) {
      (state.before, state.memory) = (sent(max(0, t - 1), piece), now)
      remember(t, piece, state, distance: shape.sent)
    } else {
      remember(t, piece, state, distance: d)
      send(t, piece, state, to: now)
    }
    for row in 0..<r { (state.sums + row * w).update(repeating: 0, count: c) }
    if let memory { backend.multiply(MatrixView(now, r, d, stride: shape.sent), memory, into: sums, adds: true) }
    for row in 0..<r { (state.fedBack + row * c).update(from: state.sums + row * w, count: c) }
    fire(t, piece, state)
    swap(&state.before, &state.memory)
  }
  /// m̂ = quanta of m
  private func send(_ t: Int, _ piece: Piece, _ state: State, to place: UnsafeMutablePointer<Float>) {
    let r = piece.rows.count, d = shape.coefficients
    memoryQuantiser.send(
      rows(state.memory, d), rows: r, width: d, errors: rows(state.memoryErrors, d), into: rows(place, shape.sent),
      step: t
    ) { piece.streams[piece.rows.lowerBound + $0].child("m") }
  }
  /// m = Ā·m⁻ + B̄·u
  private func remember(_ t: Int, _ piece: Piece, _ state: State, distance: Int) {
    let r = piece.rows.count, d = shape.coefficients, c = shape.channels, q = shape.order
    coefficients.read { lmu_spread(r, c, q, rows(state.sums, shape.sums), $0, rows(state.memory, distance)) }
    if t > 0 {
      let step = c == 1 ? distance : q
      backend.multiply(
        MatrixView(state.before, r * c, q, stride: step), transition,
        into: MutableMatrixView(state.memory, r * c, q, stride: step), adds: true)
    }
    if piece.isKept, layer.learnsWindow {
      let at = piece.rows.lowerBound * steps + t * r
      (piece.tape.memory + at * d).update(from: state.memory, count: r * d)
      for row in 0..<r {
        (piece.tape.input + (at + row) * c).update(from: state.sums + row * shape.sums, count: c)
      }
    }
    piece.records?.keep(t, u: state.sums, m: state.memory, rows: piece.rows, batch: batch, shape)
  }
  /// a = f(current), ĥ = quanta of a
  private func fire(_ t: Int, _ piece: Piece, _ state: State) {
    let r = piece.rows.count, n = shape.units, next = sent(t + 1, piece) + shape.coefficients
    let currents = rows(state.sums + shape.channels, shape.sums)
    let y = piece.output + (t * batch + piece.rows.lowerBound) * n
    guard !hiddenQuantiser.isExact else {
      lmu_activate(layer.activation.code, r, n, currents, rows(next, shape.sent))
      for row in 0..<r { (y + row * n).update(from: next + row * shape.sent, count: n) }
      piece.records?.keep(t, a: y, sent: sent(t, piece), rows: piece.rows, batch: batch, shape)
      return
    }
    let a = piece.isKept ? piece.tape.activation + (piece.rows.lowerBound * steps + t * r) * n : state.activation
    lmu_activate(layer.activation.code, r, n, currents, rows(a, n))
    hiddenQuantiser.send(
      rows(a, n), rows: r, width: n, errors: rows(state.hiddenErrors, n), into: rows(y, n), step: t
    ) { piece.streams[piece.rows.lowerBound + $0].child("h") }
    for row in 0..<r { (next + row * shape.sent).update(from: y + row * n, count: n) }
    piece.records?.keep(t, a: a, sent: sent(t, piece), rows: piece.rows, batch: batch, shape)
  }
}

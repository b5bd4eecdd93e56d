internal import Compute
internal import HybridLMUKernels
internal import Spiking

/// What tells gated cells apart.
public enum GatedCell: Sendable {
  case lstm, gru
  /// Floats of a unit that the way back needs of a step, beside what was sent: both keep four.
  static let kept = 4
}

/// One run of a gated layer, cut into pieces of the batch with a time loop each.
///
/// The tape, piece by piece: gates [steps][rows][4·units]; sent and cells [steps + 1][rows][units], the first all 0.
struct GatedRun: Sendable {
  let cell: GatedCell, inputs: Int, units: Int, width: Int, machine: Machine
  private let weights: Tensor, recurrent: Tensor, bias: Tensor

  init<L: GatedLayer>(_ layer: L, _ node: Node, _ pass: Pass) {
    (cell, inputs, units, machine) = (L.cell, node.input.count, layer.units, pass.machine)
    width = L.gates * layer.units
    func values(_ place: Int) -> Tensor {
      let entry = pass.parameters.layout.entries[node.slots.lowerBound + place]
      return Tensor(pass.parameters.values(of: entry), [entry.count])
    }
    (weights, recurrent, bias) = (values(0), values(1), values(2))
  }
  private func tiles(_ batch: Int) -> [Range<Int>] {
    let tiles = max(batch < 32 ? 1 : 2, (batch + 63) / 64)
    return (0..<tiles).map { $0 * batch / tiles..<($0 + 1) * batch / tiles }
  }

  func forward(_ input: Signal, isKept: Bool) -> (Signal, [Tensor]) {
    let steps = input.steps, batch = input.batch, n = units, backend = machine.backend
    var output = input.like([n], constant: false)
    let slots = isKept ? steps : 1, states = isKept ? steps + 1 : 2
    var gates = Tensor(unwritten: [slots * batch * 4 * n]), cells = Tensor(zeros: [states * batch * n])
    var sent = Tensor(zeros: [states * batch * n])
    let w = weights.read { backend.packed(MatrixView($0, inputs, width)) }
    let u = recurrent.read { backend.packed(MatrixView($0, n, width)) }
    let tiles = tiles(batch)
    input.values.read { x in
      output.values.write { y in
        gates.write { g in
          cells.write { c in
            sent.write { h in
              nonisolated(unsafe) let (x, y, g, c, h) = (x, y, g, c, h)
              machine.forEach(tiles.count) { k in
                let rows = tiles[k], r = rows.count
                var sums = Tensor(zeros: [2 * r * width])
                sums.write { scratch in
                  let a = MutableMatrixView(scratch, r, width), b = MutableMatrixView(scratch + r * width, r, width)
                  for t in 0..<steps {
                    let slot = isKept ? t : 0, now = isKept ? t : t % 2, next = isKept ? t + 1 : (t + 1) % 2
                    bias.read { for row in 0..<r { (scratch + row * width).update(from: $0, count: width) } }
                    backend.multiply(
                      MatrixView(x + t * input.stride + rows.lowerBound * inputs, r, inputs), w, into: a, adds: true)
                    let first = rows.lowerBound * states, before = h + (first + now * r) * n
                    backend.multiply(MatrixView(before, r, n), u, into: b, adds: false)
                    step(
                      r, a.base, b.base, before: before, cells: c + (first + now * r) * n,
                      gates: g + (rows.lowerBound * slots + slot * r) * 4 * n, next: c + (first + next * r) * n,
                      sent: h + (first + next * r) * n)
                    (y + (t * batch + rows.lowerBound) * n).update(from: h + (first + next * r) * n, count: r * n)
                  }
                }
              }
            }
          }
        }
      }
    }
    return (output, [gates, cells, sent])
  }
  private func step(
    _ rows: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, before: UnsafePointer<Float>,
    cells: UnsafePointer<Float>, gates: UnsafeMutablePointer<Float>, next: UnsafeMutablePointer<Float>,
    sent: UnsafeMutablePointer<Float>
  ) {
    switch cell {
    case .lstm: lmu_lstm_step(rows, units, a, b, cells, gates, next, sent)
    case .gru: lmu_gru_step(rows, units, a, b, before, gates, sent)
    }
  }

  /// The gradient of the input, and sums for W, U and bias, one behind the other, added up over the pieces in order.
  func backward(_ gradient: Signal, input: Signal, _ tape: [Tensor], needsInput: Bool) -> (Signal, Tensor) {
    let steps = input.steps, batch = input.batch, tiles = tiles(batch), count = (inputs + units + 1) * width
    var result = input.like(needsInput ? input.features : [0]), pieces = Tensor(zeros: [tiles.count * count])
    let w = weights.read { machine.backend.packed(MatrixView($0, inputs, width, transposed: true)) }
    let u = recurrent.read { machine.backend.packed(MatrixView($0, units, width, transposed: true)) }
    input.values.read { x in
      gradient.values.read { up in
        tape[0].read { g in
          tape[1].read { c in
            tape[2].read { h in
              result.values.write { dx in
                pieces.write { sums in
                  nonisolated(unsafe) let (x, up, g, c, h, dx, sums) = (x, up, g, c, h, dx, sums)
                  machine.forEach(tiles.count) { k in
                    let rows = tiles[k], first = rows.lowerBound
                    sweep(
                      GatedPiece(
                        rows: rows, steps: steps, batch: batch, input: x, inputStride: input.stride, gradient: up,
                        gates: g + first * steps * 4 * units, cells: c + first * (steps + 1) * units,
                        sent: h + first * (steps + 1) * units, result: needsInput ? dx : nil, sums: sums + k * count),
                      w, u)
                  }
                }
              }
            }
          }
        }
      }
    }
    var total = Tensor(zeros: [count])
    for k in 0..<tiles.count { for i in 0..<count { total[i] += pieces[k * count + i] } }
    return (result, total)
  }
  private func sweep(_ piece: GatedPiece, _ w: PackedMatrix, _ u: PackedMatrix) {
    let r = piece.rows.count, n = units, backend = machine.backend
    var scratch = Tensor(zeros: [r * (2 * width + 4 * n)])
    scratch.write { base in
      let (toInput, toRecurrent) = (base, base + r * width), above = base + 2 * r * width
      let carried = above + r * n, direct = carried + r * n, feedback = direct + r * n
      for t in (0..<piece.steps).reversed() {
        let up = piece.gradient + (t * piece.batch + piece.rows.lowerBound) * n
        for i in 0..<r * n { above[i] = up[i] + feedback[i] + direct[i] }
        let gates = piece.gates + t * r * 4 * n, before = piece.sent + t * r * n
        var recurrent = toInput
        switch cell {
        case .lstm:
          lmu_lstm_back(r, n, gates, piece.cells + t * r * n, piece.cells + (t + 1) * r * n, above, carried, toInput)
        case .gru:
          lmu_gru_back(r, n, gates, before, above, direct, toInput, toRecurrent)
          recurrent = toRecurrent
        }
        backend.multiply(MatrixView(recurrent, r, width), u, into: MutableMatrixView(feedback, r, n), adds: false)
        let x = piece.input + t * piece.inputStride + piece.rows.lowerBound * inputs
        if let result = piece.result {
          let dx = result + t * piece.inputStride + piece.rows.lowerBound * inputs
          backend.multiply(MatrixView(toInput, r, width), w, into: MutableMatrixView(dx, r, inputs), adds: true)
        }
        backend.multiply(
          MatrixView(x, r, inputs, transposed: true), MatrixView(toInput, r, width),
          into: MutableMatrixView(piece.sums, inputs, width), beta: 1)
        backend.multiply(
          MatrixView(before, r, n, transposed: true), MatrixView(recurrent, r, width),
          into: MutableMatrixView(piece.sums + inputs * width, n, width), beta: 1)
        backend.sumRows(MatrixView(toInput, r, width), into: piece.sums + (inputs + n) * width)
      }
    }
  }
  /// W, U or bias out of the sums.
  func entry(_ place: Int, of sums: Tensor) -> [Float] {
    let starts = [0, inputs * width, (inputs + units) * width, (inputs + units + 1) * width]
    return (starts[place]..<starts[place + 1]).map { sums[$0] }
  }
}

/// Where the values of one piece of the batch stand.
private struct GatedPiece {
  let rows: Range<Int>, steps: Int, batch: Int, input: UnsafePointer<Float>, inputStride: Int
  let gradient: UnsafePointer<Float>, gates: UnsafePointer<Float>, cells: UnsafePointer<Float>
  let sent: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>?, sums: UnsafeMutablePointer<Float>
}

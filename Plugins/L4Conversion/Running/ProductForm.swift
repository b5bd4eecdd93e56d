internal import Compute
internal import L4ConversionKernels

/// Weights of a layer as floats, for the charge of many steps as one product of matrices.
///
/// A row of the product is a step and a place, a column an output or channel. Spikes are counts up to c, weights whole
/// numbers: while c·Σ|w| of every output is below 2²⁴, every partial sum is a float without rounding, whatever the order.
struct ProductForm: Sendable {
  let weights: AlignedBuffer<Float>, rows: Int, places: Int, length: Int
  /// Where each piece of a source counts: place · rows + row.
  let cell: AlignedBuffer<UInt32>

  /// - Parameters:
  ///   - most: spikes of one step that can meet in one cell, c.
  ///
  /// Nil where products would round.
  init?(_ weights: AlignedBuffer<Int16>, length: Int, rows: [UInt32], places: [UInt32], outputs: Int, most: Int) {
    guard length > 0, Self.isExact(weights, length: length, most: most) else { return nil }
    (self.length, self.places, self.rows) = (length, outputs / length, weights.count / length)
    self.weights = AlignedBuffer((0..<weights.count).map { Float(weights[$0]) })
    let perPlace = weights.count / length
    cell = AlignedBuffer(zip(places, rows).map { $0 / UInt32(length) * UInt32(perPlace) + $1 / UInt32(length) })
  }
  static func isExact(_ weights: AlignedBuffer<Int16>, length: Int, most: Int) -> Bool {
    var sums = [Int](repeating: 0, count: length)
    for k in 0..<weights.count { sums[k % length] += Int(weights[k].magnitude) }
    return sums.allSatisfy { $0 * most < 1 << 24 }
  }
  /// Columns of one step.
  var size: Int { places * rows }
  /// Multiplications of one step.
  var work: Int { size * length }
  /// Steps of one product: as many as have a million columns.
  var together: Int { max(1, (1 << 20) / max(1, size)) }
}

extension Simulation {
  /// A layer's spikes over some steps from products of matrices; the same as `general` gives.
  func multiplied(_ state: State, _ layer: ConvertedNetwork.Layer, _ l: Int, _ steps: Int, _ form: ProductForm)
    -> EventList
  {
    let n = layer.synapses.outputs, isBurst = layer.reset == Int32(SOMA_L4_BURST), together = min(steps, form.together)
    let columns = AlignedBuffer<Float>(zeros: together * form.size), charge = AlignedBuffer<Float>(zeros: together * n)
    var first = [UInt32](repeating: 0, count: steps + 1), times = [UInt32](repeating: 0, count: isBurst ? n * steps : 0)
    let constant = l == 0 ? state.constant : layer.bias
    let index = [UInt32](unsafeUninitializedCapacity: n * steps + 1) { index, found in
      for start in stride(from: 0, to: steps, by: together) {
        let count = min(together, steps - start)
        spread(state.events, layer.synapses, form, from: start, steps: count, columns)
        machine.backend.multiply(
          MatrixView(columns.base, count * form.places, form.rows),
          MatrixView(form.weights.base, form.rows, form.length),
          into: MutableMatrixView(charge.base, count * form.places, form.length), beta: 0)
        constant.withUnsafeBufferPointer { constant in
          times.withUnsafeMutableBufferPointer { times in
            first.withUnsafeMutableBufferPointer { first in
              guard let base = constant.baseAddress, let firsts = first.baseAddress else { return }
              var raw = layer.raw(base)
              found = soma_l4_integrate(
                &raw, charge.base, count, state.potential[l].base, index.baseAddress, firsts + start,
                isBurst ? times.baseAddress : nil, found)
            }
          }
        }
      }
    }
    first[steps] = UInt32(index.count)
    return EventList(index: index, first: first, multiplicity: isBurst ? Array(times.prefix(index.count)) : nil)
  }
  private func spread(
    _ events: InputEvents.Piece, _ synapses: WholeSynapses, _ form: ProductForm, from start: Int, steps: Int,
    _ columns: AlignedBuffer<Float>
  ) {
    columns.base.update(repeating: 0, count: steps * form.size)
    var raw = synapses.raw
    events.raised.read { soma_l4_spread(&raw, form.cell.base, &$0, start, steps, form.size, 1, columns.base) }
    events.lowered?.read { soma_l4_spread(&raw, form.cell.base, &$0, start, steps, form.size, -1, columns.base) }
  }
}

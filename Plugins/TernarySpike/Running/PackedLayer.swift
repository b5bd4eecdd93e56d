internal import Compute
internal import Spiking
internal import TernarySpikeKernels

/// A layer with weights that reads spikes: y = Σ w of positive spikes − Σ w of negative ones + b, by additions alone.
///
/// Each row of the batch takes the faster form: spikes packed into bits where they are few, else the product of the layer
/// that it stands for. Which one is told by the row alone, so a sample has the same bits in every batch.
struct PackedLayer: Layer {
  let base: any LinearLayer, weights: PackedWeights
  var choice = FormChoice.measured

  var kind: String { base.kind }
  var summary: String { base.summary }
  var role: LayerRole { base.role }
  func features(after features: Shape) throws(ShapeError) -> Shape { try base.features(after: features) }
  func parameters(for features: Shape) -> [ParameterSpec] { base.parameters(for: features) }

  func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    let rows = 0..<input.rows, isAdded = isAdded(input, pass.machine)
    let added = rows.filter { isAdded[$0] }
    if !rows.isEmpty { pass.addedShares[node.index] = Double(added.count) / Double(rows.count) }
    if added.isEmpty { return base.forward(input, at: node, &pass) }
    var output = Signal(
      Tensor(unwritten: [input.rows * node.output.count]), steps: input.steps, batch: input.batch,
      features: node.output,
      isConstant: input.isConstant)
    add(added, of: input, into: &output, pass.machine)
    if added.count < rows.count { multiply(rows.filter { !isAdded[$0] }, of: input, at: node, &pass, into: &output) }
    return output
  }

  /// Whether each row is to be added up.
  private func isAdded(_ input: Signal, _ machine: Machine) -> [Bool] {
    guard choice == .measured else { return Array(repeating: choice == .additions, count: input.rows) }
    let n = input.features.count, limit = weights.breakEven * Double(n)
    guard limit > 0 else { return Array(repeating: false, count: input.rows) }
    let units = weights.units(perPlace: n)
    return [Bool](unsafeUninitializedCapacity: input.rows) { result, count in
      count = input.rows
      guard let base = result.baseAddress else { return }
      input.values.read { x in
        nonisolated(unsafe) let (x, base) = (x, base)
        machine.forEach(input.rows) { row in
          let spikes = ternary_count(x + row * n, units, n, weights.window.levels)
          (base + row).initialize(to: Double(spikes) <= limit)
        }
      }
    }
  }

  /// Rows of a dense layer that share weights from cache, at most.
  private static let together = 32

  private func add(_ rows: [Int], of input: Signal, into output: inout Signal, _ machine: Machine) {
    let pieces = neighbours(rows, atMost: weights.isDense ? Self.together : 1)
    let size = input.features.count, sent = output.features.count
    input.values.read { x in
      output.values.write { y in
        nonisolated(unsafe) let (x, y) = (x, y)
        machine.forEach(pieces.count) { piece in
          let rows = pieces[piece]
          weights.add(x + rows.lowerBound * size, rows: rows.count, into: y + rows.lowerBound * sent)
        }
      }
    }
  }
  /// Rows in runs without gaps.
  private func neighbours(_ rows: [Int], atMost most: Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for row in rows {
      if let last = runs.last, last.upperBound == row, last.count < most {
        runs[runs.count - 1] = last.lowerBound..<row + 1
      } else {
        runs.append(row..<row + 1)
      }
    }
    return runs
  }

  /// The other rows, put together for one product.
  private func multiply(_ rows: [Int], of input: Signal, at node: Node, _ pass: inout Pass, into output: inout Signal) {
    let size = input.features.count, sent = node.output.count
    var chosen = Tensor(unwritten: [rows.count * size])
    input.values.read { x in
      chosen.write { y in for (k, row) in rows.enumerated() { (y + k * size).update(from: x + row * size, count: size) }
      }
    }
    let product = base.forward(
      Signal(chosen, steps: 1, batch: rows.count, features: input.features, isConstant: true), at: node, &pass)
    product.values.read { x in
      output.values.write { y in
        for (k, row) in rows.enumerated() { (y + row * sent).update(from: x + k * sent, count: sent) }
      }
    }
  }
}

/// Who chooses the form of a row: the density of its spikes, or a measurement.
public enum FormChoice: Sendable { case measured, additions, products }

extension PackedWeights {
  /// Spikes an input from which the product is faster: the ratio of the speeds of both.
  ///
  /// Measured on one thread with AVX-512 (docs/results.md): products 70 to 85 G multiplications a second, additions 20 to 35 G
  /// where there are many outputs, and too few to be worth packing where there are not.
  var breakEven: Double {
    switch (window.outputs, isDense) {
    case (..<64, _): 0
    case (..<128, true): 0.05
    case (..<512, true): 0.15
    case (_, true): 0.25
    case (_, false): 0.35
    }
  }
  /// The unit of every value of a row.
  func units(perPlace count: Int) -> [Float] { (0..<count).map { units[$0 * units.count / count] } }

  /// Some rows of a dense layer, or one image.
  func add(_ values: UnsafePointer<Float>, rows: Int, into output: UnsafeMutablePointer<Float>) {
    var window = window
    if isDense { (window.width, window.output_width) = (rows, rows) }
    let inputs = window.height * window.width, groups = (window.channels + Self.group - 1) / Self.group
    let sums = 4 * window.output_height * window.output_width * Self.block
    let planes = 8 * window.levels * window.signs * groups * inputs
    let lists = 4 * 2 * (inputs + 1 + inputs * Self.group * window.levels)
    withUnsafeTemporaryAllocation(byteCount: sums + planes + lists, alignment: 64) { memory in
      guard let base = memory.baseAddress else { return }
      let words = (base + sums).bindMemory(to: UInt64.self, capacity: planes / 8)
      ternary_pack(&window, values, units, words)
      ternary_add(
        &window, words, weights.base, bias.base,
        (base + sums + planes).bindMemory(to: UInt32.self, capacity: lists / 4),
        base.bindMemory(to: Float.self, capacity: sums / 4), output)
    }
  }
}

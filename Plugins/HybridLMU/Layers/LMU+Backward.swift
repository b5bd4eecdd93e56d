internal import Compute
internal import HybridLMUKernels
public import Spiking

extension LMU {
  /// The adjoint of the loop, passed straight through the rounding:
  ///
  ///     ∂J = ∂ĥ·f′(J),   ∂m = ∂m⁺·Ā + ∂u⁺·E_mᵀ + ∂J·W_mᵀ,   ∂u = ∂m·B̄,   ∂ĥ⁻ = ∂J·W_hᵀ + ∂u·E_hᵀ
  ///
  /// ⁺ marks the step behind. Weights collect products with what was sent, ĥ and m̂, not with a and m.
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    let weights = LMUWeights(self, at: node, pass.parameters, dt: pass.dt)
    let tape =
      pass.tapes.removeValue(forKey: node.index).map(LMUTape.init) ?? run(input, at: node, &pass, isKept: true).1
    let machine = pass.machine, batch = input.batch, tiles = Self.tiles(batch)
    let sweep = LMUSweep(self, weights, machine.backend, steps: input.steps, batch: batch, needsInput: needsInput)
    var result = input.like(needsInput ? input.features : [0])
    var sums = Tensor(zeros: [tiles.count, sweep.sums.count])
    input.values.read { x in
      gradient.values.read { g in
        result.values.write { r in
          sums.write { sums in
            tape.read { tape in
              nonisolated(unsafe) let (x, g, r, sums, tape) = (x, g, r, sums, tape)
              machine.forEach(tiles.count) { k in
                sweep.run(
                  LMUSweep.Piece(
                    rows: tiles[k], input: x, inputStride: input.stride, gradient: g, result: r, tape: tape,
                    sums: sums + k * sweep.sums.count))
              }
            }
          }
        }
      }
    }
    if pass.gradients != nil { store(sums, pieces: tiles.count, sweep.sums, weights, dt: pass.dt, &pass) }
    return needsInput ? result : nil
  }
  /// The pieces of `Dense.forEachTile`.
  private static func tiles(_ batch: Int) -> [Range<Int>] {
    let tiles = max(batch < 32 ? 1 : 2, (batch + 63) / 64)
    return (0..<tiles).map { $0 * batch / tiles..<($0 + 1) * batch / tiles }
  }

  /// Adds the sums of the pieces in order and writes them where the entries stand.
  private func store(
    _ sums: Tensor, pieces: Int, _ places: LMUSums, _ weights: LMUWeights, dt: Time, _ pass: inout Pass
  ) {
    var total = Tensor(zeros: [places.count])
    sums.read { from in
      total.write { to in
        for k in 0..<pieces { for i in 0..<places.count { to[i] += from[k * places.count + i] } }
      }
    }
    let shape = weights.shape, c = shape.channels, n = shape.units, w = shape.sums
    total.read { t in
      pass.gradients?.flat.write { g in
        for source in Source.allCases {
          let joint = t + places.offset(source), kernelFirst = source != .m
          for r in 0..<shape.size(source) {
            let row = joint + r * w
            if let e = weights.encoders[source] { (g + e + r * c).update(from: row + (kernelFirst ? n : 0), count: c) }
            if let k = weights.kernels[source] { (g + k + r * n).update(from: row + (kernelFirst ? 0 : c), count: n) }
          }
        }
        if let bias = weights.bias { (g + bias).update(from: t + places.bias, count: n) }
        if let rate = weights.rate {
          g[rate] = slope(
            t + places.transition, t + places.drive, LMUWeights.system(self, pass.parameters.flat[rate], dt: dt))
        }
      }
    }
  }
  /// ∂L/∂(1/θ) from the gradients of Ā and B̄.
  private func slope(
    _ transition: UnsafePointer<Float>, _ drive: UnsafePointer<Float>, _ system: LegendreSystem
  ) -> Float {
    let slopes = system.slopes
    var sum = 0.0
    for i in 0..<memory * memory { sum += Double(transition[i]) * slopes.transition.values[i] }
    for i in 0..<memory { sum += Double(drive[i]) * slopes.input[i] }
    return Float(sum)
  }
}

/// Where the gradients of a piece are summed: those of each source side by side, as its weights stand.
struct LMUSums: Sendable {
  let shape: LMUShape, learnsWindow: Bool
  func offset(_ source: LMU.Source) -> Int {
    switch source {
    case .x: 0
    case .h: shape.inputs * shape.sums
    case .m: (shape.inputs + shape.units) * shape.sums
    }
  }
  var bias: Int { (shape.inputs + shape.sent) * shape.sums }
  var transition: Int { bias + shape.units }
  var drive: Int { transition + (learnsWindow ? shape.order * shape.order : 0) }
  var count: Int { drive + (learnsWindow ? shape.order : 0) }
}

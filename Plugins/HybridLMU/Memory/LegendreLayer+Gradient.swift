internal import Compute
public import Spiking

extension LegendreLayer {
  /// Adjoint of the recurrence: g(t) += g(t+1)·Ā, and ∂L/∂u(t) = g(t)·B̄.
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    guard needsInput else { return nil }
    let system = system(dt: pass.dt)
    return reads == .last
      ? fromLast(gradient, input, system, pass.machine) : fromEvery(gradient, input, system, pass.machine)
  }
  private func fromLast(_ gradient: Signal, _ input: Signal, _ system: LegendreSystem, _ machine: Machine) -> Signal {
    var result = input.unwritten(input.features)
    let rows = input.neurons, q = order, kernel = kernel(of: system, for: input), depth = input.storedSteps
    kernel.read { h in
      gradient.values.read { g in
        result.values.write { r in
          nonisolated(unsafe) let (h, g, r) = (h, g, r)
          Dense.forEachTile(of: rows, machine) { tile in
            machine.backend.multiply(
              MatrixView(h, depth, q), MatrixView(g + tile.lowerBound * q, tile.count, q, transposed: true),
              into: MutableMatrixView(r + tile.lowerBound, depth, tile.count, stride: rows), beta: 0)
          }
        }
      }
    }
    return result
  }
  private func fromEvery(_ gradient: Signal, _ input: Signal, _ system: LegendreSystem, _ machine: Machine) -> Signal {
    var result = input.like(input.features)
    let rows = input.neurons, q = order
    let a = Tensor(system.transition.values.map(Float.init), [q, q]), b = system.inputs
    a.read { a in
      gradient.values.read { g in
        result.values.write { r in
          nonisolated(unsafe) let (a, g, r) = (a, g, r)
          Dense.forEachTile(of: rows, machine) { tile in
            let count = tile.count * q
            withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * count) { memory in
              guard var adjoint = memory.baseAddress else { return }
              var next = adjoint + count
              adjoint.initialize(repeating: 0, count: 2 * count)
              for t in (0..<input.steps).reversed() {
                swap(&adjoint, &next)
                adjoint.update(from: g + (t * rows + tile.lowerBound) * q, count: count)
                machine.backend.multiply(
                  MatrixView(next, tile.count, q), MatrixView(a, q, q), into: MutableMatrixView(adjoint, tile.count, q),
                  beta: 1)
                let du = r + t * input.stride + tile.lowerBound
                for i in 0..<tile.count {
                  var sum: Float = 0
                  for k in 0..<q { sum += adjoint[i * q + k] * b[k] }
                  du[i] += sum
                }
              }
            }
          }
        }
      }
    }
    return result
  }
}

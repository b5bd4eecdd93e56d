public import Compute

/// The mean over time; what follows is computed once.
public struct TimeMean: DifferentiableLayer {
  public init() {}
  public var kind: String { "mean" }
  public var summary: String { "mean over time" }
  public var role: LayerRole { .passive(.timeMean) }
  public func features(after features: Shape) throws(ShapeError) -> Shape { features }

  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    let n = input.neurons, steps = input.storedSteps, scale = 1 / Float(steps)
    guard !input.isConstant else {
      return Signal(input.values, steps: 1, batch: input.batch, features: input.features, isConstant: true)
    }
    var output = Signal(
      Tensor(zeros: [n]), steps: 1, batch: input.batch, features: input.features, isConstant: true)
    let backend = pass.machine.backend
    input.values.read { x in
      output.values.write { y in
        backend.sumRows(MatrixView(x, steps, n), into: y)
        for i in 0..<n { y[i] *= scale }
      }
    }
    return output
  }
  /// The same share of the gradient at every step; a constant input gets the gradient as it came.
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    var result = input.like(input.features)
    let n = input.neurons, steps = input.storedSteps, scale = 1 / Float(steps)
    gradient.values.read { g in
      result.values.write { r in
        for i in 0..<n { r[i] = g[i] * scale }
        for t in 1..<max(1, steps) { (r + t * n).update(from: r, count: n) }
      }
    }
    return result
  }
}

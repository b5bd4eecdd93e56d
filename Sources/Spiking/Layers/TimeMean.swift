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
    input.values.read { x in output.values.write { y in
      backend.sumRows(MatrixView(x, steps, n), into: y)
      for i in 0..<n { y[i] *= scale }
    } }
    return output
  }
  /// A gradient that is the same for every step, or that of a constant input as it came.
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    var result = gradient
    result.steps = input.steps
    guard !input.isConstant else { return result }
    let scale = 1 / Float(input.steps)
    result.values.write { for i in 0..<gradient.values.count { $0[i] *= scale } }
    return result
  }
}

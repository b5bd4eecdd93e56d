public import Compute

/// The mean over time, ō = Σ c^(T−t)·o[t] / Σ c^(T−t); what follows is computed once.
///
/// A carry c of 1 weighs all steps alike, 0 takes the last one, and between them a leaky membrane is read at the end.
public struct TimeMean: DifferentiableLayer {
  public var carry: Double
  public init(carry: Double = 1) { self.carry = carry }
  public var kind: String { "mean" }
  public var summary: String { "mean over time" }
  public var role: LayerRole { .passive(.timeMean) }
  public func features(after features: Shape) throws(ShapeError) -> Shape { features }

  /// The weight of every step; they add up to 1.
  static func weights(_ steps: Int, carry: Double) -> [Float] {
    var weights = [Double](repeating: 1, count: steps)
    for t in stride(from: steps - 2, through: 0, by: -1) { weights[t] = weights[t + 1] * carry }
    let sum = weights.reduce(0, +)
    return weights.map { Float($0 / sum) }
  }
  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    let n = input.neurons, steps = input.storedSteps, weights = Self.weights(steps, carry: carry)
    guard !input.isConstant else {
      return Signal(input.values, steps: 1, batch: input.batch, features: input.features, isConstant: true)
    }
    var output = Signal(
      Tensor(zeros: [n]), steps: 1, batch: input.batch, features: input.features, isConstant: true)
    input.values.read { x in
      output.values.write { y in
        for t in 0..<steps where weights[t] != 0 {
          let w = weights[t], row = x + t * n
          for i in 0..<n { y[i] += w * row[i] }
        }
      }
    }
    return output
  }
  /// To every step its share of the gradient; a constant input gets the gradient as it came.
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    var result = input.unwritten(input.features)
    let n = input.neurons, steps = input.storedSteps, weights = Self.weights(steps, carry: carry)
    gradient.values.read { g in
      result.values.write { r in
        for t in 0..<steps {
          let w = weights[t], row = r + t * n
          for i in 0..<n { row[i] = w * g[i] }
        }
      }
    }
    return result
  }
}

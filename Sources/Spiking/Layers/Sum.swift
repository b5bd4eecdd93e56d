public import Compute

/// Adds two signals: y = F(x) + shortcut(x), the end of a residual branch. The network does the adding.
///
/// - Reference: K. He, X. Zhang, S. Ren, J. Sun, CVPR 2016, arXiv:1512.03385.
public struct Sum: DifferentiableLayer {
  public init() {}
  public var kind: String { "sum" }
  public var summary: String { "sum of branch and shortcut" }
  public var role: LayerRole { .sum }
  public func features(after features: Shape) throws(ShapeError) -> Shape { features }
  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal { input }
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? { gradient }
}

extension Signal {
  /// The sum of two signals of one shape; it varies in time where one of them does.
  func adding(_ other: Signal) -> Signal {
    precondition(features == other.features && batch == other.batch, "signals to be added have one shape")
    guard isConstant || !other.isConstant else { return other.added(over: self) }
    return added(over: other)
  }
  /// `other`, which varies where this does not, plus this.
  private func added(over other: Signal) -> Signal {
    var sum = other
    sum.alphabet = .graded
    let n = neurons, steps = sum.storedSteps
    values.read { x in
      sum.values.write { y in
        for t in 0..<steps {
          let from = x + t * stride, to = y + t * n
          for i in 0..<n { to[i] += from[i] }
        }
      }
    }
    return sum
  }
  /// The gradient of a constant signal from that of a varying one.
  var summedOverTime: Signal {
    guard !isConstant else { return self }
    var sum = like(features, constant: true)
    let n = neurons
    values.read { x in
      sum.values.write { y in
        for t in 0..<steps { for i in 0..<n { y[i] += x[t * n + i] } }
      }
    }
    return sum
  }
}

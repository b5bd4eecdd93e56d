public import Compute

/// What a neuron can put on its axon; consumers choose their kernels by it.
public enum Alphabet: String, Sendable, Equatable {
  /// 0 or one height.
  case binary
  /// One height, its negative, or 0.
  case ternary
  /// Any number.
  case graded
}

/// What flows between layers in a clocked run: [steps][batch][features], time outermost.
///
/// A constant signal is stored for one step only. Linear layers keep it constant, so a still image is multiplied once;
/// neurons turn it into one that varies.
public struct Signal: Sendable {
  public var values: Tensor
  public var steps: Int, batch: Int, features: Shape
  /// Whether every step is the same and only one is stored.
  public var isConstant: Bool
  public var alphabet: Alphabet

  /// - Parameter values: steps × batch × features floats, or batch × features where constant.
  public init(
    _ values: Tensor, steps: Int, batch: Int, features: Shape, isConstant: Bool = false, alphabet: Alphabet = .graded
  ) {
    precondition(values.count == (isConstant ? 1 : steps) * batch * features.count, "as many values as the shape has")
    (self.values, self.steps, self.batch, self.features) = (values, steps, batch, features)
    (self.isConstant, self.alphabet) = (isConstant, alphabet)
  }

  /// Steps that are stored: 1 for a constant signal.
  public var storedSteps: Int { isConstant ? 1 : steps }
  /// Rows of the matrix a linear layer sees: time is folded into the batch.
  public var rows: Int { storedSteps * batch }
  /// Values of one step.
  public var neurons: Int { batch * features.count }
  /// Distance between steps, 0 when constant.
  public var stride: Int { isConstant ? 0 : neurons }

  /// A signal of zeros with other features and the same time and batch.
  public func like(_ features: Shape, constant: Bool? = nil) -> Signal {
    filled(features, isConstant: constant ?? isConstant) { Tensor(zeros: [$0]) }
  }
  /// The same, for whoever writes every value of it.
  public func unwritten(_ features: Shape, constant: Bool? = nil) -> Signal {
    filled(features, isConstant: constant ?? isConstant) { Tensor(unwritten: [$0]) }
  }
  private func filled(_ features: Shape, isConstant: Bool, _ make: (Int) -> Tensor) -> Signal {
    let values = make((isConstant ? 1 : steps) * batch * features.count)
    return Signal(values, steps: steps, batch: batch, features: features, isConstant: isConstant)
  }
}

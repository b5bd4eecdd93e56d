/// The dynamics of one neuron with every coefficient worked out for one dt: what runs inside the loops.
///
/// Mark `integrate`, `fire` and `pullback` with `@inline(__always)`, and write conditions as numbers 0 or 1 with
/// arithmetic between them: a branch keeps the loop from becoming vector code.
public protocol NeuronRule: Sendable, BitwiseCopyable {
  associatedtype Real: BinaryFloatingPoint & Sendable & BitwiseCopyable
  /// A struct of nothing but `Real`s, one per state variable, in the order of `variables`.
  associatedtype State: BitwiseCopyable
  static var variables: [Variable] { get }
  var rest: State { get }
  /// The subthreshold equation over one step.
  func integrate(_ state: State, _ current: Real) -> State
  /// Threshold and reset: changes the state, returns what is sent.
  func fire(_ state: inout State) -> Real
}

/// A rule whose spike has a derivative to stand in for the true one.
public protocol DifferentiableRule: NeuronRule {
  /// A struct of `Real`s, one per learnt parameter.
  associatedtype Gradients: BitwiseCopyable = NoGradients
  var noGradients: Gradients { get }
  /// The adjoint behind the last step.
  var zeroAdjoint: State { get }
  /// How far from firing it is, in thresholds: (v − θ)/θ. Surrogates are functions of it.
  func distance(_ integrated: State) -> Real
  /// One step back.
  ///
  /// - Parameters:
  ///   - slope: ∂(spike)/∂(distance), from the surrogate.
  ///   - output: ∂L/∂(what was sent).
  ///   - adjoint: enters as ∂L/∂(state after) and leaves as ∂L/∂(state before).
  ///   - gradients: ∂L/∂(learnt parameters), to be added to.
  /// - Returns: ∂L/∂current.
  func pullback(
    before: State, integrated: State, current: Real, slope: Real, output: Real, adjoint: inout State,
    gradients: inout Gradients
  ) -> Real
}
/// What a rule without learnt parameters has for their gradients.
public struct NoGradients: BitwiseCopyable, Sendable {
  @inlinable public init() {}
}
extension DifferentiableRule where Gradients == NoGradients {
  @inlinable public var noGradients: NoGradients { NoGradients() }
}

internal import Compute
public import Spiking

/// Runs networks of ternary neurons step by step, with additions in place of products where few neurons spike.
///
/// Dense layers and convolutions that read spikes of one height, or means of a few of them, are run by `PackedLayer`;
/// everything else, and every answer, is that of the clocked executor. Outputs agree to the rounding of sums in another
/// order, 10⁻⁵ of the largest.
public struct PackedExecutor: Executor {
  public var choice: FormChoice
  public init(_ choice: FormChoice = .measured) { self.choice = choice }
  public var kind: String { "packed" }
  public func prepare(_ model: Model, _ options: ExecutionOptions) -> (any Execution)? {
    guard let packed = model.initialised(seed: 0).packed(choice) else { return nil }
    return ClockedExecutor().prepare(packed, options)
  }
}

extension Model {
  /// The model with packed layers; nil where it has no neurons with heights of their own or no layer that reads spikes.
  public func packed(_ choice: FormChoice = .measured) -> Model? {
    let hasHeights = network.nodes.contains { $0.neuron?.capability((any ScaledNeuron).self) != nil }
    guard hasHeights, let parameters, parameters.isFinite else { return nil }
    var result = self, count = 0
    result.network = network.replacing { node in
      guard let weights = packedWeights(node, parameters), case .linear(let base) = node.layer.role else {
        return node.layer
      }
      count += 1
      return PackedLayer(base: base, weights: weights, choice: choice)
    }
    return count > 0 ? result : nil
  }
  private func packedWeights(_ node: Node, _ parameters: Parameters) -> PackedWeights? {
    guard case .linear = node.layer.role, let form = spikeForm(ofSignal: node.source) else { return nil }
    if let dense = node.layer as? Dense { return PackedWeights(dense, at: node, in: parameters, form: form) }
    guard let convolution = node.layer as? Convolution else { return nil }
    return PackedWeights(convolution, at: node, in: parameters, form: form)
  }
}

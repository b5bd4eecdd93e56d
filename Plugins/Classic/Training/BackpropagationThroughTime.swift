public import Spiking

/// Backpropagation through time for spiking networks, through surrogate derivatives of their neurons.
///
/// The loss is the cross-entropy of the mean output over time, L = −log softmax(ō)[label]; how weights move is
/// `DescentOptions`.
///
/// - Reference: E. O. Neftci, H. Mostafa, F. Zenke, IEEE Signal Process. Mag. 36(6), 2019, arXiv:1901.09948.
public struct BackpropagationThroughTime: GradientTrainer {
  public var options = DescentOptions()
  public init() {
    (options.epochs, options.batch) = (5, 64)
    options.usualRates = [.adam: 0.002, .sgd: 0.05]
  }
  public static let manual = Manual(
    "bptt", "Backpropagation through time with surrogate gradients.",
    equation: "L = −log softmax(mean over t of o[t])[label]", reference: "E. O. Neftci et al., 2019, arXiv:1901.09948",
    details: DescentOptions.details,
    examples: [
      "data glyphs | take train=200 test=50 | encode direct steps=4 | dense 30 | neuron lif | dense 10 | train bptt epochs=2"
    ])
  public static let settings: [Setting<Self>] = commonSettings

  public func missing(in network: Network) -> [Missing] {
    network.neuronsWithout((any DifferentiableNeuron).self).map { Missing($0, "a surrogate gradient") }
      + Self.layersWithoutGradient(of: network)
  }
}

public import Spiking

/// Backpropagation for analog networks: layers without state, each with its true derivative.
///
/// The loss is the cross-entropy of the output, L = −log softmax(o)[label]; how weights move is `DescentOptions`.
///
/// - Reference: D. E. Rumelhart, G. E. Hinton, R. J. Williams, Nature 323, 1986, doi:10.1038/323533a0.
public struct Backpropagation: GradientTrainer {
  public var options = DescentOptions()
  public init() {}
  public static let manual = Manual(
    "backprop", "Backpropagation for networks without spikes.", equation: "L = −log softmax(o)[label]",
    reference: "D. E. Rumelhart et al., 1986, doi:10.1038/323533a0", details: DescentOptions.details,
    examples: ["data glyphs | take train=300 test=50 | dense 100 | relu | dense 10 | train backprop epochs=3"])
  public static let settings: [Setting<Self>] = commonSettings

  public func missing(in network: Network) -> [Missing] {
    network.nodes.filter { $0.neuron != nil }.map { Missing($0, "a true derivative") }
      + Self.layersWithoutGradient(of: network)
  }
}

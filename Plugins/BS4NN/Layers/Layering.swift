internal import Compute
internal import Spiking

/// Pairs of a dense layer and neurons that fire once: what trainers and executors here work on.
struct Layering: Sendable {
  struct Pair: Sendable {
    var dense: Node, population: Node, threshold: Double
    var name: String { population.name }
  }
  let pairs: [Pair]

  /// The pairs of a network, or nil where it is not made of them alone.
  init?(_ network: Network) {
    guard !network.nodes.isEmpty, network.nodes.count % 2 == 0 else { return nil }
    var pairs: [Pair] = []
    for k in Swift.stride(from: 0, to: network.nodes.count, by: 2) {
      let dense = network.nodes[k], population = network.nodes[k + 1]
      guard case .linear(let layer) = dense.layer.role, layer is Dense, dense.input.count < Self.widest,
        let neuron = population.neuron as? IfOnce
      else { return nil }
      pairs.append(Pair(dense: dense, population: population, threshold: neuron.threshold))
    }
    self.pairs = pairs
  }
  /// Inputs are numbered with 16 bits.
  static let widest = 65_535

  /// What stands in the way of training, layer by layer.
  static func missing(in network: Network, isBinary: Bool) -> [Missing] {
    guard !network.nodes.isEmpty else {
      return [Missing(layer: "input", kind: "no layers", capability: "a dense layer with neurons")]
    }
    var result: [Missing] = [], expectsNeurons = false
    for node in network.nodes {
      if let neuron = node.neuron {
        if !(neuron is IfOnce) { result.append(Missing(node, "neurons that add up and fire once (if-once)")) }
        if !expectsNeurons { result.append(Missing(node, "a dense layer in front")) }
        expectsNeurons = false
      } else if let dense = node.layer as? Dense {
        if expectsNeurons { result.append(Missing(node, "a dense layer with neurons behind it")) }
        if (dense.weights == .binary) != isBinary {
          result.append(Missing(node, isBinary ? "binary weights (weights=binary)" : "real weights"))
        }
        if dense.bias == true { result.append(Missing(node, "weights without bias")) }
        if node.input.count >= widest { result.append(Missing(node, "fewer than \(widest) inputs")) }
        expectsNeurons = true
      } else {
        result.append(Missing(node, "dense layers, each with neurons"))
      }
    }
    if expectsNeurons, let last = network.nodes.last {
      result.append(Missing(last, "a dense layer with neurons behind it"))
    }
    return result
  }
}

extension Layering.Pair {
  private func entry(_ role: ParameterRole, in layout: ParameterLayout) -> ParameterLayout.Entry? {
    layout.entries[dense.slots].first { $0.spec.role == role }
  }
  /// The entry of the weights, real or behind signs.
  func weights(in layout: ParameterLayout) -> ParameterLayout.Entry { layout.entries[dense.slots.lowerBound] }
  func scale(in layout: ParameterLayout) -> ParameterLayout.Entry? { entry(.scale, in: layout) }
  func bias(in layout: ParameterLayout) -> ParameterLayout.Entry? { entry(.bias, in: layout) }
  func synapses(in parameters: Parameters) -> Synapses? {
    guard case .linear(let layer) = dense.layer.role else { return nil }
    return layer.synapses(of: dense, in: parameters)
  }
}

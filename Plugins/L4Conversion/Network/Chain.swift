internal import Compute
internal import Spiking

/// A network read as linear maps with rectifiers between them: what rates can stand for.
struct Chain: Sendable {
  /// A linear layer, what is folded into it, and the rectifier behind it; the last may have none.
  struct Stage: Sendable {
    var linear: Node, layer: any LinearLayer
    var normalisation: Node?, rectifier: Node?
    /// Neurons of a dense layer, channels of a convolution: what has a row of weights of its own.
    var units: Int { (linear.layer as? Convolution)?.channels ?? linear.output.count }
    /// Places of a unit: 1 in a dense layer.
    var places: Int { linear.output.count / units }
    /// The layer whose output is the activation.
    var last: Node { rectifier ?? normalisation ?? linear }
  }
  private(set) var stages: [Stage] = []

  /// - Throws: the first layer that rates cannot stand for, with its number counted from 0.
  init(_ network: Network) throws(ConversionProblem) {
    if let sum = network.nodes.first(where: { $0.other != nil }) {
      throw Self.refused(
        sum, "unsupported-layer", "adds a residual branch",
        remedy: "train a network without residual blocks; rates of the two paths would need one scale")
    }
    for node in network.nodes { try add(node) }
    guard !stages.isEmpty else {
      throw ConversionProblem(
        "convert.missing-layer", "there is no layer to convert",
        remedy: "begin with one, as in: dense 300 | relu | dense 10")
    }
    for stage in stages.dropLast() where stage.rectifier == nil { throw Self.missingRectifier(stage.linear) }
  }
  private mutating func add(_ node: Node) throws(ConversionProblem) {
    switch node.layer.role {
    case .linear(let layer):
      if let before = stages.last, before.rectifier == nil { throw Self.missingRectifier(before.linear) }
      try Self.require(layer, node)
      stages.append(Stage(linear: node, layer: layer))
    case .normalisation:
      guard let stage = stages.last, stage.normalisation == nil, stage.rectifier == nil,
        stage.linear.index == node.index - 1
      else {
        throw Self.refused(
          node, "unsupported-layer", "normalises something else than the output of a linear layer",
          remedy: "put it behind conv or dense, before relu, where it can be folded")
      }
      stages[stages.count - 1].normalisation = node
    case .rectifier:
      guard let stage = stages.last, stage.rectifier == nil, stage.last.index == node.index - 1 else {
        throw Self.refused(
          node, "unsupported-layer", "does not follow a linear layer",
          remedy: "put relu directly behind conv, dense or batchnorm")
      }
      stages[stages.count - 1].rectifier = node
    case .passive(.maximum):
      throw Self.refused(
        node, "unsupported-layer", "keeps the maximum of each tile (maxpool), which rates cannot follow",
        remedy: "use pool kind=average, then train and evaluate the network again before converting it")
    case .passive(.reshape), .passive(.dropout): break
    case .passive(.average):
      if let stage = stages.last, stage.rectifier == nil {
        throw Self.refused(
          node, "unsupported-layer", "averages before the rectifier", remedy: "put relu before the pool")
      }
    case .passive(.timeMean), .sum, .opaque:
      throw Self.refused(
        node, "unsupported-activation", "is not a rectifier",
        remedy: "rates follow dense, conv, average pools and relu only")
    case .neurons(let neuron):
      throw Self.refused(
        node, "unsupported-activation", "spikes already (\(neuron.kind))",
        remedy: "convert a network of numbers, as in: dense 300 | relu | dense 10")
    }
  }
  /// Weights that can be scaled row by row are wanted.
  private static func require(_ layer: any LinearLayer, _ node: Node) throws(ConversionProblem) {
    if let dense = layer as? Dense {
      guard dense.weights == .real else {
        throw refused(
          node, "unsupported-layer", "has binary weights, which have one scale for all",
          remedy: "train it with weights=real")
      }
    } else if !(layer is Convolution) {
      throw refused(
        node, "unsupported-layer", "has weights of a form that is not known here", remedy: "use dense or conv")
    }
  }
  private static func missingRectifier(_ node: Node) -> ConversionProblem {
    refused(
      node, "missing-activation", "has no relu behind it",
      remedy: "put relu between linear layers: a rate is never negative")
  }
  static func refused(_ node: Node, _ code: String, _ what: String, remedy: String?) -> ConversionProblem {
    ConversionProblem("convert.\(code)", "layer \(node.index), '\(node.name)' (\(node.kind)), \(what)", remedy: remedy)
  }
}

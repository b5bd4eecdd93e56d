internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// Layers as a user would write them, and back: what model files hold.
enum LayerText {
  static func written(_ layer: any Layer) -> String {
    if let population = layer as? Population {
      return "neuron \(population.neuron.kind) \(population.neuron.settingsText)"
    }
    guard let declared = layer as? any Declared else { return layer.kind }
    return "\(layer.kind) \(declared.writtenSettings)"
  }
  /// Adds the layer that a line describes, through the same declaration that the prompt uses, behind a signal of the
  /// network, its output where none is named.
  static func adding(
    _ text: String, name: String, to model: Model, behind source: Int?, _ file: String, _ context: Context
  ) throws -> Model {
    guard let source else {
      return try context.registry.applied(text + " name=\"\(name)\"", to: .model(model), context).model()
    }
    guard 0...model.network.nodes.count ~= source else { throw ModelFile.damaged(file, "a layer reads no signal") }
    var alone = model
    alone.network = Network(input: model.network.shape(ofSignal: source))
    let made = try context.registry.applied(text + " name=\"\(name)\"", to: .model(alone), context).model()
    guard made.network.nodes.count == 1 else { throw ModelFile.damaged(file, "a layer cannot be read") }
    return try shaping { () throws(ShapeError) in
      try model.changed(seed: 0) { (network) throws(ShapeError) in
        try network.append(made.network.nodes[0].layer, name: name, source: source)
      }
    }
  }
}

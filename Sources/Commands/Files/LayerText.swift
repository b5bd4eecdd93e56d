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
  /// Adds the layer that a line describes, through the same declaration that the prompt uses.
  static func adding(_ text: String, name: String, to model: Model, _ context: Context) throws -> Model {
    let content = try context.registry.applied(text + " name=\"\(name)\"", to: .model(model), context)
    return try content.model()
  }
}

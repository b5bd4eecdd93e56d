internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `change hidden threshold=2`: settings of a layer's neuron changed, weights kept.
///
/// Which settings there are depends on the layer, so they are looked up when the model is known.
struct Change: PreparedCommand {
  var layers: [String], arguments: [(name: String, argument: Argument)]

  static let manual = Manual(
    "change", "Changes settings of the neurons of a layer; weights stay.",
    details: "The settings are those of the layer's neuron: ? neuron lif. all stands for every population.",
    examples: ["data glyphs | encode ttfs | mlp 50 10 neuron=if-once | change neuron1 threshold=50 | layers"])
  static let layer = SettingDescription(
    name: "layer", summary: "Layer, a list of layers, or all.", form: .list(.layer), isPositional: true,
    isRequired: true)

  static let declaration: CommandDeclaration = {
    var declaration = CommandDeclaration(manual: manual, settings: [layer], accepts: [.model], gives: [.model]) {
      (arguments) throws(SettingProblem) in
      let layers = arguments.filter { $0.name == "layer" }.flatMap { [String](argument: $0.argument) ?? [] }
      return Change(layers: layers, arguments: arguments.filter { $0.name != "layer" })
    }
    declaration.extending = { facts, words in
      guard case .model(let facts) = facts else { return [] }
      let nodes = facts.model.network.nodes.filter { $0.neuron != nil }
      let chosen = nodes.filter { node in words.contains { $0.contains(node.name) } }
      var seen: Set<String> = []
      return (chosen.isEmpty ? nodes : chosen).flatMap { settings(of: $0.neuron) }.filter {
        seen.insert($0.name).inserted
      }
    }
    return declaration
  }()
  private static func settings(of neuron: (any Neuron)?) -> [SettingDescription] {
    guard let declared = neuron as? any Declared else { return [] }
    return type(of: declared).described
  }

  private func changed(_ model: Model) throws -> Model {
    let populations = model.network.nodes.filter { $0.neuron != nil }
    let names = layers.contains("all") ? populations.map(\.name) : layers
    for name in names where !populations.contains(where: { $0.name == name }) {
      throw Diagnostic(
        "layer.neuron", "layer '\(name)' has no neurons to change",
        help: "there are \(populations.map(\.name).joined(separator: ", "))")
    }
    var model = model
    var neurons: [String: any Neuron] = [:]
    for node in populations where names.contains(node.name) {
      guard let declared = node.neuron as? any Declared, let neuron = try declared.applying(arguments) as? any Neuron
      else {
        throw Diagnostic("layer.neuron", "the neurons of layer '\(node.name)' have no settings")
      }
      neurons[node.name] = neuron
    }
    model.network = model.network.replacing { node in neurons[node.name].map { Population($0) } ?? node.layer }
    return model
  }
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .model(var facts) = input, context.isKnown("layer") else { return input }
    facts.model = try changed(facts.model)
    return .model(facts)
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let model = try input.model()
    if let trainer = model.trainer, !arguments.isEmpty {
      context.notes.add(
        "change.training", "what '\(trainer)' reported of its training was measured before this change")
    }
    return .model(try changed(model))
  }
}

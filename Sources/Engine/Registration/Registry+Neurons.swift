internal import Compute
internal import Language
public import Spiking

extension Registry {
  /// Makes `neuron KIND`: alone a neuron, behind a layer a population of it.
  public mutating func register<N: Neuron & Declared>(neuron: N.Type) throws(RegistrationProblem) {
    var manual = N.manual
    manual.name = "neuron \(manual.name)"
    let name = SettingDescription(name: "name", summary: "Name of the layer, behind a model.", form: .name)
    try register(
      CommandDeclaration(
        manual: manual, settings: N.described + [name], accepts: [.nothing, .model], gives: [.neuron, .model]
      ) { (arguments) throws(SettingProblem) in
        var base = N(), own: [(name: String, argument: Argument)] = [], layerName: String?
        for (name, argument) in arguments {
          switch name {
          case CommandDeclaration.base: if case .neuron(let given as N)? = argument.content { base = given }
          case "name": layerName = String(argument: argument)
          default: own.append((name, argument))
          }
        }
        return NeuronCommand(neuron: try base.applying(own), name: layerName)
      })
  }
}

extension CommandDeclaration {
  /// Makes `neuron KIND` for a neuron that was declared while the program runs.
  public init(_ neuron: any RunTimeNeuron) {
    var manual = neuron.card
    manual.name = "neuron \(manual.name)"
    let name = SettingDescription(name: "name", summary: "Name of the layer, behind a model.", form: .name)
    self.init(
      manual: manual, settings: neuron.described + [name], accepts: [.nothing, .model], gives: [.neuron, .model]
    ) { (arguments) throws(SettingProblem) in
      let own = arguments.filter { $0.name != CommandDeclaration.base && $0.name != "name" }
      let layerName = arguments.first { $0.name == "name" }.flatMap { String(argument: $0.argument) }
      return NeuronCommand(neuron: try neuron.applying(own), name: layerName)
    }
  }
}

private struct NeuronCommand: PreparedCommand {
  let neuron: any Neuron, name: String?

  func check(_ input: Facts, _ context: Context) throws -> Facts {
    switch input {
    case .model(var facts):
      facts.model = try facts.model.adding(Population(neuron), name: name, context)
      return .model(facts)
    case .unknown: return .unknown
    default: return .neuron(neuron)
    }
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    guard case .model(let model) = input else { return .neuron(neuron) }
    return .model(try model.adding(Population(neuron), name: name, context))
  }
}

extension Model {
  /// The model with one more layer; shapes that do not fit become a diagnostic.
  public func adding(_ layer: any Layer, name: String?, _ context: Context) throws -> Model {
    if let name, !Reserved.isName(name) { throw Diagnostic("name.form", "'\(name)' cannot be the name of a layer") }
    do throws(ShapeError) {
      var model = try appending(layer, name: name, seed: context.seed)
      if model.trainer != nil { (model.trainer, model.training, model.history) = (nil, nil, []) }
      return model
    } catch { throw Diagnostic(error.code, error.message) }
  }
}

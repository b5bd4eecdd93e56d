internal import Compute
internal import Language
public import Spiking

extension Registry {
  /// Makes a verb that adds a layer to what flows in.
  public mutating func register<L: Layer & Declared>(layer: L.Type) throws(RegistrationProblem) {
    let name = SettingDescription(name: "name", summary: "Name of the layer.", form: .name)
    try register(
      CommandDeclaration(
        manual: L.manual, settings: L.described + [name], accepts: [.dataset, .spikes, .model], gives: [.model]
      ) { (arguments) throws(SettingProblem) in
        let layerName = arguments.first { $0.name == "name" }.flatMap { String(argument: $0.argument) }
        return LayerCommand(layer: try L().applying(arguments.filter { $0.name != "name" }), name: layerName)
      })
  }
}

private struct LayerCommand: PreparedCommand {
  let layer: any Layer, name: String?
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard var facts = try input.modelFacts(context) else { return .unknown }
    facts.model = try facts.model.adding(layer, name: name, context)
    return .model(facts)
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    .model(try input.shapedModel(context).adding(layer, name: name, context))
  }
}

extension Facts {
  /// The model that a layer is to be added to; data are shown as they are, in one step.
  public func modelFacts(_ context: Context) throws -> ModelFacts? {
    switch self {
    case .model(let facts): return facts
    case .spikes(let facts): return ModelFacts(Model(input: facts.input), encoder: facts.encoder)
    case .dataset(let outline):
      let encoder = Direct(steps: 1)
      let code = try shaping { () throws(ShapeError) in try encoder.code(of: outline, dt: context.dt) }
      let input = InputOutline(
        dataset: outline, encoderKind: encoder.kind, encoderText: encoder.settingsText, code: code, dt: context.dt)
      return ModelFacts(Model(input: input), encoder: encoder)
    default: return nil
    }
  }
}
extension Value.Content {
  /// The model that a layer is to be added to; data are shown as they are, in one step.
  public func shapedModel(_ context: Context) throws -> Model {
    switch self {
    case .model(let model): return model
    case .spikes(let spikes): return Model(spikes)
    case .dataset(let data):
      return Model(
        try shaping { () throws(ShapeError) in
          try EncodedData(data, Direct(steps: 1), seed: context.seed, dt: context.dt)
        })
    default: throw Diagnostic("types.stage", "a model is needed, not \(type.noun)")
    }
  }
}
/// Gives facts about shapes the form of diagnostics.
public func shaping<R>(_ body: () throws(ShapeError) -> R) throws -> R {
  do throws(ShapeError) { return try body() } catch { throw Diagnostic(error.code, error.message) }
}

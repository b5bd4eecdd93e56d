internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `mlp 600 10 neuron=if-once`: dense layers, each followed by a population; without one, relu between them.
struct MLP: Command {
  var sizes: [Int] = [], neuron: NeuronArgument?, weights = Dense.Weights.real
  static let accepts: [ValueType] = [.dataset, .spikes, .model], gives: [ValueType] = [.model]
  static let manual = Manual(
    "mlp", "Dense layers, each followed by a population of the neuron named; without one, relu between them.",
    details:
      "In front of leaky neurons the first weights are larger by 1/(1 − e^(−dt/τ)), so that these can fire within a few steps.",
    examples: ["data glyphs | encode ttfs | mlp 100 10 neuron=if-once", "data glyphs | mlp 100 10"])
  static let settings: [Setting<Self>] = [
    Setting("sizes", \.sizes, "Units of each layer.", in: 1...1e6, positional: true, required: true),
    Setting("neuron", \.neuron, "Neuron behind each layer.", form: .kind("neuron")),
    Setting("weights", \.weights, "Whether a weight is a number or only a sign."),
  ]
  private func extend(_ model: Model, _ context: Context) throws -> Model {
    var model = model
    for (place, units) in sizes.enumerated() {
      model = try model.adding(dense(units, behind: model), name: nil, context)
      if let neuron {
        model = try model.adding(Population(neuron.neuron), name: nil, context)
      } else if place < sizes.count - 1 {
        model = try model.adding(Rectifier(), name: nil, context)
      }
    }
    return model
  }
  private func dense(_ units: Int, behind model: Model) -> Dense {
    var dense = Dense(units, weights: weights, bias: neuron?.neuron is any SingleSpikeNeuron ? false : nil)
    if weights == .real, let leaky = neuron?.neuron.capability((any LeakyNeuron).self) {
      dense.initial = Dense.initial(inputs: model.network.output.count, for: leaky, dt: model.input.dt)
    }
    return dense
  }
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard var facts = try input.modelFacts(context), context.isKnown("sizes"), context.isKnown("neuron") else {
      return .unknown
    }
    facts.model = try extend(facts.model, context)
    return .model(facts)
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    .model(try extend(input.shapedModel(context), context))
  }
}

/// A neuron given as an argument.
struct NeuronArgument: SettingValue {
  var neuron: any Neuron
  static var form: SettingForm { .kind("neuron") }
  init?(argument: Argument) {
    guard case .neuron(let neuron)? = argument.content else { return nil }
    self.neuron = neuron
  }
  var argument: Argument { .text(neuron.kind) }
}

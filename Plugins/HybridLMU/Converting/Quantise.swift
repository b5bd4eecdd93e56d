internal import Compute
public import Spiking

/// Gives a trained network quanta without training it again: what is sent becomes n/ω with diffused error.
///
/// - Reference: A. R. Voelker, D. Rasmussen, C. Eliasmith, 2020, arXiv:2002.03553.
public struct Quantise: Converter {
  public var omegaH: Double?, omegaM: Double?, rounding: Rounding?
  public init() {}
  public static let manual = Manual(
    "quantise", "Makes the signals of Legendre memory units spikes, weights as they are.",
    equation: "s = v + ω·a,  n = ⌊s⌋,  v = s − n;  n/ω is sent instead of a",
    reference: "A. R. Voelker, D. Rasmussen, C. Eliasmith, 2020, arXiv:2002.03553",
    details: "Layers lmu and populations of diffusion take the quanta; what is left open they keep.",
    examples: [
      "data glyphs | take train=200 test=50 | encode rows | lmu 20 memory=8 window=28 | dense 10 | train hybrid epochs=2 | convert quantise omega_h=2 omega_m=4 | evaluate"
    ])
  public static let settings: [Setting<Self>] = [
    Setting(
      "omega_h", \.omegaH, "Quanta of hidden units and neurons in a unit of activation; inf for numbers.",
      in: 1e-3...Double.infinity),
    Setting("omega_m", \.omegaM, "Quanta of memories in a unit; inf for numbers.", in: 1e-3...Double.infinity),
    Setting("rounding", \.rounding, "How activations become whole quanta."),
  ]

  public func outline(of model: Model) throws(ConversionProblem) -> Model {
    guard model.network.hasQuanta else {
      throw ConversionProblem(
        "capability", "nothing in this network can send quanta", remedy: "lmu layers and diffusion neurons can")
    }
    var result = model
    result.network = model.network.quantised(hidden: omegaH, memory: omegaM, rounding: rounding)
    result.training = nil
    return result
  }
  public func convert(_ model: Model, _ run: ConversionRun) throws(ConversionProblem) -> Model {
    var result = try outline(of: model)
    let changed = result.network.nodes.filter {
      $0.layer is LMU || ($0.layer as? Population)?.neuron is DiffusionNeuron
    }
    var notes = LayerNotes(layers: changed.map(\.name))
    notes["omega_h"] = changed.map { node in
      .number(
        (node.layer as? LMU)?.omegaH ?? ((node.layer as? Population)?.neuron as? DiffusionNeuron)?.omega ?? .infinity)
    }
    notes["omega_m"] = changed.map { node in (node.layer as? LMU).map { .number($0.omegaM) } ?? .none }
    result.conversion = notes
    return result
  }
}

internal import Compute
public import Spiking

/// Backpropagation through time while activations move from plain numbers to spikes:
///
///     ω(k) = ω₀·(ω₁/ω₀)^min(1, k/K),    K = `until` of all updates
///
/// The way forward rounds with ω(k), the way back passes straight through. The loss is the cross-entropy of the read-out,
/// or that of every step where a data set has an answer for every step.
///
/// - Reference: A. R. Voelker, D. Rasmussen, C. Eliasmith, 2020, arXiv:2002.03553.
public struct HybridTrainer: GradientTrainer {
  public enum ReadOutKind: String, Choice { case last, mean }

  public var options = DescentOptions()
  public var omega: Double?, omegaM: Double?
  public var course = OmegaCourse.geometric, from = 64.0, until = 0.8, readout = ReadOutKind.last
  public init() {
    (options.epochs, options.decay, options.clip, options.schedule) = (5, 0, 5, .linear)
  }
  public static let manual = Manual(
    "hybrid", "Backpropagation through time while activations move from numbers to spikes.",
    equation: "ω(k) = ω₀·(ω₁/ω₀)^min(1, k/K);  forward: quanta of 1/ω(k), backward: f′",
    reference: "A. R. Voelker, D. Rasmussen, C. Eliasmith, 2020, arXiv:2002.03553",
    details: DescentOptions.details + """
       omega and omega_m are the quanta to arrive at; left open, those of the layers. Layers and neurons that stay with \
      inf quanta are trained as they are. course=fixed begins with the last ω; linear moves evenly. The model is always \
      measured with the last ω. readout=last answers by the last step, mean by the mean of all.
      """,
    examples: [
      "data glyphs | take train=200 test=50 | encode rows | lmu 20 memory=8 window=28 | dense 10 | train hybrid epochs=2 omega=2",
      "data glyphs | take train=200 test=50 | encode rows | lmu 20 memory=8 window=28 | dense 10 | train hybrid epochs=2 omega=1 omega_m=4 course=linear readout=mean",
    ])
  public static let settings: [Setting<Self>] =
    commonSettings + [
      Setting(
        "omega", \.omega, "Quanta of hidden units at the end, ω₁; left open, those of the layers.",
        in: 1e-3...Double.infinity),
      Setting(
        "omega_m", \.omegaM, "Quanta of memories at the end; left open, those of the layers.",
        in: 1e-3...Double.infinity
      ),
      Setting("course", \.course, "How ω gets there."),
      Setting("from", \.from, "ω at the start, ω₀.", in: 1e-3...1e6),
      Setting("until", \.until, "Share of the run after which ω stays.", in: 1e-6...1),
      Setting("readout", \.readout, "How outputs over time become an answer."),
    ]

  public func missing(in network: Network) -> [Missing] {
    network.neuronsWithout((any DifferentiableNeuron).self).map { Missing($0, "a surrogate gradient") }
      + Self.layersWithoutGradient(of: network)
  }
  /// With the quanta to arrive at, and the read-out.
  public func outline(of network: Network) -> Network {
    var result = network.quantised(hidden: omega, memory: omegaM)
    result.carry = readout == .last ? 0 : 1
    return result
  }
  public func train(_ model: Model, on data: EncodedData, _ run: TrainingRun) throws -> Model {
    var model = model
    model.network = outline(of: model.network)
    let network = model.network, (course, from, until) = (course, from, until)
    return try descend(model, data, run, data.dataset.task.usualLoss) { progress in
      network.annealed(course, from: from, at: progress / until)
    }
  }
}

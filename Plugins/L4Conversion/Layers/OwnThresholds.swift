public import Classic
public import Compute
public import Spiking

/// Integrate-and-fire neurons with a threshold of their own each, that send spikes as high as their threshold.
///
/// The threshold form of a conversion: weights stay those of the trained network, θⱼ is the activation that a spike in
/// every step stands for. Equal to weights divided by θⱼ and spikes of height 1. A membrane is shown in thresholds, v/θⱼ.
/// There is one threshold per neuron, or per channel of an image.
public struct OwnThresholds: Layer, Declared {
  public var reset = IntegrateAndFire.Reset.subtract, v0 = 0.0
  public init() {}
  public init(reset: IntegrateAndFire.Reset, v0: Double = 0) { (self.reset, self.v0) = (reset, v0) }

  public static let manual = Manual(
    "if-thresholds", "Integrate-and-fire neurons with a threshold of their own each, and spikes as high as it.",
    equation: "v[t] = v[t−1] + i[t];  θⱼ is sent when vⱼ ≥ θⱼ, then vⱼ ← vⱼ − θⱼ",
    details: "The threshold form of convert makes them; thresholds start at 1.",
    examples: ["data glyphs | encode bernoulli steps=10 | dense 50 | if-thresholds | dense 10 | layers"])
  public static let settings: [Setting<Self>] = [
    Setting("reset", \.reset, "What a spike does to the membrane."),
    Setting("v0", \.v0, "Membrane before the first step, as a share of the threshold.", in: -1e6...1e6),
  ]
  public var neuron: IntegrateAndFire { IntegrateAndFire(threshold: 1, reset: reset, v0: v0) }
  public var kind: String { "if-thresholds" }
  public var summary: String { "if, own thresholds, reset=\(reset.rawValue)" }
  public var role: LayerRole { .neurons(neuron) }
  public func features(after features: Shape) throws(ShapeError) -> Shape { features }
  public func parameters(for features: Shape) -> [ParameterSpec] {
    let units = features.rank == 3 ? features[0] : features.count
    return [ParameterSpec("threshold", [units], .fixed, .constant(1))]
  }

  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    let thresholds = pass.parameters.values(of: pass.parameters.layout.entries[node.slots.lowerBound])
    let relative = scaled(input, by: thresholds.map { 1 / $0 })
    let spikes = Population(neuron).forward(relative, at: node, &pass)
    return scaled(spikes, by: thresholds)
  }
  private func scaled(_ signal: Signal, by gains: [Float]) -> Signal {
    var result = signal
    result.alphabet = .graded
    let n = signal.features.count, places = max(1, n / max(1, gains.count)), count = signal.values.count
    result.values.write { v in for i in 0..<count { v[i] *= gains[i % n / places] } }
    return result
  }
}

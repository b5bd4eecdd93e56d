internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot entropy`: what a neuron of each layer says in a step, beside the most it could say.
struct PlotEntropy: Plot, OnData {
  var data: DatasetArgument?, part: Part?, samples = 100, frame = PlotFrame()
  static let accepts: [ValueType] = [.model]
  static let manual = Manual(
    "plot entropy", "Draws the entropy of each layer's spikes beside its ceiling, and how often each sign is sent.",
    equation: "H = −Σ p log₂ p over {0, 1} or {−1, 0, 1}; at most 1 or log₂ 3 = 1.585 bits",
    reference: "Y. Guo et al., AAAI 2024, arXiv:2312.06372",
    examples: [
      "data glyphs | take train=200 test=50 | encode direct steps=2 | dense 30 | batchnorm | neuron ternary | dense 10 | train bptt epochs=1 | plot entropy"
    ])
  static let plotSettings: [Setting<Self>] = [
    Setting("samples", \.samples, "Samples looked at.", in: 1...1e6), .data, .part,
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .model(let facts) = input { try facts.model.requireSpikes() }
    return .figure
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let chosen = try selection(input, context)
    try chosen.model.requireSpikes()
    var tallies: [LayerTally] = []
    try chosen.eachRecording(of: samples, context) { LayerTally.add($0.populations, to: &tallies) }
    let names = tallies.map(\.name)
    let ceilings = names.map { name in
      chosen.model.network[name]?.neuron?.alphabet == .ternary ? binaryLogarithm(3) : 1.0
    }
    let bits = Panel(
      x: Axis("", categories: names), y: Axis("bits per neuron and step", range: 0...1.7),
      marks: [
        .bars(
          Bars([
            Bars.Group(values: tallies.map(\.entropy), label: "entropy"),
            Bars.Group(values: ceilings, label: "ceiling", tint: .muted),
          ]))
      ])
    let rates = Panel(
      x: Axis("", categories: names), y: Axis("spikes per neuron and step"),
      marks: [
        .bars(
          Bars([
            Bars.Group(values: tallies.map(\.positiveRate), label: "+1", tint: .palette(0)),
            Bars.Group(values: tallies.map(\.negativeRate), label: "−1", tint: .palette(1)),
          ]))
      ])
    return Figure(panels: [bits, rates], columns: 2, size: Figure.Size(width: 1000, height: 420))
  }
}

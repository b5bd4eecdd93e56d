internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot amplitudes`: how high the spikes of each layer became in training.
struct PlotAmplitudes: Plot {
  var frame = PlotFrame()
  static let accepts: [ValueType] = [.model]
  static let manual = Manual(
    "plot amplitudes", "Draws the learnt height of each layer's spikes over the epochs of training.",
    reference: "Y. Guo et al., AAAI 2024, arXiv:2312.06372",
    details: "Where each channel has a height of its own, their mean is drawn.",
    examples: [
      "data glyphs | take train=200 test=50 | encode direct steps=2 | dense 30 | neuron ternary amplitude=trainable | dense 10 | train bptt epochs=3 | plot amplitudes"
    ])
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let model = try input.model(), suffix = "_amplitude"
    let names = Set(model.history.flatMap(\.extra.keys)).filter { $0.hasSuffix(suffix) }.sorted()
    guard !names.isEmpty else {
      throw Diagnostic(
        "model.amplitudes", "no amplitude was learnt in the training of this model",
        help: "use neuron ternary amplitude=trainable, and train it with bptt")
    }
    let marks = names.map { name -> Mark in
      let known = model.history.filter { $0.extra[name] != nil }
      return .line(
        x: known.map { Double($0.epoch) }, y: known.map { $0.extra[name] ?? .nan },
        label: String(name.dropLast(suffix.count)), marker: .circle)
    }
    return Figure(
      Panel(
        x: Axis("epoch", wholeNumbers: true), y: Axis("amplitude a"),
        marks: marks + [.rule(y: 1, style: .dotted, tint: .muted)]))
  }
}

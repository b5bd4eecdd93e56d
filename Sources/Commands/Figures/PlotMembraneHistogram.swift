internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot membrane-histogram`: where the membranes of each layer stand when it is decided whether they fire.
struct PlotMembraneHistogram: Plot, OnData {
  var data: DatasetArgument?, part: Part?, samples = 20, bins = 100, layer = "", frame = PlotFrame()
  static let accepts: [ValueType] = [.model]
  static let manual = Manual(
    "plot membrane-histogram", "Counts the membranes of every layer just before firing, over steps and samples.",
    reference: "Y. Guo et al., AAAI 2024, arXiv:2312.06372, figure 2",
    details: """
      Dashed lines are thresholds. The titles tell the shares of negative spikes, silence and positive spikes, and the \
      amplitude that would stand best for the membranes that fire, the mean of their size.
      """,
    examples: [
      "data glyphs | take train=200 test=50 | encode direct steps=2 | dense 30 | batchnorm | neuron ternary | dense 10 | train bptt epochs=1 | plot membrane-histogram"
    ])
  static let plotSettings: [Setting<Self>] = [
    Setting("layer", \.layer, "Population; all by default.", form: .layer),
    Setting("samples", \.samples, "Samples looked at.", in: 1...1e5),
    Setting("bins", \.bins, "Number of intervals.", in: 1...1000), .data, .part,
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .model(let facts) = input { try facts.model.requireSpikes() }
    return .figure
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let chosen = try selection(input, context)
    try chosen.model.requireSpikes()
    var tallies: [MembraneTally] = []
    try chosen.eachRecording(of: samples, context) { recording in
      let layers = recording.populations.filter { layer.isEmpty || $0.name == layer }
      if tallies.isEmpty { tallies = layers.map { MembraneTally($0.name) } }
      for (k, layer) in layers.enumerated() { tallies[k].add(layer) }
    }
    guard !tallies.isEmpty else {
      throw Diagnostic("layer.neuron", layer.isEmpty ? "the model has no neurons" : "layer '\(layer)' has no neurons")
    }
    let columns = min(2, tallies.count)
    return Figure(
      panels: tallies.map { $0.panel(bins: bins) }, columns: columns,
      size: Figure.Size(
        width: columns == 1 ? 800 : 1000, height: 380 * Double((tallies.count + columns - 1) / columns)))
  }
}

/// Membranes of a layer over steps and samples.
private struct MembraneTally {
  let name: String
  private var values: [Double] = [], variable = "membrane", unit = "", threshold: Double?, isTernary = false
  private var negative = 0.0, positive = 0.0, firing = 0.0
  init(_ name: String) { self.name = name }

  mutating func add(_ layer: LayerRecord) {
    guard let membrane = layer.variables.first else { return }
    (variable, unit, threshold) = (membrane.name, membrane.unit, layer.threshold)
    values += membrane.values
    for (k, sign) in layer.spikes.signs.enumerated() where sign != 0 && k < membrane.values.count {
      if sign < 0 { negative += 1 } else { positive += 1 }
      firing += abs(membrane.values[k])
    }
    if negative > 0 { isTernary = true }
  }
  private func percent(_ count: Double) -> String {
    Quantity(100 * count / Double(max(1, values.count))).written(digits: 3) + " %"
  }
  func panel(bins: Int) -> Panel {
    let spikes = negative + positive, silent = Double(values.count) - spikes
    var title = "\(name): "
    if isTernary { title += "−1 \(percent(negative)), " }
    title += "0 \(percent(silent)), +1 \(percent(positive))"
    if spikes > 0 { title += ", best amplitude \(Quantity(firing / spikes).written(digits: 3))" }
    var marks: [Mark] = [.histogram(Histogram(of: values, bins: bins, in: range))]
    if let threshold {
      marks.append(.rule(x: threshold, label: "θ"))
      if isTernary { marks.append(.rule(x: -threshold, label: "−θ")) }
    }
    return Panel(title: title, x: Axis("membrane \(variable)", unit: unit), y: Axis("neurons × steps"), marks: marks)
  }
  /// All but the outermost thousandth at either end.
  private var range: ClosedRange<Double>? {
    let sorted = values.filter(\.isFinite).sorted()
    guard sorted.count > 1000 else { return nil }
    let cut = sorted.count / 1000, low = sorted[cut], high = sorted[sorted.count - 1 - cut]
    return low < high ? low...high : nil
  }
}

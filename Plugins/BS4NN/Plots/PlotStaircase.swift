internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot staircase`: potentials of a layer as steps, with the threshold and the moment of the decision.
struct PlotStaircase: SubjectPlot {
  var sample = 0, data: DatasetArgument?, part: Part?, layer = "", neurons: [Int] = [], frame = PlotFrame()
  static let manual = Manual(
    "plot staircase", "Shows potentials as steps of the spikes that arrive, with the threshold and the decision.",
    reference: "arXiv 2007.04039",
    details: "Potentials of binary layers are sums of signs, and the threshold is a whole number.",
    examples: ["\(Example.trained) | plot staircase sample=3"])
  static let plotSettings: [Setting<Self>] = [
    Setting("sample", \.sample, "Sample shown.", in: 0...1e9), .data, .part,
    Setting("layer", \.layer, "Layer of neurons; the output by default.", form: .layer),
    Setting(
      "neurons", \.neurons, "Neurons shown; without it the answer, the label and the highest, four in all.", in: 0...1e6
    ),
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let subject = try Subject(input, data: data, part: part, context)
    try subject.checkSample(sample)
    let l = try subject.layer(layer), layer = subject.execution.layers[l], n = layer.matrix.outputs,
      steps = subject.execution.steps
    let recording = subject.execution.record(sample, subject.part, of: subject.data)
    let outcome = subject.execution.outcomes([sample], subject.part, of: subject.data).first
    if let wrong = neurons.first(where: { $0 >= n }) {
      throw Diagnostic("data.neuron", "there is no neuron \(wrong): the layer has \(n), counted from 0")
    }
    let isOutput = l == subject.execution.layers.count - 1, values = recording.layers[l].variables[0].values
    let shown = neurons.isEmpty ? Self.prominent(values.suffix(n), isOutput ? outcome : nil) : neurons
    var marks = shown.map { j -> Mark in
      .steps(
        x: (0..<steps).map(Double.init), y: (0..<steps).map { values[$0 * n + j] / layer.scale },
        label: isOutput && j < subject.classes.count ? subject.classes[j] : "\(j)")
    }
    switch layer.firing {
    case .at(let threshold): marks.append(.rule(y: Double(threshold), label: "threshold \(threshold)"))
    case .above(let threshold): marks.append(.rule(y: Double(threshold), label: "threshold"))
    }
    if let time = outcome?.decisionTime { marks.append(.rule(x: Double(time), label: "decision at \(time)")) }
    let label = subject.data.labels([sample], subject.part)[0]
    let name = label < subject.classes.count ? subject.classes[label] : "\(label)"
    let title = "sample \(sample), class \(name)" + (outcome?.decisionTime == nil ? ", nobody fired" : "")
    return Figure(
      Panel(
        title: title, x: Axis("step", range: 0...Double(steps), wholeNumbers: true),
        y: Axis(layer.matrix.isBinary ? "potential, sum of signs" : "potential"), marks: marks))
  }

  /// The answer, the label and the neurons that end highest, four in all.
  private static func prominent(_ last: ArraySlice<Double>, _ outcome: Outcome?) -> [Int] {
    let last = Array(last), byHeight = last.indices.sorted { (last[$1], $0) < (last[$0], $1) }
    var result: [Int] = []
    for j in [outcome?.answer, outcome?.label].compactMap({ $0 }) + byHeight
    where result.count < 4 && last.indices.contains(j) && !result.contains(j) { result.append(j) }
    return result
  }
}

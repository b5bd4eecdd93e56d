internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot credit`: what one step back in time multiplies gradients by.
struct PlotCredit: Plot {
  var samples = 50, bins = 60, layer = "", part: Part?, frame = PlotFrame()
  static let accepts: [ValueType] = [.model]
  static let manual = Manual(
    "plot credit", "Counts what one step back in time multiplies a gradient by, for every layer of ternary neurons.",
    equation: "τ·ρ:  ρ = 1 without a spike, −|m|/2θ with one of |m| ≤ 2θ, 0 with a larger one",
    reference: "Y. Guo et al., AAAI 2024, arXiv:2312.06372",
    details: """
      Of the membranes at every step that has another behind it. The titles tell the shares of silent steps, of spikes \
      that let a gradient through and of those that do not, and the mean size.
      """,
    examples: [
      "data glyphs | take train=200 test=50 | encode direct steps=4 | dense 30 | batchnorm | neuron ternary | dense 10 | train bptt epochs=1 | plot credit"
    ])
  static let plotSettings: [Setting<Self>] = [
    Setting("layer", \.layer, "Population; all by default.", form: .layer),
    Setting("samples", \.samples, "Samples looked at.", in: 1...1e5),
    Setting("bins", \.bins, "Number of intervals.", in: 1...1000),
    Setting("part", \.part, "Part of the data; the test part by default."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .model(let facts) = input { try require(facts.model.network, steps: facts.model.input.code.steps) }
    return .figure
  }
  private func require(_ network: Network, steps: Int) throws {
    if !layer.isEmpty, !(network[layer]?.neuron is TernaryNeuron) {
      throw Diagnostic("layer.neuron", "layer '\(layer)' has no ternary neurons")
    }
    guard network.nodes.contains(where: { $0.neuron is TernaryNeuron }) else {
      throw Diagnostic("capability", "there are no ternary neurons in this network")
    }
    guard steps > 1 else {
      throw Diagnostic("code.steps", "a run of one step has no past", help: "encode with steps=2 or more")
    }
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    guard case .model(let given) = input else {
      throw Diagnostic("types.stage", "a model is needed, not \(input.type.noun)")
    }
    let model = given.initialised(seed: context.seed), data = try model.encoded(nil, context)
    try require(model.network, steps: data.code.steps)
    let panels = try factors(model, data, context).map { panel($0.name, $0.decay, $0.factors) },
      columns = min(2, panels.count)
    return Figure(
      panels: panels, columns: columns,
      size: Figure.Size(
        width: columns == 1 ? 800 : 1000, height: 380 * Double((panels.count + columns - 1) / max(1, columns))))
  }

  struct Layer { var name: String, decay: Double, factors: [Double] }
  /// Of every population the factors at all steps but the last.
  func factors(_ model: Model, _ data: EncodedData, _ context: Context) throws -> [Layer] {
    let part = part ?? data.dataset.usualPart, count = min(samples, data.count(part))
    guard count > 0 else { throw Diagnostic("data.part", "'\(data.dataset.name)' has no \(part.rawValue) part") }
    var layers = model.network.nodes.compactMap { node -> (node: Node, neuron: TernaryNeuron, factors: [Double])? in
      guard layer.isEmpty || node.name == layer, let neuron = node.neuron as? TernaryNeuron else { return nil }
      return (node, neuron, [])
    }
    for sample in 0..<count {
      try context.poll()
      var pass = Pass(
        machine: context.machine, dt: data.dt, parameters: model.parameters ?? Parameters(zeros: model.network.layout),
        random: RandomStream(seed: data.seed, "noise"))
      (pass.samples, pass.records) = (data.bankIndices([sample], part), [:])
      _ = model.network.forward(data.clocked([sample], part, machine: context.machine), &pass)
      for i in layers.indices {
        guard let membranes = pass.records?["\(layers[i].node.name).m"]?.values else { continue }
        let earlier = membranes.count - layers[i].node.output.count
        layers[i].factors += membranes.prefix(earlier).map { layers[i].neuron.credit(of: Double($0)) }
      }
    }
    return layers.map { Layer(name: $0.node.name, decay: $0.neuron.decay, factors: $0.factors) }
  }
  private func panel(_ name: String, _ decay: Double, _ factors: [Double]) -> Panel {
    let n = Double(max(1, factors.count))
    func percent(_ condition: (Double) -> Bool) -> String {
      Quantity(100 * Double(factors.count(where: condition)) / n).written(digits: 3) + " %"
    }
    let size = factors.reduce(0) { $0 + abs($1) } / n, edge = max(decay, 1e-9)
    return Panel(
      title:
        "\(name): silent \(percent { $0 > 0 }), spikes \(percent { $0 < 0 }), cut \(percent { $0 == 0 }), mean size \(Quantity(size).written(digits: 3))",
      x: Axis("τ·ρ", range: -1.1 * edge...1.1 * edge), y: Axis("neurons × steps"),
      marks: [
        .histogram(Histogram(of: factors, bins: bins, in: -1.02 * edge...1.02 * edge)),
        .rule(x: decay, label: "τ", style: .dotted), .rule(x: -decay, label: "−τ", style: .dotted),
      ])
  }
}

extension TernaryNeuron {
  /// What a gradient is multiplied by that passes a step with this membrane on its way back, τ·ρ.
  func credit(of membrane: Double) -> Double {
    let rule = Dynamics<Double>(self), integrated = Dynamics<Double>.State(membrane: membrane)
    var adjoint = Dynamics<Double>.State(membrane: 1), none = rule.noGradients
    _ = rule.pullback(
      before: rule.rest, integrated: integrated, current: membrane, slope: surrogate.slope(rule.distance(integrated)),
      output: 0, adjoint: &adjoint, gradients: &none)
    return adjoint.membrane
  }
}

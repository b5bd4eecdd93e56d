internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// `plot gradients`: how much of the gradient reaches each layer at each step.
struct PlotGradients: Plot {
  var samples = 50, surrogate: Surrogate.Shape?, sharpness = 1.0, frame = PlotFrame()
  static let accepts: [ValueType] = [.model]
  static let manual = Manual(
    "plot gradients", "Draws the size of the loss's gradient at the neurons of every layer, step by step.",
    equation: "√(mean over samples and neurons of (∂L/∂i[t])²), L the cross-entropy of the mean output",
    reference: "E. O. Neftci et al., 2019, arXiv:1901.09948",
    details: "Over training samples, with the surrogate that training would take. The network is not changed.",
    examples: [
      "data glyphs | take train=200 test=50 | encode direct steps=4 | dense 30 | neuron lif | dense 20 | neuron lif | dense 10 | train bptt epochs=1 | plot gradients"
    ])
  static let plotSettings: [Setting<Self>] = [
    Setting("samples", \.samples, "Samples looked at.", in: 1...1e4),
    Setting("surrogate", \.surrogate, "What stands for a spike's derivative; left open, the neuron's own."),
    Setting("sharpness", \.sharpness, "How narrow and high the surrogate is.", in: 1e-6...1e6),
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    guard case .model(let given) = input else {
      throw Diagnostic("types.stage", "a model is needed, not \(input.type.noun)")
    }
    let model = given.initialised(seed: context.seed), data = try model.encoded(nil, context)
    var trainer = BackpropagationThroughTime()
    (trainer.surrogate, trainer.sharpness) = (surrogate, sharpness)
    if let missing = trainer.missing(in: model.network).first {
      throw Diagnostic(
        "capability", "gradients need \(missing.capability), which '\(missing.layer)' (\(missing.kind)) lacks")
    }
    let rows = sizes(of: trainer.differentiated(model.network), model, data, context)
    guard !rows.isEmpty else { throw Diagnostic("model.analog", "there are no neurons in this network") }
    return Figure(
      Panel(
        x: Axis("step", wholeNumbers: true), y: Axis("gradient at the neurons, rms", scale: .logarithmic),
        marks: rows.map { name, sizes in
          .line(x: sizes.indices.map { Double($0 + 1) }, y: sizes, label: name, marker: .circle)
        }))
  }
  /// Of each population, the root of the mean square at every step.
  private func sizes(of network: Network, _ model: Model, _ data: EncodedData, _ context: Context) -> [(
    String, [Double]
  )] {
    let part = data.dataset.learningPart, reader = network.readingOut()
    let indices = Array(0..<min(samples, data.count(part)))
    var pass = Pass(
      machine: context.machine, dt: data.dt, parameters: model.parameters ?? Parameters(zeros: network.layout),
      gradients: true)
    pass.isTraining = true
    pass.samples = data.bankIndices(indices, part)
    let tape = reader.trace(data.clocked(indices, part, machine: context.machine).repeated, &pass)
    let result = CrossEntropy().result(tape[reader.nodes.count], data.labels(indices, part))
    var rows: [(String, [Double])] = []
    reader.backward(result.gradient, tape, &pass, needsInput: true) { node, gradient in
      guard node.neuron != nil else { return }
      rows.insert((node.name, Self.sizes(gradient)), at: 0)
    }
    return rows
  }
  private static func sizes(_ gradient: Signal) -> [Double] {
    let n = gradient.neurons
    return gradient.values.read { g in
      (0..<gradient.storedSteps).map { t in
        (0..<n).reduce(0.0) { $0 + Double(g[t * n + $1]) * Double(g[t * n + $1]) } / Double(max(1, n))
      }.map { sqrt($0) }
    }
  }
}

extension Signal {
  /// The same signal with every step stored, so that each gets a gradient of its own.
  fileprivate var repeated: Signal {
    guard isConstant else { return self }
    let one = values.values
    return Signal(
      Tensor((0..<steps).flatMap { _ in one }, [steps * one.count]), steps: steps, batch: batch, features: features,
      alphabet: alphabet)
  }
}

internal import Compute
public import Spiking

/// Backpropagation through time for spiking networks, through surrogate derivatives of their neurons.
///
/// The loss is the cross-entropy of the mean output over time, L = −log softmax(ō)[label], unless told otherwise; how
/// weights move is `DescentOptions`.
///
/// - Reference: E. O. Neftci, H. Mostafa, F. Zenke, IEEE Signal Process. Mag. 36(6), 2019, arXiv:1901.09948.
public struct BackpropagationThroughTime: GradientTrainer {
  public enum LossKind: String, Choice {
    /// Of the read-out.
    case cross = "cross-entropy"
    /// Cross-entropy at every step, TET.
    case steps = "every-step"
    case rate
  }
  public enum ReadOutKind: String, Choice { case mean, last, membrane }

  public var options = DescentOptions()
  /// Left open, that of each neuron.
  public var surrogate: Surrogate.Shape?, sharpness = 1.0
  public var loss = LossKind.cross, lambda: Double?
  /// Left open, what the model has.
  public var readout: ReadOutKind?, leak: Time?
  public init() {
    (options.epochs, options.batch) = (5, 64)
    options.usualRates = [.adam: 0.002, .sgd: 0.05]
  }
  public static let manual = Manual(
    "bptt", "Backpropagation through time with surrogate gradients.",
    equation:
      "L = −log softmax(mean over t of o[t])[label]\nevery-step: (1−λ)·mean over t of L(o[t]) + λ·mean (o−1)²\nrate: mean (ō − onehot)²",
    reference: "E. O. Neftci et al., 2019, arXiv:1901.09948; every-step: S. Deng et al., 2022, arXiv:2202.11946",
    details: DescentOptions.details + """
       surrogate= puts one shape in the place of every spike's derivative, b·s(b·x) with x = (v−θ)/θ and b=sharpness; \
      plot surrogate draws them. readout=last answers by the last step, membrane by a leaky average of the outputs.
      """,
    examples: [
      "data glyphs | take train=200 test=50 | encode direct steps=4 | dense 30 | neuron lif | dense 10 | train bptt epochs=2",
      "data glyphs | take train=200 test=50 | encode direct steps=4 | dense 30 | neuron lif | dense 10 | train bptt epochs=2 surrogate=arctan loss=every-step",
    ])
  public static let settings: [Setting<Self>] =
    commonSettings + [
      Setting("surrogate", \.surrogate, "What stands for a spike's derivative; left open, the neuron's own."),
      Setting("sharpness", \.sharpness, "How narrow and high the surrogate is, b.", in: 1e-6...1e6),
      Setting("loss", \.loss, "What is made small."),
      Setting("lambda", \.lambda, "λ of loss=every-step; 0.05 when left open.", in: 0...1),
      Setting("readout", \.readout, "How outputs over time become an answer; mean at first."),
      Setting("leak", \.leak, "Time constant of readout=membrane; 20 ms when left open.", in: 1e-9...1e9),
    ]

  public func validate() throws(SettingProblem) {
    try options.validate()
    if lambda != nil, loss != .steps { throw SettingProblem("lambda", .refused("it belongs to loss=every-step")) }
    if leak != nil, readout != .membrane { throw SettingProblem("leak", .refused("it belongs to readout=membrane")) }
  }
  public func missing(in network: Network) -> [Missing] {
    network.neuronsWithout((any DifferentiableNeuron).self).map { Missing($0, "a surrogate gradient") }
      + Self.layersWithoutGradient(of: network)
  }
  public func train(_ model: Model, on data: EncodedData, _ run: TrainingRun) throws -> Model {
    var model = model
    if let carry = carry(dt: model.input.dt) { model.network.carry = carry }
    let network = differentiated(model.network), task = data.dataset.task
    if task != .classes, loss != .cross {
      throw Missing(
        layer: "input", kind: data.dataset.name, capability: "one class per sample, as loss=\(loss.rawValue) needs")
    }
    return try descend(model, data, run, task == .classes ? lossFunction : task.usualLoss) { _ in network }
  }
  private func carry(dt: Time) -> Double? {
    switch readout {
    case nil: nil
    case .mean: 1
    case .last: 0
    case .membrane: decay(dt / (leak ?? .ms(20)))
    }
  }
  private var lossFunction: any Loss {
    switch loss {
    case .cross: CrossEntropy()
    case .steps: TemporalEfficientLoss(weight: lambda ?? 0.05)
    case .rate: RateLoss()
    }
  }
  /// The network with the surrogates that are wanted.
  func differentiated(_ network: Network) -> Network {
    network.replacing { node in
      guard var population = node.layer as? Population,
        var neuron = population.neuron.capability((any DifferentiableNeuron).self)
      else { return node.layer }
      neuron.surrogate = Surrogate(surrogate ?? neuron.surrogate.shape, sharpness: sharpness)
      population.neuron = neuron
      return population
    }
  }
}

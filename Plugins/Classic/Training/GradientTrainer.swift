internal import Compute
public import Spiking

/// What all trainers that go down a gradient can be told.
public struct DescentOptions: Sendable {
  public enum Method: String, Choice { case adam, sgd }
  public enum Course: String, Choice { case cosine, constant, step }

  public var epochs = 10, batch = 100, decay = 1e-4, shift = 0, patience: Int?
  public var optimiser = Method.adam, schedule = Course.cosine
  /// Left open, what is usual for the optimiser.
  public var rate: Double?, momentum: Double?
  /// Of the schedule in steps; left open, a tenth after each third of the run.
  public var every: Int?, factor: Double?
  /// Rates where none is given.
  public var usualRates: [Method: Double] = [.adam: 0.001, .sgd: 0.05]
  public init() {}

  /// Settings that go with others.
  func validate() throws(SettingProblem) {
    if momentum != nil, optimiser != .sgd { throw SettingProblem("momentum", .refused("it belongs to optimiser=sgd")) }
    guard schedule != .step else { return }
    if every != nil { throw SettingProblem("every", .refused("it belongs to schedule=step")) }
    if factor != nil { throw SettingProblem("factor", .refused("it belongs to schedule=step")) }
  }

  static let details = """
    sgd: v ← momentum·v + g + decay·w, w ← w − rate·v. adam (arXiv:1412.6980) keeps running means of g and g²; weights \
    decay apart from them (arXiv:1711.05101). Biases, scales and binary weights do not decay. The rate falls to 0 along a \
    cosine, stays, or is multiplied by factor after every few epochs. An interrupted run goes on where it stopped, within \
    its own schedule; a finished one that is trained again starts a new one at the full rate. patience=n stops when the \
    validation part (the training part where there is none) has not improved for n epochs, and returns the best model.
    """
}

/// A trainer that goes down the gradient of the cross-entropy: shares optimisers, schedules, decay and shifts.
public protocol GradientTrainer: Trainer {
  var options: DescentOptions { get set }
}

extension GradientTrainer {
  static var commonSettings: [Setting<Self>] {
    [
      Setting("epochs", \.options.epochs, "How often all samples are seen.", in: 1...1e6),
      Setting("batch", \.options.batch, "Samples per update.", in: 1...1e6),
      Setting(
        "rate", \.options.rate, "Size of a step at the start; left open, what is usual for the optimiser.",
        in: 1e-12...1e3),
      Setting("optimiser", \.options.optimiser, "How a step is made from a gradient."),
      Setting(
        "momentum", \.options.momentum, "Share of the last step that is kept, with sgd; 0.9 when left open.",
        in: 0...0.9999),
      Setting("decay", \.options.decay, "How fast weights shrink by themselves.", in: 0...1),
      Setting("schedule", \.options.schedule, "How the rate changes over the run."),
      Setting(
        "every", \.options.every, "Epochs between two steps of schedule=step; a third of the run when left open.",
        in: 1...1e6),
      Setting(
        "factor", \.options.factor, "What a step of schedule=step multiplies the rate by; 0.1 when left open.",
        in: 0...1),
      Setting(
        "shift", \.options.shift,
        "Moves each image by up to so many pixels, at random, as 'augment shift' does; the larger of both counts.",
        in: 0...1e4),
      Setting(
        "patience", \.options.patience, "Epochs without improvement on the validation part before it stops.",
        in: 1...1e6),
    ]
  }
  /// Values, gradients and two vectors of the optimiser; signals and their gradients.
  public func memory(for model: Model) -> Double { 4 * model.valueBytes + 2 * model.signalBytes(batch: options.batch) }
  public func validate() throws(SettingProblem) { try options.validate() }

  /// Layers without a gradient; the last, where nothing can be learnt at all.
  static func layersWithoutGradient(of network: Network) -> [Missing] {
    if let last = network.nodes.last, !network.layout.entries.contains(where: { $0.spec.role.isLearnt }) {
      return [Missing(last, "values to learn")]
    }
    return network.nodes.filter { $0.neuron == nil && !($0.layer is any DifferentiableLayer) }.map {
      Missing($0, "a gradient")
    }
  }
  public func missing(in input: InputOutline, encoder: (any Encoder)?) -> [Missing] {
    guard options.shift > 0 else { return [] }
    let shape = input.dataset?.shape ?? input.code.features
    guard Augmentation.fits(shape), shape.rank >= 2 else {
      return [Missing(layer: "input", kind: input.encoderKind, capability: "images to shift")]
    }
    let height = shape[shape.rank - 2], width = shape[shape.rank - 1]
    guard options.shift >= min(height, width) else { return [] }
    return [
      Missing(
        layer: "input", kind: "\(height)×\(width)",
        capability: "images larger than shift=\(options.shift), which moves them out of sight")
    ]
  }
  public func train(_ model: Model, on data: EncodedData, _ run: TrainingRun) throws -> Model {
    try descend(model, data, run, CrossEntropy(), differentiated: model.network)
  }
  /// - Parameter differentiated: the network of the model, with what stands in for derivatives.
  func descend(
    _ model: Model, _ data: EncodedData, _ run: TrainingRun, _ loss: any Loss, differentiated network: Network
  ) throws -> Model {
    let missing = missing(in: model.network) + missing(in: data.outline, encoder: data.encoder)
    if let first = missing.first { throw first }
    var descent = Descent(options, kind, model.initialised(seed: run.seed), data, run, loss, network)
    return try descent.train()
  }
}

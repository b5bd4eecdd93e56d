internal import Compute

/// What all trainers that go down a gradient can be told.
public struct DescentOptions: Sendable {
  public enum Method: String, Choice { case adam, sgd }
  public enum Course: String, Choice { case cosine, constant, step, linear }

  public var epochs = 10, batch = 100, decay = 1e-4, shift = 0, patience: Int?
  public var optimiser = Method.adam, schedule = Course.cosine
  /// Left open, what is usual for the optimiser.
  public var rate: Double?, momentum: Double?
  /// Norm that the gradient of a batch is shortened to; left open, it is not.
  public var clip: Double?
  /// Of the schedule in steps; left open, a tenth after each third of the run.
  public var every: Int?, factor: Double?
  /// Rates where none is given.
  public var usualRates: [Method: Double] = [.adam: 0.001, .sgd: 0.05]
  public init() {}

  /// Settings that go with others.
  public func validate() throws(SettingProblem) {
    if momentum != nil, optimiser != .sgd { throw SettingProblem("momentum", .refused("it belongs to optimiser=sgd")) }
    guard schedule != .step else { return }
    if every != nil { throw SettingProblem("every", .refused("it belongs to schedule=step")) }
    if factor != nil { throw SettingProblem("factor", .refused("it belongs to schedule=step")) }
  }

  public static let details = """
    sgd: v ← momentum·v + g + decay·w, w ← w − rate·v. adam (arXiv:1412.6980) keeps running means of g and g²; weights \
    decay apart from them (arXiv:1711.05101). Biases, scales and binary weights do not decay. The rate falls to 0 along a \
    cosine, stays, is multiplied by factor after every few epochs, or falls evenly to a tenth. clip shortens the \
    gradient of a batch to a norm. An interrupted run goes on where it stopped, within \
    its own schedule; a finished one that is trained again starts a new one at the full rate. patience=n stops when the \
    validation part (the training part where there is none) has not improved for n epochs, and returns the best model.
    """
}

/// A trainer that goes down the gradient of a loss, the cross-entropy where classes are learnt: shares optimisers, schedules, decay and shifts.
public protocol GradientTrainer: Trainer {
  var options: DescentOptions { get set }
}

extension GradientTrainer {
  public static var commonSettings: [Setting<Self>] {
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
        "clip", \.options.clip, "Norm to which the gradient of a batch is shortened; left open, it is not.",
        in: 1e-9...1e9),
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
  public static func layersWithoutGradient(of network: Network) -> [Missing] {
    if let last = network.nodes.last, !network.layout.entries.contains(where: { $0.spec.role.isLearnt }) {
      return [Missing(last, "values to learn")]
    }
    return network.nodes.filter { $0.neuron == nil && !($0.layer is any DifferentiableLayer) }.map {
      Missing($0, "a gradient")
    }
  }
  public func missing(in input: InputOutline, encoder: (any Encoder)?) -> [Missing] {
    missingSteps(in: input) + missingImages(in: input)
  }
  /// A step for every answer, where every step has one.
  private func missingSteps(in input: InputOutline) -> [Missing] {
    guard let data = input.dataset, data.task != .classes else { return [] }
    guard input.code.isConstant || input.code.steps != data.shape[0] else { return [] }
    return [Missing(layer: "input", kind: input.encoderKind, capability: "a step for each of \(data.shape[0]) answers")]
  }
  /// Images, where they are to be shifted.
  private func missingImages(in input: InputOutline) -> [Missing] {
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
    try descend(model, data, run, data.dataset.task.usualLoss) { _ in model.network }
  }
  /// - Parameter differentiated: the network of the model at a share of the run between 0 and 1, with what stands in for
  ///   derivatives.
  public func descend(
    _ model: Model, _ data: EncodedData, _ run: TrainingRun, _ loss: any Loss,
    differentiated: @escaping @Sendable (_ progress: Double) -> Network
  ) throws -> Model {
    let missing = missing(in: model.network) + missing(in: data.outline, encoder: data.encoder)
    if let first = missing.first { throw first }
    var descent = Descent(options, kind, model.initialised(seed: run.seed), data, run, loss, differentiated)
    return try descent.train()
  }
}

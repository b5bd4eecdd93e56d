public import Spiking

/// Which error is sent back.
public enum LearningRule: String, Choice {
  /// Rivals must keep a distance from the label; errors keep their size.
  case margin
  /// The rule of the articles' programs: relative targets, errors of length 1.
  case published
}
/// How the rates go over the epochs of one run.
public enum RateSchedule: String, Choice { case cosine, constant }
/// Whether errors go back through the weights as they are after or before the step of their own layer.
public enum UpdateOrder: String, Choice { case updated, previous }
/// What is learnt from a sample on which no output fired (published rule).
public enum SilentRule: String, Choice { case none, pull }

/// What both trainers can be told. A setting left open is chosen by the data: see `Recipe`.
public struct OnlineOptions: Sendable {
  public var epochs = 12, rule = LearningRule.margin
  public var gamma: Double?, rates: [Double] = [], decay: [Double] = [], schedule: RateSchedule?
  public var positive: [Double] = [], start: [Double] = []
  public var wake: Double?, tieSlope: Double?, silenceSlope: Double?, clip: Double?
  public var order = UpdateOrder.updated, silent: SilentRule?
  public var shifts = false, average = 0, patience = 0
  /// Of binary weights only.
  public var thresholds: [Int] = [], alphaStart: [Double] = [], alphaRate: [Double] = []
  public init() {}

  /// Settings of a rule that is not the one in force.
  func validate() throws(SettingProblem) {
    let margin: [(String, Bool)] = [
      ("wake", wake != nil), ("tie-slope", tieSlope != nil), ("silence-slope", silenceSlope != nil),
      ("thresholds", !thresholds.isEmpty),
    ]
    let published: [(String, Bool)] = [
      ("silent", silent != nil), ("alpha-start", !alphaStart.isEmpty), ("alpha-rate", !alphaRate.isEmpty),
    ]
    let (idle, other) = rule == .margin ? (published, LearningRule.published) : (margin, .margin)
    if let name = idle.first(where: \.1)?.0 {
      throw SettingProblem(name, .refused("it belongs to rule=\(other.rawValue)"))
    }
  }
}

/// A trainer of single-spike networks, sample by sample.
public protocol OnlineTrainer: Trainer {
  var options: OnlineOptions { get set }
  /// Whether it trains signs.
  static var isBinary: Bool { get }
}

extension OnlineTrainer {
  static var commonSettings: [Setting<Self>] {
    [
      Setting("epochs", \.options.epochs, "Passes over the training samples.", in: 1...100_000),
      Setting("rule", \.options.rule, "margin, or the published one."),
      Setting("gamma", \.options.gamma, "Distance in steps that rivals must keep.", in: 1...65535),
      Setting("rates", \.options.rates, "Rate of each layer at the start; the last counts for the rest.", in: 0...1e6),
      Setting("schedule", \.options.schedule, "How rates fall: cosine to 0 over the run, or not at all."),
      Setting("start", \.options.start, "Largest size of the first weights, per layer.", in: 0...1e6),
      Setting("positive", \.options.positive, "Share of positive first weights, per layer.", in: 0...1),
      Setting("decay", \.options.decay, "Weight decay per layer, times the rate.", in: 0...1),
      Setting("clip", \.options.clip, "Weights stay within ± this.", in: 1e-6...1e9),
      Setting("order", \.options.order, "Whether errors go back through updated or previous weights."),
      Setting(
        "wake", \.options.wake,
        "Pull on a silent label that already has its distance (margin rule); 0.3 when left open.", in: 0...1),
      Setting(
        "tie-slope", \.options.tieSlope,
        "Steps that a unit of potential is worth among outputs that fire together (margin rule).", in: 0...100),
      Setting(
        "silence-slope", \.options.silenceSlope,
        "Steps that a unit of missing potential is worth among silent outputs (margin rule).", in: 0...100),
      Setting("silent", \.options.silent, "What silence of all outputs teaches (published rule)."),
      Setting("shifts", \.options.shifts, "Shows each image in place or moved by one pixel to one of four sides."),
      Setting(
        "average", \.options.average, "Takes the mean of the weights over this many last epochs; 0 takes the last.",
        in: 0...100_000),
      Setting(
        "patience", \.options.patience,
        "Stops after so many epochs without a better validation accuracy (training accuracy without such a part); 0 never.",
        in: 0...100_000),
    ]
  }
  public func validate() throws(SettingProblem) { try options.validate() }
  public func missing(in network: Network) -> [Missing] { Layering.missing(in: network, isBinary: Self.isBinary) }
  public func missing(in input: InputOutline, encoder: (any Encoder)?) -> [Missing] {
    guard let encoder, !(encoder is any TimeEncoder) else { return [] }
    return [Missing(layer: "input", kind: encoder.kind, capability: "at most one spike per input")]
  }
  public func train(_ model: Model, on data: EncodedData, _ run: TrainingRun) throws -> Model {
    let missing = missing(in: model.network) + missing(in: data.outline, encoder: data.encoder)
    if let first = missing.first { throw first }
    var training = try OnlineTraining(model, data, options, run, trainer: kind, isBinary: Self.isBinary)
    return try training.train()
  }
}

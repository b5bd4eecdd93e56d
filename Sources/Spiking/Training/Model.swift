public import Compute

/// What happened in one epoch.
public struct EpochRecord: Sendable, Equatable {
  /// Counts from 1.
  public var epoch: Int
  public var loss: Double?, accuracy: Double?, accuracyTied: Double?
  public var validationLoss: Double?, validationAccuracy: Double?
  public var seconds: Double?
  /// Numbers of the trainer's own, by name.
  public var extra: [String: Double]

  public init(
    epoch: Int, loss: Double? = nil, accuracy: Double? = nil, accuracyTied: Double? = nil,
    validationLoss: Double? = nil, validationAccuracy: Double? = nil, seconds: Double? = nil,
    extra: [String: Double] = [:]
  ) {
    (self.epoch, self.loss, self.accuracy, self.accuracyTied) = (epoch, loss, accuracy, accuracyTied)
    (self.validationLoss, self.validationAccuracy) = (validationLoss, validationAccuracy)
    (self.seconds, self.extra) = (seconds, extra)
  }
}

/// A network, its values, what it was shaped for, and how it came about.
public struct Model: Sendable {
  public var network: Network
  /// Values of the parameters; nil until initialised, which is what untrained means.
  public var parameters: Parameters?
  public var input: InputOutline
  /// The data behind it; nil for a model from a file until they are made again, or one that is only being checked.
  public var data: EncodedData?
  public var history: [EpochRecord] = []
  /// What the trainer needs to go on.
  public var training: TrainingState?
  /// The trainer that made it: "bs4nn".
  public var trainer: String?
  /// The executor it asks for, by kind, where a conversion or trainer fixed one.
  public var executor: String?
  /// Remarks for a reader: what was converted, folded or changed.
  public var notes: [String] = []
  /// What a conversion did to each layer, where there was one.
  public var conversion: LayerNotes?
  /// For a model from a file: how it was made.
  public var origin: ModelOrigin?

  /// An untrained model without layers for encoded data.
  public init(_ data: EncodedData) {
    self.init(input: data.outline)
    self.data = data
  }
  /// An untrained model without layers, known only in outline.
  public init(input: InputOutline) {
    (self.input, network) = (input, Network(input: input.code.features))
  }
  public init(_ network: Network, parameters: Parameters? = nil, input: InputOutline, data: EncodedData? = nil) {
    (self.network, self.parameters, self.input, self.data) = (network, parameters, input, data)
  }

  /// The model with one more layer. Values of the layers before it are kept, its own are initialised if they were.
  public func appending(_ layer: any Layer, name: String? = nil, seed: UInt64 = 0) throws(ShapeError) -> Model {
    try changed(seed: seed) { (network) throws(ShapeError) in try network.append(layer, name: name) }
  }
  /// The model with layers added. Values of the others are kept, new ones are initialised if those were.
  public func changed(seed: UInt64, _ change: (inout Network) throws(ShapeError) -> Void) throws(ShapeError) -> Model {
    var copy = self
    try change(&copy.network)
    if let parameters { copy.parameters = Parameters(parameters, extendedTo: copy.network.layout, seed: seed) }
    return copy
  }
  /// The model with initial values, drawn from the seed; those it has are kept.
  public func initialised(seed: UInt64) -> Model {
    guard parameters == nil else { return self }
    var copy = self
    copy.parameters = Parameters(initial: network.layout, random: RandomStream(seed: seed, "initialise"))
    return copy
  }
  /// Whether anything in it spikes, the input included; otherwise it computes with numbers only.
  public var hasSpikes: Bool {
    input.code.alphabet != .graded || network.nodes.contains { $0.sendsSpikes || $0.sendsQuanta }
  }
  /// Whether any layer sends whole quanta, many at once perhaps.
  public var sendsQuanta: Bool { network.nodes.contains(where: \.sendsQuanta) }
  public var isTrained: Bool { parameters != nil }
  public var epochs: Int { history.last?.epoch ?? 0 }
  /// Values to be learnt.
  public var parameterCount: Int {
    network.layout.entries.reduce(0) { $0 + ($1.spec.role.isLearnt ? $1.count : 0) }
  }

  /// A row of the layer table.
  public struct LayerRow: Sendable, Equatable {
    public var name: String, kind: String, summary: String, output: Shape, parameters: Int, bytes: Int
  }
  /// One row per layer; a binary weight takes a bit, everything else four bytes.
  public var layerTable: [LayerRow] {
    network.nodes.map { node in
      let entries = network.layout.entries[node.slots]
      let bits = entries.reduce(0) { $0 + $1.count * ($1.spec.role == .latent ? 1 : 32) }
      return LayerRow(
        name: node.name, kind: node.kind, summary: node.layer.summary, output: node.output,
        parameters: entries.reduce(0) { $0 + $1.count }, bytes: (bits + 7) / 8)
    }
  }
}
extension Parameters {
  /// The values of `other` under a longer layout, new entries initialised.
  init(_ other: Parameters, extendedTo layout: ParameterLayout, seed: UInt64) {
    self.init(initial: layout, random: RandomStream(seed: seed, "initialise"))
    for entry in layout.entries {
      if let old = other.layout[entry.name], old.spec.shape == entry.spec.shape { set(entry, other.values(of: old)) }
    }
  }
}

public import Compute

/// What a trainer, converter or executor needs and a layer lacks: a fact; the words are chosen where it is shown.
public struct Missing: Error, Sendable, Equatable {
  /// The layer's name, or "input".
  public var layer: String
  /// What it is: "if-once", "pool".
  public var kind: String
  /// What it lacks: "a surrogate gradient".
  public var capability: String

  public init(layer: String, kind: String, capability: String) {
    (self.layer, self.kind, self.capability) = (layer, kind, capability)
  }
  /// A layer in its place lacks something; for a population the kind is that of its neuron.
  public init(_ node: Node, _ capability: String) {
    self.init(layer: node.name, kind: node.neuron?.kind ?? node.kind, capability: capability)
  }
}

/// A rule of learning: makes another model from a model and data.
public protocol Trainer: Declared {
  /// What the network lacks; asked while the line is checked, long before anything runs.
  func missing(in network: Network) -> [Missing]
  /// What the input lacks, such as spike times.
  func missing(in input: InputOutline, encoder: (any Encoder)?) -> [Missing]
  /// The network that will come out, as far as it is another than the one that goes in; asked while the line is checked.
  func outline(of network: Network) -> Network
  /// Bytes it will need for a model, roughly; more than the machine has is refused before anything runs.
  func memory(for model: Model) -> Double
  /// Trains for `epochs` epochs more, counted from the last finished one, and returns the model as it then stands.
  ///
  /// Interruption is polled at least once per batch or sample. An interrupted run returns the model as of the last
  /// finished one, with the state from which another run goes on to the same bits as an uninterrupted one.
  func train(_ model: Model, on data: EncodedData, _ run: TrainingRun) throws -> Model
}
extension Trainer {
  public var kind: String { Self.manual.name }
  public func missing(in input: InputOutline, encoder: (any Encoder)?) -> [Missing] { [] }
  public func outline(of network: Network) -> Network { network }
  public func memory(for model: Model) -> Double { 3 * model.valueBytes }
}

/// How far a run has come.
public struct Progress: Sendable, Equatable {
  /// Epoch under way, from 1, and how many there will be.
  public var epoch: Int, epochs: Int
  /// Share of the whole run that is done, 0 to 1.
  public var fraction: Double
  /// Samples per second.
  public var rate: Double?
  /// Over the samples of this epoch so far.
  public var accuracy: Double?, loss: Double?

  public init(
    epoch: Int, of epochs: Int, fraction: Double, rate: Double? = nil, accuracy: Double? = nil, loss: Double? = nil
  ) {
    (self.epoch, self.epochs, self.fraction) = (epoch, epochs, fraction)
    (self.rate, self.accuracy, self.loss) = (rate, accuracy, loss)
  }
}

/// The surroundings of a training: machine, seed, progress, interruption.
public struct TrainingRun: Sendable {
  public var machine: Machine, dt: Time
  public var seed: UInt64
  public var isInterrupted: @Sendable () -> Bool
  public var report: @Sendable (Progress) -> Void
  /// Called with the model after every epoch, to be kept in case of a crash.
  public var checkpoint: (@Sendable (Model) throws -> Void)?

  public init(
    machine: Machine, dt: Time = .ms(1), seed: UInt64 = 1,
    isInterrupted: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (Progress) -> Void = { _ in },
    checkpoint: (@Sendable (Model) throws -> Void)? = nil
  ) {
    (self.machine, self.dt, self.seed) = (machine, dt, seed)
    (self.isInterrupted, self.report, self.checkpoint) = (isInterrupted, report, checkpoint)
  }
  /// The draws with which the samples of an epoch are changed.
  public func augmentation(epoch: Int) -> RandomStream { random("shift").child(epoch) }
  /// The stream of a purpose of this run.
  public func random(_ purpose: String) -> RandomStream { RandomStream(seed: seed, purpose) }
}

public import Compute

/// One run of a network: where it runs, with which values, what is kept.
///
/// A pass holds the parameters without copying them. Let it end before writing to them, or they are copied.
public struct Pass: Sendable {
  public var machine: Machine, dt: Time
  /// Source of the random numbers of noisy layers; each layer takes a child of it.
  public var random: RandomStream
  public var parameters: Parameters
  /// Gradients, in the layout of the parameters; nil where none are wanted. Layers overwrite their entries.
  public var gradients: Parameters?
  /// The samples of the batch in the data set: noise belongs to a sample, not to its place in a batch.
  public var samples: [Int]?
  /// Number of the first step, above 0 where a run is continued.
  public var firstStep = 0
  /// Whether layers act as in training: dropout drops, normalisation uses the batch.
  public var isTraining = false
  /// New values of statistics by entry of the layout, for the trainer to store after the pass.
  public var statistics: [Int: [Float]] = [:]
  /// What a layer found out on the way forward and needs on the way back, by position of the layer.
  public var kept: [Int: [Float]] = [:]
  /// Share of the rows that a layer with weights ran by additions, by position of the layer; none where it only multiplies.
  public var addedShares: [Int: Double] = [:]
  /// The same for layers that keep whole signals, as those with a time loop of their own.
  public var tapes: [Int: [Tensor]] = [:]
  /// State carried from one chunk of steps to the next, by position of the layer; nil starts from rest and forgets.
  public var carried: [Int: Tensor]?
  /// Recorded variables by name, "neuron1.membrane", each steps × (batch × features); nil records nothing.
  public var records: [String: Tensor]?

  public init(
    machine: Machine, dt: Time, parameters: Parameters, random: RandomStream = RandomStream(seed: 0),
    gradients: Bool = false
  ) {
    (self.machine, self.dt, self.parameters, self.random) = (machine, dt, parameters, random)
    self.gradients = gradients ? Parameters(zeros: parameters.layout) : nil
  }
  /// Where an entry of the layout starts in the flat vector.
  @inlinable public func offset(_ slot: Int) -> Int { parameters.layout.entries[slot].offset }
}
extension Parameters {
  /// Stores what a pass found out about running statistics.
  public mutating func apply(_ statistics: [Int: [Float]]) {
    for (slot, values) in statistics { set(layout.entries[slot], values) }
  }
}

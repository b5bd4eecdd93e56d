public import Compute

/// Shapes that do not fit: a fact with a stable code and its wording.
public struct ShapeError: Error, Sendable, Equatable {
  /// "shape.kernel"
  public var code: String
  /// "a kernel of 99×99 does not fit images of 28×28"
  public var message: String
  public init(code: String, message: String) { (self.code, self.message) = (code, message) }
}

/// A layer of a network: a small value without weights. Its weights live in the flat vector of the model.
public protocol Layer: Sendable {
  /// The word for layers of this kind; layers without a name of their own are numbered under it: "dense".
  var kind: String { get }
  /// The layer in a few words for tables and cards: "dense 600, binary".
  var summary: String { get }
  var role: LayerRole { get }
  /// The shape of the output for an input of shape `features`.
  func features(after features: Shape) throws(ShapeError) -> Shape
  /// What the layer wants to have stored for an input of shape `features`.
  func parameters(for features: Shape) -> [ParameterSpec]
  func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal
}
extension Layer {
  public var summary: String { kind }
  public func parameters(for features: Shape) -> [ParameterSpec] { [] }
}

/// Capability: can be trained by gradients. The tape of a layer is its input; hidden values are recomputed from it.
public protocol DifferentiableLayer: Layer {
  /// The gradient with respect to the input, and that of the parameters written to `pass.gradients`.
  ///
  /// A gradient has the form of the signal it belongs to: that of a constant signal is stored once, summed over time.
  func backward(_ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool) -> Signal?
}

/// Capability: a linear map whose rows and columns can be rescaled, and which can serve spikes one by one.
public protocol LinearLayer: Layer {
  /// Multiplies what output j receives by `gains`[j], or by the gain of its channel; the bias too where `bias`.
  func scaleOutputs(by gains: [Float], of node: Node, in parameters: inout Parameters, bias: Bool)
  /// Multiplies what input i (or channel i) contributes by `gains`[i].
  func scaleInputs(by gains: [Float], of node: Node, in parameters: inout Parameters)
  /// The layer as rows of weights, or nil where weights are shared over places.
  func synapses(of node: Node, in parameters: Parameters) -> Synapses?
  /// How many synapses each input drives: what a spike costs.
  func fanOut(of node: Node) -> [Int]
}

/// What a run of one sample costs a layer: multiplications with their additions, additions alone, comparisons; and what all
/// of it would cost on plain numbers.
public struct RunCost: Sendable, Equatable {
  public var multiplications = 0.0, additions = 0.0, comparisons = 0.0, dense = 0.0
  public init() {}
}

/// Capability: runs a time loop of its own, with signals inside that can be recorded.
public protocol RecurrentLayer: DifferentiableLayer {
  /// Whether what it sends is spikes.
  var sendsSpikes: Bool { get }
  /// Whether any of its signals, sent or inside, is made of whole quanta.
  var sendsQuanta: Bool { get }
  /// What a run cost, of which `records` are what the layer recorded.
  func cost(of node: Node, _ records: [LayerRecord], steps: Int) -> RunCost
  /// Floats that it keeps of every step of a sample for its way back.
  func keptPerStep(for features: Shape) -> Int
  /// What it did for one sample, made from what `forward` wrote to `pass.records`; its output first.
  func layerRecords(of node: Node, output: Signal, records: [String: Tensor], dt: Time) -> [LayerRecord]
}

extension RecurrentLayer {
  public var sendsQuanta: Bool { false }
}

/// What converters, folders and planners may assume about a layer. Closed on purpose: rewriters switch over it without a
/// default. A new layer picks the role that is true of it; `opaque` is always safe.
public enum LayerRole: Sendable {
  /// W·x + b: dense, convolution, a plugin's own.
  case linear(any LinearLayer)
  /// A population: holds state, emits spikes.
  case neurons(any Neuron)
  /// max(0, x): positively homogeneous.
  case rectifier
  /// Affine per channel at inference.
  case normalisation
  /// Without weights.
  case passive(Passive)
  /// Adds a second signal to its input: the end of a residual branch.
  case sum
  /// Anything else, by its kind.
  case opaque(String)

  public enum Passive: Sendable, Equatable { case reshape, average, maximum, dropout, timeMean }
}

/// A layer in its place: name, parameters, shapes.
public struct Node: Sendable {
  public var name: String
  public var layer: any Layer
  /// Numbers of its entries in the layout.
  public var slots: Range<Int>
  public var input: Shape, output: Shape
  /// Position in the network.
  public var index: Int
  /// The signal it reads: 0 is the input of the network, k + 1 what layer k sends.
  public var source: Int
  /// A second signal, added to the first.
  public var other: Int?

  public var kind: String { layer.kind }
  /// Whether any of its signals is made of whole quanta.
  var sendsQuanta: Bool {
    neuron?.capability((any QuantisedNeuron).self)?.omega.isFinite == true
      || (layer as? any RecurrentLayer)?.sendsQuanta == true
  }
  /// Whether what it sends is spikes.
  public var sendsSpikes: Bool { neuron != nil || (layer as? any RecurrentLayer)?.sendsSpikes == true }
  /// The neuron of a population.
  public var neuron: (any Neuron)? {
    if case .neurons(let neuron) = layer.role { neuron } else { nil }
  }
}

public import Compute

/// Layers in order with shapes and names worked out, each reading the one before it or, behind a branch, an earlier one.
/// A value: rewriting makes a new one.
///
/// Making one costs nothing, so a line can be checked by building its network before anything runs.
public struct Network: Sendable {
  public let input: Shape
  public private(set) var nodes: [Node]
  public private(set) var layout: ParameterLayout
  /// How much of its sum a read-out carries from step to step: 1 answers by the mean over time, 0 by the last step.
  public var carry = 1.0

  /// A network without layers: its output is its input.
  public init(input: Shape) {
    self.input = input
    nodes = []
    layout = ParameterLayout()
  }
  /// Layers in order; `names` may be shorter, and hold nil where a layer is to be named by kind and number.
  public init(input: Shape, _ layers: [any Layer], names: [String?] = []) throws(ShapeError) {
    self.init(input: input)
    for (i, layer) in layers.enumerated() { try append(layer, name: i < names.count ? names[i] : nil) }
  }
  /// The shape of what comes out.
  public var output: Shape { nodes.last?.output ?? input }

  /// The shape of a signal: 0 is the input, k + 1 what layer k sends.
  public func shape(ofSignal signal: Int) -> Shape { signal == 0 ? input : nodes[signal - 1].output }

  /// Adds a layer behind the last, or behind the signal `source`; named `name` or else by its kind and number: "dense1".
  ///
  /// The number counts all layers of the kind, named ones too, so naming a layer renames no other.
  public mutating func append(_ layer: any Layer, name: String? = nil, source: Int? = nil) throws(ShapeError) {
    try append(layer, name: name, source: source ?? nodes.count, other: nil)
  }
  /// Adds two signals: the end of a residual branch.
  ///
  /// - Throws: different shapes.
  public mutating func join(_ source: Int, with other: Int, name: String? = nil) throws(ShapeError) {
    let (a, b) = (shape(ofSignal: source), shape(ofSignal: other))
    guard a == b else {
      throw ShapeError(code: "shape.sum", message: "a sum needs equal shapes, and these are \(a) and \(b)")
    }
    try append(Sum(), name: name, source: source, other: other)
  }
  private mutating func append(_ layer: any Layer, name: String?, source: Int, other: Int?) throws(ShapeError) {
    let name = name ?? "\(layer.kind)\(nodes.count { $0.kind == layer.kind } + 1)"
    guard self[name] == nil else {
      throw ShapeError(code: "layer.name", message: "there is a layer '\(name)' already")
    }
    let before = shape(ofSignal: source), after = try layer.features(after: before)
    let specs = layer.parameters(for: before)
    let bytes = 4 * specs.reduce(Double(layout.count)) { $0 + $1.shape.extents.reduce(1) { $0 * Double($1) } }
    guard bytes <= Memory.modelLimit else {
      throw ShapeError(
        code: "shape.memory",
        message:
          "the values of the network would take \(Memory.text(bytes)), more than \(Memory.text(Memory.modelLimit))")
    }
    let slots = layout.append(specs, prefix: name)
    nodes.append(
      Node(
        name: name, layer: layer, slots: slots, input: before, output: after, index: nodes.count, source: source,
        other: other))
  }
  /// The network with one more layer.
  public func appending(_ layer: any Layer, name: String? = nil) throws(ShapeError) -> Network {
    var copy = self
    try copy.append(layer, name: name)
    return copy
  }
  public subscript(name: String) -> Node? { nodes.first { $0.name == name } }

  /// The same parameters under changed layers: what folding, conversion and annealing do.
  ///
  /// A changed layer must want the same parameters and keep the shapes; names stay.
  public func replacing(_ change: (Node) -> any Layer) -> Network {
    var copy = self
    for i in nodes.indices { copy.nodes[i].layer = change(nodes[i]) }
    return copy
  }
  /// The network that answers with the mean of its output over time, weighted by `carry`.
  ///
  /// Linear layers at the end commute with the mean, so the mean is taken before them and they run once.
  public func readingOut() -> Network {
    var split = nodes.count
    while split > 0, case .linear = nodes[split - 1].layer.role { split -= 1 }
    if split > 0, case .passive(.timeMean) = nodes[split - 1].layer.role { return self }
    let shape = split == 0 ? input : nodes[split - 1].output
    let slot = split < nodes.count ? nodes[split].slots.lowerBound : layout.entries.count
    var copy = self
    copy.nodes.insert(
      Node(
        name: "readout", layer: TimeMean(carry: carry), slots: slot..<slot, input: shape, output: shape, index: split,
        source: split), at: split)
    for i in copy.nodes.indices.dropFirst(split + 1) {
      copy.nodes[i].index = i
      copy.nodes[i].source += 1
    }
    return copy
  }

  /// Which populations lack a capability of their neurons: asked before anything runs.
  public func neuronsWithout<C>(_ capability: C.Type) -> [Node] {
    nodes.filter { node in node.neuron.map { $0.capability(capability) == nil } ?? false }
  }
  /// Layers that read a signal.
  public func readers(ofSignal signal: Int) -> [Node] { nodes.filter { $0.source == signal || $0.other == signal } }
  /// The layer that makes what a layer reads; nil at the input.
  public func before(_ node: Node) -> Node? { node.source == 0 ? nil : nodes[node.source - 1] }
}

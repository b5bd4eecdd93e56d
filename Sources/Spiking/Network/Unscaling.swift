internal import Compute

/// A network whose spikes have height 1: heights moved into the weights that read them.
///
/// Linear maps commute with numbers, W·(a·b) = (a·W)·b, so every membrane, spike and output stays as it was. A height goes
/// through average pools and, where it is positive, through rectifiers and maximum pools. Where no weights can take it, as
/// on an identity shortcut, a gain is put in; heights that differ from channel to channel stay there.
///
/// - Reference: Y. Guo et al., *Real Spike*, ECCV 2022, doi:10.1007/978-3-031-19775-8_4.
public struct Unscaling: Sendable {
  public private(set) var network: Network
  public private(set) var parameters: Parameters
  /// What was done, layer by layer.
  public private(set) var steps: [Step] = []

  public struct Step: Sendable, Equatable {
    public enum Change: Sendable, Equatable {
      /// The height of a population, now 1, or those of its channels.
      case height([Float])
      /// What weights were multiplied by, all of them or those of each channel.
      case weights([Float])
      /// Heights that stay, because not all that read them are weights.
      case kept([Float])
      /// A gain put in behind a layer.
      case gain(Float)
    }
    public var layer: String, change: Change
  }

  /// Signals of the old network in the new, with the heights that are still to be moved.
  private var place: [(signal: Int, heights: [Float])] = [(0, [1])]

  public init(_ old: Network, _ values: Parameters) throws(ShapeError) {
    network = Network(input: old.input)
    network.carry = old.carry
    parameters = values
    var factors: [String: [Float]] = [:]
    for node in old.nodes { place.append(try moved(node, old, values, &factors)) }
    _ = try settled(old.nodes.count, behind: old.nodes.last?.name ?? "input")
    parameters = Parameters(zeros: network.layout)
    for entry in network.layout.entries where values.layout[entry.name] != nil {
      parameters.set(entry, values[entry.name])
    }
    for node in network.nodes {
      guard let factor = factors[node.name], case .linear(let layer) = node.layer.role else { continue }
      let inputs = node.input.rank == 3 ? node.input[0] : node.layer is Dense ? node.input.count : 1
      let gains = factor.count > 1 ? factor : Array(repeating: factor[0], count: inputs)
      layer.scaleInputs(by: gains, of: node, in: &parameters)
    }
  }

  private mutating func moved(_ node: Node, _ old: Network, _ values: Parameters, _ factors: inout [String: [Float]])
    throws(ShapeError) -> (signal: Int, heights: [Float])
  {
    let (source, heights) = place[node.source]
    switch node.layer.role {
    case .linear where node.layer.hasRealWeights:
      if heights != [1] {
        factors[node.name] = heights
        steps.append(Step(layer: node.name, change: .weights(heights)))
      }
      return (try added(node.layer, node, behind: source), [1])
    case .neurons(let neuron):
      guard let population = node.layer as? Population, let scaled = neuron.capability((any ScaledNeuron).self) else {
        break
      }
      let own = scaled.heights(old.layout.entries[node.slots].flatMap { values.values(of: $0) })
      guard own.count == 1 || old.isReadByWeights(node.index + 1, own) else {
        steps.append(Step(layer: node.name, change: .kept(own)))
        break
      }
      if own != [1] { steps.append(Step(layer: node.name, change: .height(own))) }
      var plain = population
      plain.neuron = scaled.unscaled
      return (try added(plain, node, behind: try settled(node.source, behind: node.name)), own)
    case .passive(.average), .passive(.reshape), .passive(.dropout), .passive(.timeMean):
      return (try added(node.layer, node, behind: source), heights)
    case .passive(.maximum), .rectifier:
      guard heights.allSatisfy({ $0 > 0 }) else { break }
      return (try added(node.layer, node, behind: source), heights)
    case .sum:
      guard let other = node.other else { break }
      if place[other].heights == heights {
        try network.join(source, with: place[other].signal, name: node.name)
        return (network.nodes.count, heights)
      }
      let first = try settled(node.source, behind: node.name), second = try settled(other, behind: node.name)
      try network.join(first, with: second, name: node.name)
      return (network.nodes.count, [1])
    case .linear, .normalisation, .opaque: break
    }
    return (try added(node.layer, node, behind: try settled(node.source, behind: node.name)), [1])
  }
  private mutating func added(_ layer: any Layer, _ node: Node, behind source: Int) throws(ShapeError) -> Int {
    try network.append(layer, name: node.name, source: source)
    return network.nodes.count
  }
  /// The signal with its height put into a gain, where it has one.
  private mutating func settled(_ signal: Int, behind name: String) throws(ShapeError) -> Int {
    let (source, heights) = place[signal]
    guard heights != [1] else { return source }
    let gain = "\(name)_gain", height = heights[0]
    try network.append(Gain(Double(height)), name: network[gain] == nil ? gain : nil, source: source)
    steps.append(Step(layer: network.nodes[network.nodes.count - 1].name, change: .gain(height)))
    place[signal] = (network.nodes.count, [1])
    return network.nodes.count
  }
}
extension Network {
  /// Whether nothing but weights reads a signal, by way of layers that let its heights through.
  fileprivate func isReadByWeights(_ signal: Int, _ heights: [Float]) -> Bool {
    let readers = readers(ofSignal: signal)
    return !readers.isEmpty
      && readers.allSatisfy { reader in
        switch reader.layer.role {
        case .linear: reader.layer.hasRealWeights
        case .passive(.average), .passive(.reshape), .passive(.dropout), .passive(.timeMean):
          isReadByWeights(reader.index + 1, heights)
        case .passive(.maximum), .rectifier:
          heights.allSatisfy { $0 > 0 } && isReadByWeights(reader.index + 1, heights)
        case .neurons, .normalisation, .sum, .opaque: false
        }
      }
  }
}

internal import Classic
internal import Compute
internal import Spiking

/// Puts integrate-and-fire neurons where rectifiers were. Names of layers stay.
struct Rewriting: Sendable {
  let settings: RateSettings
  init(_ settings: RateSettings) { self.settings = settings }

  /// The spiking network: neurons for rectifiers, delays behind them where asked for, neurons at the output unless its
  /// charge is read, and the read-out.
  func network(of network: Network) throws(ShapeError) -> Network {
    var result = Network(input: network.input)
    let last = network.nodes.last {
      if case .rectifier = $0.layer.role { true } else if case .linear = $0.layer.role { true } else { false }
    }
    for node in network.nodes {
      guard case .rectifier = node.layer.role else {
        try result.append(node.layer, name: node.name)
        if settings.pooling == .spiking, case .passive(.average) = node.layer.role {
          try result.append(population, name: free("spikes_\(node.name)", in: network))
        }
        continue
      }
      if node.index == last?.index, settings.readout == .membrane { continue }
      try result.append(population, name: node.name)
      if settings.delay > 0, node.index != last?.index {
        try result.append(AxonDelay(settings.delay), name: free("delay_\(node.name)", in: network))
      }
    }
    if settings.readout == .count, result.nodes.last?.neuron == nil {
      try result.append(population, name: free("output", in: network))
    }
    try result.append(
      ReadOut(settings.readout, ties: settings.ties, exit: settings.exit), name: free("answer", in: network))
    return result
  }
  private var population: any Layer {
    settings.form == .weights
      ? Population(IntegrateAndFire(threshold: 1, reset: settings.reset.neuron, v0: settings.v0))
      : OwnThresholds(reset: settings.reset.neuron, v0: settings.v0)
  }
  /// The name, or the first with a number behind it that no layer has.
  private func free(_ name: String, in network: Network) -> String {
    var candidate = name, number = 2
    while network[candidate] != nil { (candidate, number) = ("\(name)\(number)", number + 1) }
    return candidate
  }

  /// The values of the spiking network: scales in weights or thresholds, biases for a peak rate ρ.
  func parameters(for network: Network, _ work: ConversionWork, _ scaling: Scaling) -> Parameters {
    var net = work.net
    if settings.form == .weights { scaling.apply(to: &net) }
    for stage in net.stages { net.scaleBias(stage, by: work.peak) }
    var result = Parameters(initial: network.layout, random: RandomStream(seed: 0))
    for entry in network.layout.entries {
      if let old = net.parameters.layout[entry.name] { result.set(entry, net.parameters.values(of: old)) }
    }
    var scales = scaling.scales[...], scale: [Double] = [1]
    for node in network.nodes where node.layer is OwnThresholds {
      // Neurons of a pool answer in the unit of the layer in front of it.
      if !Self.isBehindPool(node, in: network) { scale = scales.popFirst() ?? scale }
      let entry = network.layout.entries[node.slots.lowerBound]
      result.set(entry, thresholds(scale, count: entry.count))
    }
    return result
  }
  private static func isBehindPool(_ node: Node, in network: Network) -> Bool {
    guard node.index > 0, case .passive(.average) = network.nodes[node.index - 1].layer.role else { return false }
    return true
  }
  /// One per unit, or repeated over places where an image was flattened.
  private func thresholds(_ scales: [Double], count: Int) -> [Float] {
    let places = max(1, count / max(1, scales.count))
    return (0..<count).map { Float(scales[min(scales.count - 1, $0 / places)]) }
  }
}

extension Network {
  /// The network with normalisations put into the linear layers before them, and without dropout.
  ///
  /// Names stay; a linear layer without bias gets one. Values follow with `Parameters.folded`.
  public func folded() throws(ShapeError) -> Network {
    var result = Network(input: input), place = [0]
    result.carry = carry
    for node in nodes {
      let source = place[node.source]
      guard !isFolded(node) else {
        place.append(source)
        continue
      }
      if let other = node.other {
        try result.join(source, with: place[other], name: node.name)
      } else {
        let readers = readers(ofSignal: node.index + 1)
        let isNormalised = readers.count == 1 && isFoldedNormalisation(readers[0])
        try result.append(isNormalised ? node.layer.withBias : node.layer, name: node.name, source: source)
      }
      place.append(result.nodes.count)
    }
    return result
  }
  private func isFolded(_ node: Node) -> Bool {
    if case .passive(.dropout) = node.layer.role { true } else { isFoldedNormalisation(node) }
  }
  private func isFoldedNormalisation(_ node: Node) -> Bool {
    guard node.layer is BatchNorm, let before = before(node), case .linear(let layer) = before.layer.role,
      readers(ofSignal: node.source).count == 1
    else { return false }
    return layer.withBias is any LinearLayer && layer.hasRealWeights
  }
}

/// A normalisation whose stored variance is negative.
public struct VarianceProblem: Error, Sendable, Equatable {
  public var layer: String, index: Int, channel: Int, variance: Float
}

extension Parameters {
  /// The values for `network.folded()`:
  ///
  ///     W′ = s·W (row by row),  b′ = s·(b − μ) + β,  s = γ/√(σ² + ε)
  ///
  /// with the running mean μ and variance σ².
  ///
  /// - Throws: a variance below 0.
  public func folded(from network: Network, to folded: Network) throws(VarianceProblem) -> Parameters {
    var result = Parameters(zeros: folded.layout)
    for entry in folded.layout.entries {
      if let old = layout[entry.name] { result.set(entry, values(of: old)) }
    }
    for node in network.nodes where folded[node.name] == nil {
      guard let normalisation = node.layer as? BatchNorm, let before = network.before(node),
        let linear = folded[before.name],
        case .linear(let layer) = linear.layer.role, let bias = layout(of: linear, in: folded)
      else { continue }
      let statistics = normalisation.statistics(of: node, in: self)
      if let channel = statistics.variance.firstIndex(where: { !($0 >= 0) }) {
        throw VarianceProblem(
          layer: node.name, index: node.index, channel: channel, variance: statistics.variance[channel])
      }
      layer.scaleOutputs(by: statistics.gains, of: linear, in: &result, bias: true)
      let shifted = zip(result.values(of: bias), statistics.offsets).map { $0 + $1 }
      result.set(bias, shifted)
    }
    return result
  }
  private func layout(of node: Node, in network: Network) -> ParameterLayout.Entry? {
    network.layout.entries[node.slots].first { $0.spec.role == .bias }
  }
}

extension Layer {
  /// The same layer with a bias, where it can have one.
  fileprivate var withBias: any Layer {
    if var dense = self as? Dense {
      dense.bias = true
      return dense
    }
    if var convolution = self as? Convolution {
      convolution.bias = true
      return convolution
    }
    return self
  }
  var hasRealWeights: Bool { (self as? Dense)?.weights != .binary }
}

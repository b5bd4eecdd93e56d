internal import Compute
internal import Spiking

/// What the values of a signal are: spikes of a known height, or means of a few of them.
struct SpikeForm: Equatable {
  /// The value of one spike, without its sign: one number, or one for each channel.
  var units: [Float]
  /// Most spikes that one value stands for: 4 behind an average pool of 2×2.
  var levels = 1
  /// Whether values of both signs occur.
  var isSigned: Bool

  /// Behind larger pools nearly every value differs from 0, and a value stands for too many spikes.
  static let mostLevels = 9

  init?(heights: [Float], alphabet: Alphabet) {
    guard alphabet != .graded, heights.allSatisfy(\.isFinite) else { return nil }
    isSigned = alphabet == .ternary || heights.contains { $0 < 0 }
    units = heights.map(abs)
  }
  /// The spikes times a constant.
  func scaled(by factor: Float) -> SpikeForm? {
    var result = self
    result.units = units.map { abs(factor) * $0 }
    if factor < 0 { result.isSigned = true }
    return result.units.allSatisfy(\.isFinite) ? result : nil
  }
  /// The means of so many values.
  func averaged(over count: Int) -> SpikeForm? {
    guard levels * count <= Self.mostLevels else { return nil }
    var result = self
    result.units = units.map { $0 / Float(count) }
    result.levels = levels * count
    return result
  }
}

extension Model {
  /// The form of a signal, or nil where it is not made of spikes of known heights.
  func spikeForm(ofSignal signal: Int) -> SpikeForm? {
    guard signal > 0 else { return SpikeForm(heights: [1], alphabet: input.code.alphabet) }
    let node = network.nodes[signal - 1]
    switch node.layer.role {
    case .neurons(let neuron): return SpikeForm(heights: heights(of: neuron, at: node), alphabet: neuron.alphabet)
    case .passive(.reshape), .passive(.dropout), .passive(.maximum): return spikeForm(ofSignal: node.source)
    case .passive(.average):
      guard let pool = node.layer as? Pool else { return nil }
      return spikeForm(ofSignal: node.source)?.averaged(over: pool.size * pool.size)
    case .opaque:
      guard let gain = node.layer as? Gain else { return nil }
      return spikeForm(ofSignal: node.source)?.scaled(by: Float(gain.factor))
    case .linear, .rectifier, .normalisation, .passive(.timeMean), .sum: return nil
    }
  }
  /// Neurons without heights of their own send 1.
  private func heights(of neuron: any Neuron, at node: Node) -> [Float] {
    guard let scaled = neuron.capability((any ScaledNeuron).self) else { return [1] }
    let learnt = network.layout.entries[node.slots].flatMap { parameters?.values(of: $0) ?? [] }
    return scaled.heights(learnt)
  }
}

internal import Compute
internal import Spiking

/// What a layer with weights and the neurons behind it cost, summed over samples.
struct LayerCost {
  /// What becomes of weights that fall onto the zeros around an image.
  enum Padding: String, Choice { case skipped, counted }

  let name: String
  private(set) var dense: Double
  /// What a spike of each input costs.
  private let fanOut: [Double]
  private let source: String?, population: String?, signs: Double
  private(set) var multiplications: Double, additions = 0.0, comparisons = 0.0, spikes = 0.0
  /// Sum of the shares of steps that were added up; nil where that was not told.
  private(set) var added: Double?
  private let isSpiking: Bool
  /// A layer with a time loop of its own tells what it costs itself.
  private var recurrent: Node?

  /// Nil for layers without weights.
  init?(_ node: Node, _ model: Model, _ padding: Padding) {
    name = node.name
    if node.layer is any RecurrentLayer {
      (dense, fanOut, source, population, signs, multiplications) = (0, [], nil, nil, 1, 0)
      (isSpiking, recurrent) = (false, node)
      return
    }
    guard case .linear(let layer) = node.layer.role else { return nil }
    let network = model.network
    if padding == .counted, let convolution = node.layer as? Convolution {
      let window = convolution.window(node), products = convolution.channels * window.depth * window.places
      fanOut = Array(repeating: Double(products) / Double(window.inputCount), count: window.inputCount)
      dense = Double(products)
    } else {
      fanOut = layer.fanOut(of: node).map(Double.init)
      dense = fanOut.reduce(0, +)
    }
    source = network.before(node)?.name
    isSpiking = network.isSpiking(signal: node.source, input: model.input.code.alphabet)
    let repeats = network.isStill(signal: node.source, model.input.code) ? 1 : Double(model.input.code.steps)
    multiplications = isSpiking ? 0 : dense * repeats
    let behind = network.population(behind: node)
    population = behind?.name
    signs = behind?.neuron?.alphabet == .ternary ? 2 : 1
  }
  private mutating func add(_ recording: Recording, of layer: any RecurrentLayer, _ node: Node) {
    let records = recording.layers.filter { $0.name == node.name || $0.name.hasPrefix(node.name + ".") }
    let cost = layer.cost(of: node, records, steps: recording.steps)
    multiplications += cost.multiplications
    additions += cost.additions
    comparisons += cost.comparisons
    dense = cost.dense
  }
  mutating func add(_ recording: Recording) {
    if let node = recurrent, let layer = node.layer as? any RecurrentLayer { return add(recording, of: layer, node) }
    if let population, let layer = recording[population] {
      comparisons += signs * Double(layer.spikes.steps * layer.spikes.neurons)
      spikes += Double(layer.spikes.count)
    }
    if let share = recording[name]?.addedShare { added = (added ?? 0) + share }
    guard isSpiking else { return }
    let layer = source.flatMap { recording[$0] }
    if let quanta = layer?.quanta {
      // Quanta go one by one.
      for (k, n) in quanta.enumerated() where n != 0 { additions += Double(abs(n)) * fanOut[k % fanOut.count] }
    } else if let values = layer?.variables.first(where: { $0.name == "output" })?.values {
      for (k, value) in values.enumerated() where value != 0 { additions += fanOut[k % fanOut.count] }
    } else {
      let spikes = (layer ?? recording.input).spikes
      for i in 0..<min(spikes.neurons, fanOut.count) { additions += Double(spikes.count(of: i)) * fanOut[i] }
    }
  }
  /// One of so many samples; multiplications are the same for all.
  func mean(over samples: Double) -> LayerCost {
    var mean = self
    (mean.additions, mean.comparisons, mean.spikes) = (additions / samples, comparisons / samples, spikes / samples)
    if recurrent != nil { mean.multiplications = multiplications / samples }
    mean.added = added.map { $0 / samples }
    return mean
  }
}
extension Network {
  /// Whether a signal is the same at every step, so that it is multiplied once.
  fileprivate func isStill(signal: Int, _ code: Code) -> Bool {
    guard signal > 0 else { return code.isConstant }
    let node = nodes[signal - 1]
    return node.neuron == nil && isStill(signal: node.source, code)
      && (node.other.map { isStill(signal: $0, code) } ?? true)
  }
  /// The neurons that a layer with weights drives, those behind another one excepted.
  fileprivate func population(behind node: Node) -> Node? {
    var behind = readers(ofSignal: node.index + 1).first
    while let next = behind, next.neuron == nil {
      if case .linear = next.layer.role { return nil }
      behind = readers(ofSignal: next.index + 1).first
    }
    return behind
  }
}

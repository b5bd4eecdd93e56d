internal import Compute
internal import Spiking

/// Moves weights between a model and a network under training.
struct WeightStore {
  let layering: Layering, recipe: Recipe, isBinary: Bool
  init(_ layering: Layering, _ recipe: Recipe, isBinary: Bool) {
    (self.layering, self.recipe, self.isBinary) = (layering, recipe, isBinary)
  }

  /// The network of a model; one without values gets the first weights of the recipe, drawn from the seed.
  func network(for model: inout Model, state: TrainingState, window: Int) -> OnlineNetwork {
    let isNew = model.parameters == nil, layout = model.network.layout
    var parameters = model.parameters ?? Parameters(zeros: layout)
    if isNew { draw(&parameters, RandomStream(seed: state.seed, "initialise")) }
    // The whole thresholds of the margin rule are those of the recipe; the published rule learns on from α.
    if isBinary { setScales(&parameters, isNew: isNew) }
    let layers = layering.pairs.enumerated().map { l, pair in
      let matrix = SynapseMatrix(inputs: pair.dense.input.count, outputs: pair.dense.output.count, isBinary: isBinary)
      let entry = pair.weights(in: layout)
      if let stored = state.vectors["weights.\(l)"], stored.count == entry.count {
        stored.withUnsafeBufferPointer { if let base = $0.baseAddress { matrix.read(base) } }
      } else {
        parameters.flat.read { matrix.read($0 + entry.offset) }
      }
      if recipe.clip.isFinite, recipe.rule == .margin {
        matrix.rescale(by: 1, bound: Float(recipe.clip))
        matrix.refreshSigns()
      }
      let alpha = pair.scale(in: layout).map { parameters.flat[$0.offset] } ?? 1
      let layer = OnlineLayer(matrix, threshold: pair.threshold, alpha: alpha)
      layer.shrinkage = state.numbers["shrinkage.\(l)"] ?? 1
      return layer
    }
    model.parameters = parameters
    return OnlineNetwork(layers, window: window)
  }

  /// |W| uniform in [0, start), positive with the share of the recipe; no bias.
  private func draw(_ parameters: inout Parameters, _ random: RandomStream) {
    for (l, pair) in layering.pairs.enumerated() {
      let entry = pair.weights(in: parameters.layout), stream = random.child(entry.name), signs = stream.child("sign")
      let size = Float(recipe.start[l]), positive = Float(recipe.positive[l])
      parameters.flat.write { p in
        for i in 0..<entry.count {
          let magnitude = size * stream.uniform(i)
          p[entry.offset + i] = signs.uniform(i) < positive ? magnitude : -magnitude
        }
      }
    }
  }
  private func setScales(_ parameters: inout Parameters, isNew: Bool) {
    for (l, pair) in layering.pairs.enumerated() {
      guard let entry = pair.scale(in: parameters.layout) else { continue }
      if recipe.rule == .margin {
        parameters.set(entry, [IntegerThreshold.scale(for: recipe.thresholds[l], threshold: pair.threshold)])
      } else if isNew {
        parameters.set(entry, [Float(recipe.alphas[l])])
      }
    }
  }

  /// Writes weights and scales to the model, and to the state what the model cannot hold.
  func write(_ network: OnlineNetwork, _ averaging: WeightAverage, to model: inout Model, _ state: inout TrainingState)
  {
    guard var parameters = model.parameters else { return }
    model.parameters = nil
    for (l, pair) in layering.pairs.enumerated() {
      let layer = network.layers[l], entry = pair.weights(in: parameters.layout)
      parameters.flat.write { layer.matrix.write($0 + entry.offset, times: Float(layer.shrinkage)) }
      if let scale = pair.scale(in: parameters.layout) { parameters.set(scale, [layer.alpha]) }
      if layer.shrinkage != 1 { state.numbers["shrinkage.\(l)"] = layer.shrinkage }
      if layer.shrinkage != 1 || averaging.isFinished { state.vectors["weights.\(l)"] = layer.matrix.unpadded }
      if let mean = averaging.mean(of: l) { parameters.set(entry, mean) }
    }
    averaging.write(to: &state)
    model.parameters = parameters
  }
}

extension SynapseMatrix {
  /// The weights inputs × outputs.
  var unpadded: [Float] {
    [Float](unsafeUninitializedCapacity: inputs * outputs) { buffer, count in
      if let base = buffer.baseAddress { write(base) }
      count = inputs * outputs
    }
  }
}

/// The mean of the weights at the ends of the last epochs of a cycle: what the model gets when the cycle is over.
struct WeightAverage {
  let lastEpochs: Int
  private var sums: [[Float]], count: Int
  private(set) var isFinished = false

  init(_ network: OnlineNetwork, _ state: TrainingState, lastEpochs: Int) {
    self.lastEpochs = lastEpochs
    sums = network.layers.indices.compactMap { state.vectors["sum.\($0)"] }
    count = state.numbers["sum.count"].flatMap { Int(exactly: $0) } ?? 0
    let fits = sums.map(\.count) == network.layers.map { $0.matrix.inputs * $0.matrix.outputs }
    if !fits || !(1..<1 << 30).contains(count) { (sums, count) = ([], 0) }
  }
  /// Sums of a cycle that will not be finished.
  static func forget(_ state: inout TrainingState) {
    state.vectors = state.vectors.filter { !$0.key.hasPrefix("sum.") }
    state.numbers["sum.count"] = nil
  }
  mutating func add(_ network: OnlineNetwork, epoch: Int, of cycle: TrainingCycle) {
    if isFinished { (sums, count, isFinished) = ([], 0, false) }
    guard lastEpochs > 1, epoch >= cycle.end - lastEpochs else { return }
    if sums.isEmpty { sums = network.layers.map { Array(repeating: 0, count: $0.matrix.inputs * $0.matrix.outputs) } }
    for (l, layer) in network.layers.enumerated() {
      let weights = layer.matrix.unpadded, scale = Float(layer.shrinkage)
      for k in weights.indices { sums[l][k] += weights[k] * scale }
    }
    count += 1
  }
  mutating func finish() { isFinished = count > 0 }
  func mean(of layer: Int) -> [Float]? { isFinished ? sums[layer].map { $0 / Float(count) } : nil }
  /// Sums of an unfinished cycle; those of a finished one are done with.
  func write(to state: inout TrainingState) {
    guard !isFinished, count > 0 else { return }
    for (l, sum) in sums.enumerated() { state.vectors["sum.\(l)"] = sum }
    state.numbers["sum.count"] = Double(count)
  }
}

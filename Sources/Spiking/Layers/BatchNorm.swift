public import Compute

/// Normalises every channel to a learnt mean and deviation: y = γ·(x − μ)/√(σ² + ε) + β.
///
/// Training takes μ and σ² from the batch, over samples, stored steps and places together, and keeps running means of
/// them; otherwise the running means are taken. Channels are the first extent of images [channels, height, width],
/// images [height, width] are one channel, and of a row [units] every unit is a channel. The running variance is the
/// unbiased one, n/(n − 1) times that of a batch of n values.
///
/// - Reference: S. Ioffe, C. Szegedy, ICML 2015, arXiv:1502.03167; time joined with the batch: H. Zheng et al., AAAI 2021,
///   doi:10.1609/aaai.v35i12.17320.
public struct BatchNorm: DifferentiableLayer, Declared {
  public var momentum = 0.1, epsilon = 1e-5
  public init() {}
  public init(momentum: Double = 0.1, epsilon: Double = 1e-5) { (self.momentum, self.epsilon) = (momentum, epsilon) }

  public static let manual = Manual(
    "batchnorm", "A layer that normalises every channel over the batch.", equation: "y = γ·(x − μ)/√(σ² + ε) + β",
    reference: "S. Ioffe, C. Szegedy, 2015, arXiv:1502.03167",
    details: "Training takes mean and variance from the batch and all its steps; otherwise running means are taken.",
    examples: ["data glyphs | conv 8 kernel=3 bias=false | batchnorm | relu"])
  public static let settings: [Setting<Self>] = [
    Setting("momentum", \.momentum, "Share of a batch in the running mean and variance.", in: 0...1),
    Setting("epsilon", \.epsilon, "Added to the variance, so that a constant channel stays finite.", in: 1e-12...1),
  ]
  public var kind: String { "batchnorm" }
  public var role: LayerRole { .normalisation }
  public func features(after features: Shape) throws(ShapeError) -> Shape { features }

  public func parameters(for features: Shape) -> [ParameterSpec] {
    let shape: Shape = [Self.extents(features, rows: 0).channels]
    return [
      ParameterSpec("scale", shape, .scale, .constant(1)), ParameterSpec("shift", shape, .bias, .constant(0)),
      ParameterSpec("mean", shape, .statistic, .constant(0)),
      ParameterSpec("variance", shape, .statistic, .constant(1)),
    ]
  }
  private static func extents(_ features: Shape, rows: Int) -> ChannelShape {
    let channels = features.rank == 2 ? 1 : features.rank == 0 ? 1 : features[0]
    return ChannelShape(rows: rows, channels: channels, places: features.count / max(1, channels))
  }

  /// The numbers of one layer, one of each per channel.
  public struct Statistics: Sendable, Equatable {
    /// γ, β, μ and σ².
    public var scale: [Float], shift: [Float], mean: [Float], variance: [Float]
    /// ε
    public var epsilon: Float

    /// The layer as an affine map at inference, y = gain·x + offset.
    public var gains: [Float] { scale.indices.map { scale[$0] * inverseDeviation($0) } }
    public var offsets: [Float] { scale.indices.map { shift[$0] - scale[$0] * inverseDeviation($0) * mean[$0] } }
    func inverseDeviation(_ channel: Int) -> Float { 1 / (variance[channel] + epsilon).squareRoot() }
  }
  /// The learnt scale and shift of a node and its running mean and variance.
  public func statistics(of node: Node, in parameters: Parameters) -> Statistics {
    let values = node.slots.map { parameters.values(of: parameters.layout.entries[$0]) }
    return Statistics(scale: values[0], shift: values[1], mean: values[2], variance: values[3], epsilon: Float(epsilon))
  }

  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    var statistics = statistics(of: node, in: pass.parameters)
    if pass.isTraining {
      let batch = moments(of: input, pass.machine)
      remember(batch, input, statistics, node, &pass)
      (statistics.mean, statistics.variance) = (batch.mean, batch.variance)
    }
    var output = input.unwritten(input.features)
    let gains = statistics.gains, offsets = statistics.offsets, machine = pass.machine
    input.values.read { x in
      output.values.write { y in
        nonisolated(unsafe) let (x, y) = (x, y)
        Self.forEachTile(of: input, machine) { shape, first, _ in
          machine.backend.scaleChannels(x + first, shape, gains: gains, shifts: offsets, into: y + first)
        }
      }
    }
    return output
  }

  /// Running values move towards those of the batch; the trainer stores them after the pass.
  private func remember(
    _ batch: (mean: [Float], variance: [Float]), _ input: Signal, _ old: Statistics, _ node: Node, _ pass: inout Pass
  ) {
    let extents = Self.extents(input.features, rows: input.steps * input.batch)
    let n = Float(extents.rows * extents.places), unbiased = n / max(1, n - 1), share = Float(momentum)
    func moved(_ old: [Float], _ new: [Float], _ factor: Float) -> [Float] {
      zip(old, new).map { (1 - share) * $0 + share * factor * $1 }
    }
    pass.statistics[node.slots.lowerBound + 2] = moved(old.mean, batch.mean, 1)
    pass.statistics[node.slots.lowerBound + 3] = moved(old.variance, batch.variance, unbiased)
  }
  /// Mean and variance of every channel over rows and places.
  private func moments(of input: Signal, _ machine: Machine) -> (mean: [Float], variance: [Float]) {
    let (sums, squares) = Self.sums(input, times: input, machine)
    let n = Double(input.values.count / max(1, sums.count))
    let mean = sums.map { $0 / n }
    return (mean.map { Float($0) }, zip(mean, squares).map { Float(max(0, $1 / n - $0 * $0)) })
  }

  /// With x̂ = (x − μ)/√(σ² + ε): ∂L/∂β = Σ g, ∂L/∂γ = Σ g·x̂, and ∂L/∂x = γ/√(σ² + ε)·(g − mean g − x̂·mean g·x̂); the means
  /// fall away where the statistics are not those of the batch.
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    var statistics = statistics(of: node, in: pass.parameters)
    if pass.isTraining { (statistics.mean, statistics.variance) = moments(of: input, pass.machine) }
    let (sums, products) = Self.sums(gradient, times: input, pass.machine)
    let deviations = sums.indices.map { Double(statistics.inverseDeviation($0)) }
    let scaled = sums.indices.map { (products[$0] - Double(statistics.mean[$0]) * sums[$0]) * deviations[$0] }
    if pass.gradients != nil {
      let entries = pass.parameters.layout.entries, first = node.slots.lowerBound
      pass.gradients?.set(entries[first], scaled.map { Float($0) })
      pass.gradients?.set(entries[first + 1], sums.map { Float($0) })
    }
    guard needsInput else { return nil }
    var result = input.unwritten(input.features)
    let n = Double(input.values.count / max(1, sums.count)), machine = pass.machine, isTraining = pass.isTraining
    let gains = statistics.gains
    let slopes = sums.indices.map { -Float(Double(gains[$0]) * deviations[$0] * scaled[$0] / n) }
    let shifts = sums.indices.map {
      isTraining ? -Float(Double(gains[$0]) * sums[$0] / n) - slopes[$0] * statistics.mean[$0] : 0
    }
    input.values.read { x in
      gradient.values.read { g in
        result.values.write { r in
          nonisolated(unsafe) let (x, g, r) = (x, g, r)
          Self.forEachTile(of: input, machine) { shape, first, _ in
            machine.backend.scaleChannels(g + first, shape, gains: gains, shifts: shifts, into: r + first)
            if isTraining { machine.backend.addChannels(x + first, shape, gains: slopes, into: r + first) }
          }
        }
      }
    }
    return result
  }

  /// Σ x and Σ x·y per channel: tiles sum apart and are added in order.
  private static func sums(_ x: Signal, times y: Signal, _ machine: Machine) -> (sums: [Double], products: [Double]) {
    let channels = extents(x.features, rows: 0).channels, tiles = tiles(of: x)
    var partial = [Double](repeating: 0, count: tiles * 2 * channels)
    x.values.read { x1 in
      y.values.read { y1 in
        partial.withUnsafeMutableBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return }
          nonisolated(unsafe) let (x1, y1, start) = (x1, y1, base)
          forEachTile(of: x, machine) { shape, first, tile in
            let sums = start + tile * 2 * channels
            machine.backend.sumChannels(x1 + first, times: y1 + first, shape, into: sums, products: sums + channels)
          }
        }
      }
    }
    let totals = (0..<2 * channels).map { k in (0..<tiles).reduce(0.0) { $0 + partial[$1 * 2 * channels + k] } }
    return (Array(totals[..<channels]), Array(totals[channels...]))
  }
  /// Rows per piece of work: a function of the shape only.
  private static func tileSize(_ signal: Signal) -> Int { max(1, 16384 / max(1, signal.features.count)) }
  private static func tiles(of signal: Signal) -> Int {
    (signal.rows + tileSize(signal) - 1) / tileSize(signal)
  }
  private static func forEachTile(
    of signal: Signal, _ machine: Machine, _ body: (_ shape: ChannelShape, _ first: Int, _ tile: Int) -> Void
  ) {
    let size = tileSize(signal), count = signal.features.count
    machine.forEachTile(of: signal.rows, size: size) { rows in
      body(extents(signal.features, rows: rows.count), rows.lowerBound * count, rows.lowerBound / size)
    }
  }
}

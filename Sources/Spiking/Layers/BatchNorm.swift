public import Compute

/// Normalises every channel to a learnt mean and deviation: y = γ·(x − μ)/√(σ² + ε) + β.
///
/// Training takes μ and σ² from the batch, over samples, stored steps and places together, and keeps running means of
/// them; otherwise the running means are taken. Channels are the first extent of images [channels, height, width],
/// images [height, width] are one channel, and of a row [units] every unit is a channel. The running variance is the
/// unbiased one, n/(n − 1) times that of a batch of n values. With `scope=step` every step is normalised by itself, and
/// the running means move once per step.
///
/// - Reference: S. Ioffe, C. Szegedy, ICML 2015, arXiv:1502.03167; time joined with the batch: H. Zheng et al., AAAI 2021,
///   doi:10.1609/aaai.v35i12.17320.
public struct BatchNorm: DifferentiableLayer, Declared {
  /// What is normalised together: all steps of a batch, or each.
  public enum Scope: String, Choice { case joint, step }
  public var momentum = 0.1, epsilon = 1e-5
  public var scope = Scope.joint
  public init() {}
  public init(momentum: Double = 0.1, epsilon: Double = 1e-5) { (self.momentum, self.epsilon) = (momentum, epsilon) }

  public static let manual = Manual(
    "batchnorm", "A layer that normalises every channel over the batch.", equation: "y = γ·(x − μ)/√(σ² + ε) + β",
    reference: "S. Ioffe, C. Szegedy, 2015, arXiv:1502.03167",
    details:
      "Training takes mean and variance from the batch, over all its steps or step by step; otherwise running means are taken.",
    examples: ["data glyphs | conv 8 kernel=3 bias=false | batchnorm | relu"])
  public static let settings: [Setting<Self>] = [
    Setting("momentum", \.momentum, "Share of a batch in the running mean and variance.", in: 0...1),
    Setting("epsilon", \.epsilon, "Added to the variance, so that a constant channel stays finite.", in: 1e-12...1),
    Setting("scope", \.scope, "Whether all steps of a batch are normalised together, or each by itself."),
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

  /// Rows that are normalised together: those of all stored steps, or of each.
  private func groups(_ input: Signal) -> [Range<Int>] {
    guard scope == .step else { return [0..<input.rows] }
    return (0..<input.storedSteps).map { $0 * input.batch..<($0 + 1) * input.batch }
  }

  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    let running = statistics(of: node, in: pass.parameters), machine = pass.machine
    var output = input.unwritten(input.features), moved = running
    var kept: [Float] = []
    for rows in groups(input) {
      var statistics = running
      if pass.isTraining {
        (statistics.mean, statistics.variance) = moments(of: input, rows, machine)
        moved = self.moved(moved, towards: statistics, input, rows)
        kept += statistics.mean + statistics.variance
      }
      let gains = statistics.gains, offsets = statistics.offsets
      input.values.read { x in
        output.values.write { y in
          nonisolated(unsafe) let (x, y) = (x, y)
          Self.forEachTile(of: input, rows, machine) { shape, first, _ in
            machine.backend.scaleChannels(x + first, shape, gains: gains, shifts: offsets, into: y + first)
          }
        }
      }
    }
    if pass.isTraining {
      pass.kept[node.index] = kept
      pass.statistics[node.slots.lowerBound + 2] = moved.mean
      pass.statistics[node.slots.lowerBound + 3] = moved.variance
    }
    return output
  }

  /// Running values move towards those of a batch; the trainer stores them after the pass. A constant signal counts as
  /// often as it has steps.
  private func moved(_ old: Statistics, towards batch: Statistics, _ input: Signal, _ rows: Range<Int>) -> Statistics {
    let repeats = input.steps / input.storedSteps, isJoint = scope == .joint
    let extents = Self.extents(input.features, rows: rows.count * (isJoint ? repeats : 1))
    let n = Float(extents.rows * extents.places), unbiased = n / max(1, n - 1), share = Float(momentum)
    var result = old
    for _ in 0..<(isJoint ? 1 : repeats) {
      result.mean = zip(result.mean, batch.mean).map { (1 - share) * $0 + share * $1 }
      result.variance = zip(result.variance, batch.variance).map { (1 - share) * $0 + share * unbiased * $1 }
    }
    return result
  }
  /// Mean and variance of every channel over rows and places.
  private func moments(of input: Signal, _ rows: Range<Int>, _ machine: Machine) -> (mean: [Float], variance: [Float]) {
    let (sums, squares) = Self.sums(input, times: input, rows, machine)
    let n = Double(rows.count * input.features.count / max(1, sums.count))
    let mean = sums.map { $0 / n }
    return (mean.map { Float($0) }, zip(mean, squares).map { Float(max(0, $1 / n - $0 * $0)) })
  }

  /// With x̂ = (x − μ)/√(σ² + ε): ∂L/∂β = Σ g, ∂L/∂γ = Σ g·x̂, and ∂L/∂x = γ/√(σ² + ε)·(g − mean g − x̂·mean g·x̂); the means
  /// fall away where the statistics are not those of the batch.
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    let running = statistics(of: node, in: pass.parameters), channels = running.mean.count
    var result = needsInput ? input.unwritten(input.features) : nil
    var scales = [Double](repeating: 0, count: channels), shifts = scales
    let kept = pass.kept[node.index] ?? []
    for (group, rows) in groups(input).enumerated() {
      var statistics = running
      if pass.isTraining {
        let first = 2 * channels * group
        (statistics.mean, statistics.variance) = (
          Array(kept[first..<first + channels]), Array(kept[first + channels..<first + 2 * channels])
        )
      }
      let (sums, products) = Self.sums(gradient, times: input, rows, pass.machine)
      let deviations = sums.indices.map { Double(statistics.inverseDeviation($0)) }
      let scaled = sums.indices.map { (products[$0] - Double(statistics.mean[$0]) * sums[$0]) * deviations[$0] }
      for c in 0..<channels { (scales[c], shifts[c]) = (scales[c] + scaled[c], shifts[c] + sums[c]) }
      guard result != nil else { continue }
      let n = Double(rows.count * input.features.count / max(1, channels)), isTraining = pass.isTraining
      let gains = statistics.gains, machine = pass.machine
      let slopes = sums.indices.map { -Float(Double(gains[$0]) * deviations[$0] * scaled[$0] / n) }
      let offsets = sums.indices.map {
        isTraining ? -Float(Double(gains[$0]) * sums[$0] / n) - slopes[$0] * statistics.mean[$0] : 0
      }
      input.values.read { x in
        gradient.values.read { g in
          result?.values.write { r in
            nonisolated(unsafe) let (x, g, r) = (x, g, r)
            Self.forEachTile(of: input, rows, machine) { shape, first, _ in
              if isTraining {
                machine.backend.combineChannels(
                  g + first, x + first, shape, gains: gains, slopes: slopes, shifts: offsets, into: r + first)
              } else {
                machine.backend.scaleChannels(g + first, shape, gains: gains, shifts: offsets, into: r + first)
              }
            }
          }
        }
      }
    }
    if pass.gradients != nil {
      let entries = pass.parameters.layout.entries, first = node.slots.lowerBound
      pass.gradients?.set(entries[first], scales.map { Float($0) })
      pass.gradients?.set(entries[first + 1], shifts.map { Float($0) })
    }
    return result
  }

  /// Σ x and Σ x·y per channel: tiles sum apart and are added in order.
  private static func sums(_ x: Signal, times y: Signal, _ rows: Range<Int>, _ machine: Machine) -> (
    sums: [Double], products: [Double]
  ) {
    let channels = extents(x.features, rows: 0).channels, size = tileSize(x), tiles = (rows.count + size - 1) / size
    var partial = [Double](repeating: 0, count: tiles * 2 * channels)
    x.values.read { x1 in
      y.values.read { y1 in
        partial.withUnsafeMutableBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return }
          nonisolated(unsafe) let (x1, y1, start) = (x1, y1, base)
          forEachTile(of: x, rows, machine) { shape, first, tile in
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
  private static func forEachTile(
    of signal: Signal, _ rows: Range<Int>, _ machine: Machine,
    _ body: (_ shape: ChannelShape, _ first: Int, _ tile: Int) -> Void
  ) {
    let size = tileSize(signal), count = signal.features.count
    machine.forEachTile(of: rows.count, size: size) { tile in
      body(
        extents(signal.features, rows: tile.count), (rows.lowerBound + tile.lowerBound) * count, tile.lowerBound / size)
    }
  }
}

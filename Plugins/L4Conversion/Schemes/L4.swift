internal import Compute
public import Spiking

/// The L4-norm adjustment: the standard deviation of a membrane before it fires follows the L4 norm of its weights.
///
///     std(F_T) = ‖w‖₄·√(T ‖r‖₂ cos φ) ≤ ‖w‖₄·√(T ‖r‖₂)
///
/// so weights or thresholds are tied to that norm. `layer`: W_l ← W_l/(k·max_j ‖wⱼ‖₄). `equalise`: hidden neurons get the
/// gain gⱼ = (ref/‖wⱼ‖₄)^α, undone in the next layer, then a percentile scale. `neuron`: `equalise`, then `layer`, no data
/// needed. `literal`: the gains without undoing them, which changes the function of the network.
///
/// - Reference: J. M. Allred, K. Roy, L4-Norm Weight Adjustments for Converted Spiking Neural Networks, arXiv 2111.09446.
public struct L4: RateScheme {
  public enum Mode: String, Choice { case equalise, layer, neuron, literal }
  public enum Reference: String, Choice { case mean, median, max, rms, one }
  /// Which layers `literal` changes.
  public enum Layers: String, Choice { case all, hidden, output }
  public var common = RateSettings(), mode = Mode.equalise, k: Double?
  /// Left open: the mean, 1, all, 99.9 and nonzero.
  public var reference: Reference?, alpha: Double?, layers: Layers?, percentile: Double?, population: Activations?
  public init() {}

  public static let manual = Manual(
    "l4", "Ties weights to the L4 norm of the rows, which the noise of membranes follows.",
    equation:
      "std of the membrane ≤ ‖w‖₄·√(T·‖r‖₂)\nlayer: W ← W/(k·max ‖w‖₄);  equalise: g = (ref/‖w‖₄)^α, undone in the next layer",
    reference: "J. M. Allred, K. Roy, arXiv 2111.09446, 2021",
    details:
      "equalise scales by a percentile afterwards, as robust does. layer and neuron need no data; k left open is 1.3·√‖r‖₂ for the mean length ‖r‖₂ of the input rates, or 4·√ρ without data. literal leaves the gains in and changes the network; its accuracy before and after is told.",
    examples: [Example.converted("l4 mode=neuron"), Example.converted("l4 mode=equalise reference=rms alpha=0.5")])
  public static var settings: [Setting<Self>] {
    [
      Setting("mode", \.mode, "What is tied to the norm."),
      Setting("k", \.k, "Threshold in L4 norms, for layer and neuron.", in: 1e-6...1e6),
      Setting(
        "reference", \.reference,
        "Norm that equalise and literal bring all rows to: of those with weights, or 1; mean when left open."),
      Setting("alpha", \.alpha, "How far the gains go: 0 not at all, 1 all the way, as when left open.", in: 0...1),
      Setting("layers", \.layers, "Layers that literal changes; all when left open."),
      Setting(
        "percentile", \.percentile, "Percentile of the scale behind equalise and literal; 99.9 when left open.",
        in: 1e-9...100),
      Setting("population", \.population, "Whether activations of 0 count in it; nonzero when left open."),
    ] + Setting.common
  }

  /// Settings that go with others.
  public func validate() throws(SettingProblem) {
    func refuse(_ name: String, _ isGiven: Bool, unless modes: [Mode]) throws(SettingProblem) {
      guard isGiven, !modes.contains(mode) else { return }
      throw SettingProblem(
        name, .refused("it belongs to mode=\(modes.map(\.rawValue).joined(separator: " or mode="))"))
    }
    try refuse("k", k != nil, unless: [.layer, .neuron])
    try refuse("reference", reference != nil, unless: [.equalise, .literal])
    try refuse("alpha", alpha != nil, unless: [.equalise, .literal, .neuron])
    try refuse("layers", layers != nil, unless: [.literal])
    try refuse("percentile", percentile != nil, unless: [.equalise, .literal])
    try refuse("population", population != nil, unless: [.equalise, .literal])
  }
  private var share: Double { alpha ?? 1 }
  private var scale: ActivationScale {
    ActivationScale(percentile: percentile ?? 99.9, population: population ?? .nonzero)
  }
  public var needsData: Bool { mode == .equalise || mode == .literal }
  public func rescaled(_ work: ConversionWork) throws(ConversionProblem) -> ConversionWork {
    var work = work
    work.warnings += zeroRows(work.net)
    switch mode {
    case .layer: work.scaling = Self.layerScaling(work.net, k: try multiplier(work))
    case .neuron: work.scaling = try neuronScaling(work)
    case .equalise: try equalise(&work)
    case .literal: try literal(&work)
    }
    return work
  }

  /// k·‖w‖₄ as threshold: given, 1.3 worst standard deviations of a step, or 4·√ρ.
  func multiplier(_ work: ConversionWork) throws(ConversionProblem) -> Double {
    if let k { return k }
    guard let length = try work.calibration?.inputLength(), length > 0 else { return 4 * work.peak.squareRoot() }
    return 1.3 * (length * work.peak).squareRoot()
  }
  private func zeroRows(_ net: AnalogNetwork) -> [String] {
    net.stages.flatMap { stage in
      net.incoming(stage).enumerated().filter { Norm.l4($0.element) == 0 }.map {
        "row \($0.offset) of layer \(stage.linear.index), '\(stage.linear.name)', has no weights: gain 1 used"
      }
    }
  }

  // MARK: Gains

  /// (ref/‖wⱼ‖₄)^α; 1 for rows without weights.
  static func gains(_ norms: [Double], _ reference: Reference, alpha: Double) -> [Double] {
    let live = norms.filter { $0 > 0 }
    guard !live.isEmpty else { return norms.map { _ in 1 } }
    let target = reference.value(live)
    return norms.map { $0 > 0 ? power(target / $0, alpha) : 1 }
  }
  /// Gains of the hidden stages, norms taken on weights whose columns have been compensated; the network is changed.
  static func equalising(_ net: inout AnalogNetwork, _ reference: Reference, alpha: Double) -> [[Double]] {
    var all: [[Double]] = []
    for l in net.stages.indices.dropLast() {
      let gains = gains(net.incoming(net.stages[l]).map(Norm.l4), reference, alpha: alpha)
      net.scaleRows(net.stages[l], by: gains)
      net.scaleColumns(net.stages[l + 1], by: gains.map { 1 / $0 })
      all.append(gains)
    }
    return all
  }
  /// λ_l = k·max_j ‖wⱼ‖₄, and Λ the product.
  static func layerScaling(_ net: AnalogNetwork, k: Double) -> Scaling {
    let factors = net.stages.map { stage -> Double in
      let largest = net.incoming(stage).map(Norm.l4).max() ?? 0
      return largest > 0 ? k * largest : 1
    }
    return Scaling(
      factors: factors, net.chain,
      factors.map {
        "k=\(Quantity(k).written(digits: 4)) times the largest L4 norm: \(Quantity($0).written(digits: 4))"
      })
  }

  // MARK: Modes

  private func neuronScaling(_ work: ConversionWork) throws(ConversionProblem) -> Scaling {
    var net = work.net
    // The reference cancels; 1 leaves rows without weights as they are.
    let gains = Self.equalising(&net, .one, alpha: share), k = try multiplier(work)
    let layer = Self.layerScaling(net, k: k)
    let way =
      share == 1
      ? "every row to the L4 norm 1/k" : "rows \(Quantity(share).written(digits: 4)) of the way to the L4 norm 1/k"
    return Self.scaling(gains, layer, "\(way), k=\(Quantity(k).written(digits: 4))")
  }
  private func equalise(_ work: inout ConversionWork) throws(ConversionProblem) {
    guard let calibration = work.calibration else { throw Calibration.none("\(kind) mode=\(mode.rawValue)") }
    var net = work.net
    let gains = Self.equalising(&net, reference ?? .mean, alpha: share)
    let robust = try scale.scaling(net, calibration)
    work.scaling = Self.scaling(
      gains, robust,
      share == 1
        ? "rows to one L4 norm, then \(robust.reasons.first ?? "")"
        : "rows \(Quantity(share).written(digits: 4)) of the way to one L4 norm, then \(robust.reasons.first ?? "")")
    if let slip = percentile.flatMap(Robust.slip) { work.warnings.append(slip) }
  }
  /// A gain g of a row and its undoing, then a scale λ of the layer: Λ = λ/g.
  private static func scaling(_ gains: [[Double]], _ layer: Scaling, _ reason: String) -> Scaling {
    var result = layer
    for (l, gains) in gains.enumerated() {
      for j in gains.indices { result.scales[l][j] /= gains[j] }
      result.reasons[l] = reason
    }
    return result
  }
  private func literal(_ work: inout ConversionWork) throws(ConversionProblem) {
    guard let calibration = work.calibration else { throw Calibration.none("\(kind) mode=\(mode.rawValue)") }
    let before = try work.net.accuracy(calibration.data, calibration.indices, calibration.part, work.run)
    Self.literal(&work.net, layers ?? .all, reference ?? .mean, alpha: share)
    let after = try work.net.accuracy(calibration.data, calibration.indices, calibration.part, work.run)
    work.scaling = try scale.scaling(work.net, calibration)
    work.warnings.append(
      "mode=literal changes the network: accuracy of its numbers on the calibration samples \(Quantity(before).written(digits: 4)) before, \(Quantity(after).written(digits: 4)) after"
    )
  }
  /// Gains that nothing undoes, norms taken on the weights as they were.
  static func literal(_ net: inout AnalogNetwork, _ layers: Layers, _ reference: Reference, alpha: Double) {
    let all = net.stages.map { gains(net.incoming($0).map(Norm.l4), reference, alpha: alpha) }
    for (l, stage) in net.stages.enumerated() {
      let isOutput = l == net.stages.count - 1
      if layers == .all || (layers == .output) == isOutput { net.scaleRows(stage, by: all[l]) }
    }
  }
}
extension L4.Reference {
  /// The reference of norms that are all above 0.
  func value(_ norms: [Double]) -> Double {
    let sorted = norms.sorted(), n = Double(norms.count), middle = norms.count / 2
    return switch self {
    case .mean: norms.reduce(0, +) / n
    case .median: norms.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    case .max: sorted.last ?? 1
    case .rms: (norms.reduce(0) { $0 + $1 * $1 } / n).squareRoot()
    case .one: 1
    }
  }
}

internal import Compute
public import Spiking

/// How far a scale reaches: one for a layer, one per channel, or one per neuron.
public enum Granularity: String, Choice { case layer, channel, neuron }
/// Which activations a percentile is taken of.
public enum Activations: String, Choice { case nonzero, all }

/// Whether the last layer has a scale as the others have, or 1, so that its charges are those of the trained network.
public enum OutputScale: String, Choice { case scaled, kept }

/// Scales from activations on training samples: λ_l = the p-th percentile of a_l, times a share.
struct ActivationScale: Sendable {
  var percentile = 100.0, population = Activations.nonzero, granularity = Granularity.layer, fraction = 1.0
  var output = OutputScale.scaled

  func scaling(_ net: AnalogNetwork, _ calibration: Calibration) throws(ConversionProblem) -> Scaling {
    var scales: [[Double]] = [], reasons: [String] = [], warnings: [String] = []
    for (l, stage) in net.stages.enumerated() {
      let values = try calibration.activations(l, of: net), isLast = l == net.stages.count - 1
      if isLast, output == .kept {
        scales.append(Array(repeating: 1, count: stage.units))
        reasons.append("1, as output=kept asks for")
        continue
      }
      // One common factor at the output, or the answer would change.
      let isCommon = granularity == .layer || isLast
      var found: [Double?] = []
      for unit in 0..<(isCommon ? 1 : stage.units) {
        try calibration.run.poll()
        found.append(try scale(isCommon ? values : Self.values(values, of: unit, stage), calibration.run))
      }
      let dead = found.count { $0 == nil }
      if found.count == 1, dead == 1 {
        warnings.append(
          "layer \(stage.linear.index), '\(stage.linear.name)', is silent on all calibration samples: factor 1 used")
      } else if dead > 0 {
        warnings.append(
          "\(dead) of \(found.count) units of '\(stage.linear.name)' are silent on all calibration samples: factor 1 used for them"
        )
      }
      let perGroup = found.map { $0 ?? 1 }
      scales.append(perGroup.count == 1 ? Array(repeating: perGroup[0], count: stage.units) : perGroup)
      reasons.append(reason(isPerUnit: perGroup.count > 1))
    }
    var scaling = Scaling(units: scales, reasons)
    scaling.warnings = warnings
    return scaling
  }
  private func scale(_ values: [Float], _ run: ConversionRun) throws(ConversionProblem) -> Double? {
    let found = try L4Conversion.percentile(values, percentile, onlyPositive: population == .nonzero) {
      () throws(ConversionProblem) in try run.poll()
    }
    guard let found, found > 0 else { return nil }
    return found * fraction
  }
  private func reason(isPerUnit: Bool) -> String {
    let what =
      percentile == 100
      ? "largest activation"
      : "\(Quantity(percentile).written())% of \(population == .all ? "all" : "non-zero") activations"
    return (fraction == 1 ? "" : "\(Quantity(fraction).written()) of ") + what + (isPerUnit ? ", each unit" : "")
  }
  /// Values of one unit, samples × places in a row.
  private static func values(_ values: [Float], of unit: Int, _ stage: Chain.Stage) -> [Float] {
    let places = stage.places, width = stage.units * places, samples = values.count / max(1, width)
    return [Float](unsafeUninitializedCapacity: samples * places) { row, count in
      for sample in 0..<samples {
        for place in 0..<places { row[sample * places + place] = values[sample * width + unit * places + place] }
      }
      count = samples * places
    }
  }
  /// Shared weights have one scale per channel.
  static func refuse(_ granularity: Granularity, _ network: Network) throws(ConversionProblem) {
    guard granularity == .neuron, let node = network.nodes.first(where: { $0.layer is Convolution }) else { return }
    throw Chain.refused(
      node, "per-neuron", "shares its weights over places, so a neuron cannot have a scale of its own",
      remedy: "write per=channel")
  }
}

/// Weights scaled so that the largest activation on training samples becomes a spike in every step.
///
///     W_l ← W_l·λ_{l−1}/λ_l,   b_l ← b_l/λ_l,   λ_l = c·max a_l
///
/// - Reference: P. U. Diehl et al., IJCNN 2015, doi:10.1109/IJCNN.2015.7280696, in the form that is consistent for more
///   than two layers.
public struct DataBased: RateScheme {
  public var common = RateSettings(), granularity = Granularity.layer, fraction = 1.0
  public init() {}
  public static let manual = Manual(
    "data", "Scales weights by the largest activation on training samples.",
    equation: "W ← W·λ_before/λ,  b ← b/λ,  λ = c·max a",
    reference: "P. U. Diehl et al., IJCNN 2015, doi:10.1109/IJCNN.2015.7280696", examples: [Example.converted("data")])
  public static var settings: [Setting<Self>] {
    [
      Setting("per", \.granularity, "What has a scale of its own."),
      Setting("fraction", \.fraction, "Share c of the maximum that becomes a spike in every step.", in: 1e-6...1),
    ] + Setting.common
  }
  public func refuse(_ network: Network) throws(ConversionProblem) { try ActivationScale.refuse(granularity, network) }
  public var needsData: Bool { true }
  public func rescaled(_ work: ConversionWork) throws(ConversionProblem) -> ConversionWork {
    guard let calibration = work.calibration else { throw Calibration.none(kind) }
    var work = work
    work.scaling = try ActivationScale(granularity: granularity, fraction: fraction).scaling(work.net, calibration)
    return work
  }
}

/// Weights scaled by a high percentile of the activations instead of the largest: a few saturate, all others are faster.
///
/// - Reference: B. Rueckauer, I.-A. Lungu, Y. Hu, M. Pfeiffer, S.-C. Liu, Front. Neurosci. 11:682, 2017,
///   doi:10.3389/fnins.2017.00682.
public struct Robust: RateScheme {
  public var common = RateSettings(), granularity = Granularity.layer, percentile = 99.9,
    population = Activations.nonzero, output = OutputScale.scaled
  public init() {}
  public static let manual = Manual(
    "robust", "Scales weights by a high percentile of the activations on training samples.",
    equation: "W ← W·λ_before/λ,  b ← b/λ,  λ = percentile of a > 0",
    reference: "B. Rueckauer et al., Front. Neurosci. 11:682, 2017, doi:10.3389/fnins.2017.00682",
    details: "Percentiles interpolate linearly at rank (n − 1)·p/100.",
    examples: [Example.converted("robust percentile=99")])
  public static var settings: [Setting<Self>] {
    [
      Setting(
        "percentile", \.percentile, "Percentile that becomes a spike in every step: 99.9, not 0.999.", in: 1e-9...100),
      Setting("population", \.population, "Whether activations of 0 count."),
      Setting("per", \.granularity, "What has a scale of its own."),
      Setting("output", \.output, "Whether the last layer is scaled as well, or kept as it was trained."),
    ] + Setting.common
  }
  public func refuse(_ network: Network) throws(ConversionProblem) { try ActivationScale.refuse(granularity, network) }
  public var needsData: Bool { true }
  public func rescaled(_ work: ConversionWork) throws(ConversionProblem) -> ConversionWork {
    guard let calibration = work.calibration else { throw Calibration.none(kind) }
    var work = work
    work.scaling = try ActivationScale(
      percentile: percentile, population: population, granularity: granularity, output: output
    ).scaling(work.net, calibration)
    if let slip = Self.slip(percentile) { work.warnings.append(slip) }
    return work
  }
  /// A percentile below 1 is most often a share.
  static func slip(_ percentile: Double) -> String? {
    percentile < 1
      ? "percentile=\(Quantity(percentile).written()) is below 1; 99.9 means all but one in a thousand" : nil
  }
}

/// The recursion of the program of 2015: each layer is divided by its scale over the factor applied before it.
///
///     f_l = s_l/f_{l−1},   s_l = max(largest weight, largest activation)
///
/// Same answers as `data`, but other latencies from the third layer on. For networks without bias.
///
/// - Reference: P. U. Diehl et al., IJCNN 2015, doi:10.1109/IJCNN.2015.7280696, and its program spiking_relu_conversion.
public struct Published2015: RateScheme {
  public var common = RateSettings()
  public init() {}
  public static let manual = Manual(
    "published2015", "Scales weights as the program published in 2015 does.",
    equation: "W_l ← W_l/f_l,  f_l = s_l/f_{l−1},  s_l = max(largest weight, largest activation)",
    reference: "P. U. Diehl et al., IJCNN 2015, doi:10.1109/IJCNN.2015.7280696",
    details:
      "From the third layer on it differs from convert data in speed, not in answers. Networks need dense bias=false.",
    examples: [
      "data glyphs | take train=200 test=50 | dense 30 bias=false | relu | dense 10 bias=false | train backprop epochs=2 | convert published2015 steps=20 | evaluate"
    ])
  public static var settings: [Setting<Self>] { Setting.common }
  public var needsData: Bool { true }
  public func rescaled(_ work: ConversionWork) throws(ConversionProblem) -> ConversionWork {
    if let stage = work.net.stages.first(where: { work.net.bias($0)?.contains { $0 != 0 } ?? false }) {
      throw Chain.refused(
        stage.linear, "published-with-bias", "has a bias, for which the program of 2015 has no rule",
        remedy: "train with dense bias=false, or use convert data")
    }
    guard let calibration = work.calibration else { throw Calibration.none(kind) }
    var work = work, factors: [Double] = [], reasons: [String] = []
    for (l, stage) in work.net.stages.enumerated() {
      let weight = work.net.incoming(stage).reduce(-Double.infinity) { max($0, $1.max() ?? 0) }
      let activation = Double(try calibration.activations(l, of: work.net).max() ?? 0)
      var scale = max(weight, activation)
      if scale <= 0 {
        work.warnings.append(
          "layer \(stage.linear.index), '\(stage.linear.name)', is silent on all calibration samples: factor 1 used")
        scale = 1
      }
      factors.append(l == 0 ? scale : scale / factors[l - 1])
      reasons.append("largest \(activation >= weight ? "activation" : "weight") \(Quantity(scale).written(digits: 4))")
    }
    work.scaling = Scaling(factors: factors, work.net.chain, reasons)
    return work
  }
}

internal import Compute
public import Spiking

/// Weights divided by the largest possible excitation of their layer: no spike is ever lost, and rates are tiny.
///
///     λ_l = max_j (Σᵢ max(0, wⱼᵢ) + max(0, bⱼ)/Λ_{l−1}),   Λ_l = λ_1 ⋯ λ_l
///
/// - Reference: P. U. Diehl, D. Neil, J. Binas, M. Cook, S.-C. Liu, M. Pfeiffer, IJCNN 2015,
///   doi:10.1109/IJCNN.2015.7280696.
public struct ModelBased: RateScheme {
  public var common = RateSettings(), weak = false
  public init() {}
  public static let manual = Manual(
    "model", "Scales weights by the largest excitation that is possible; needs no data, and is slow.",
    equation: "λ_l = max over neurons of Σ max(0, w) + max(0, b)/(λ_1 ⋯ λ_{l−1})",
    reference: "P. U. Diehl et al., IJCNN 2015, doi:10.1109/IJCNN.2015.7280696",
    examples: [Example.converted("model")])
  public static var settings: [Setting<Self>] {
    [Setting("weak", \.weak, "Divides only where the factor is above 1.")] + Setting.common
  }
  public func rescaled(_ work: ConversionWork) throws(ConversionProblem) -> ConversionWork {
    var work = work, factors: [Double] = [], product = 1.0
    for stage in work.net.stages {
      let bias = work.net.bias(stage)
      let excitation = work.net.incoming(stage).enumerated().map { j, row in
        row.reduce(0) { $0 + max(0, $1) } + max(0, bias?[j] ?? 0) / product
      }
      var factor = excitation.max() ?? 0
      if factor <= 0 {
        work.warnings.append("layer '\(stage.linear.name)' can never be excited: factor 1 used")
        factor = 1
      }
      if weak { factor = max(1, factor) }
      factors.append(factor)
      product *= factor
    }
    work.scaling = Scaling(
      factors: factors, work.net.chain, factors.map { "largest possible excitation \(Quantity($0).written(digits: 4))" }
    )
    return work
  }
}

internal import Spiking

/// Λ: the activation that a spike in every step of a unit stands for, stage by stage, unit by unit.
///
/// With Λ the converted weights are W′ = W·Λ_before/Λ and b′ = b/Λ at a threshold of 1; or the weights stay, thresholds are
/// Λ and spikes are Λ high. Every scheme is a way to find Λ.
struct Scaling: Sendable {
  var scales: [[Double]]
  /// Why Λ is what it is, one text per stage.
  var reasons: [String]
  var warnings: [String] = []

  /// One scale per stage for all of its units.
  init(_ scales: [Double], _ chain: Chain, _ reasons: [String]) {
    self.scales = zip(scales, chain.stages).map { scale, stage in Array(repeating: scale, count: stage.units) }
    self.reasons = reasons
  }
  init(units scales: [[Double]], _ reasons: [String]) { (self.scales, self.reasons) = (scales, reasons) }

  /// Λ from factors λ by which each stage is divided in turn: Λ_l = λ_1 ⋯ λ_l.
  init(factors: [Double], _ chain: Chain, _ reasons: [String]) {
    var product = 1.0
    self.init(
      factors.map {
        product *= $0
        return product
      }, chain, reasons)
  }

  /// W ← W·Λ_before/Λ, b ← b/Λ
  func apply(to net: inout AnalogNetwork) {
    for (l, stage) in net.stages.enumerated() {
      if l > 0 { net.scaleColumns(stage, by: scales[l - 1]) }
      net.scaleRows(stage, by: scales[l].map { 1 / $0 })
    }
  }
}

internal import Compute
internal import Spiking

/// What a conversion did, as notes to the layers and remarks.
struct ConversionTale {
  let layers: LayerNotes, notes: [String]
  static let columns = ["scale", "factor", "l4_norm", "why"]

  init<S: RateScheme>(
    _ scheme: S, of network: Network, _ before: AnalogNetwork, _ work: ConversionWork, _ scaling: Scaling
  ) {
    let stages = before.stages
    var layers = LayerNotes(layers: stages.map(\.linear.name))
    layers["scale"] = scaling.scales.map { .number(Self.mean($0)) }
    layers["factor"] = stages.indices.map { l in
      .number((l == 0 ? 1 : Self.mean(scaling.scales[l - 1])) / Self.mean(scaling.scales[l]))
    }
    layers["l4_norm"] = stages.map { .number(Self.mean(before.incoming($0).map(Norm.l4))) }
    layers["why"] = scaling.reasons.map(LayerNotes.Entry.text)
    self.layers = layers
    let replaced = stages.count { $0.rectifier != nil }
    let rectifiers = network.nodes.count { if case .rectifier = $0.layer.role { true } else { false } }
    let folded = network.nodes.count { if case .normalisation = $0.layer.role { true } else { false } }
    var notes = [
      "convert \(scheme.kind): \(replaced) of \(rectifiers) rectifiers became integrate-and-fire neurons"
        + (folded > 0 ? ", \(folded) normalisation\(folded == 1 ? "" : "s") folded" : "")
        + (scheme.common.readout == .count ? "; outputs count spikes" : "; outputs add up charge"),
      "scale: activation that a spike in every step stands for; factor: what weights were multiplied by (means over a layer)",
    ]
    if let calibration = work.calibration {
      notes.append(
        "calibrated with \(calibration.indices.count) of \(calibration.data.count(calibration.part)) \(calibration.part.rawValue) samples"
      )
    } else {
      notes.append("without calibration data")
    }
    self.notes = notes + (work.warnings + scaling.warnings).map { "warning: \($0)" }
  }
  private static func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(max(1, x.count)) }
}

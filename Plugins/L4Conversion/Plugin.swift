public import Engine
internal import Spiking

/// Networks of rectifiers run as networks of integrate-and-fire neurons: scales, the L4 adjustment, read-outs, plots.
public struct L4ConversionPlugin: Plugin {
  public static let name = "L4Conversion"
  public static let summary = "Trained networks of numbers run on rates of spikes, with every way to scale them."

  public static func register(in registry: inout Registry) throws(RegistrationProblem) {
    try registry.register(layer: ReadOut.self)
    try registry.register(layer: AxonDelay.self)
    try registry.register(layer: OwnThresholds.self)
    registry.register(executor: ConvertedExecutor())
    try registry.register(converter: ModelBased.self)
    try registry.register(converter: DataBased.self)
    try registry.register(converter: Robust.self)
    try registry.register(converter: Published2015.self)
    try registry.register(converter: SpikeNorm.self)
    try registry.register(converter: L4.self)
    try registry.register(PlotAccuracyOverTime.self)
    try registry.register(PlotRates.self)
    try registry.register(PlotCorrelation.self)
    try registry.register(PlotSpikeCounts.self)
    try registry.register(PlotMembraneTheory.self)
  }
}

enum Example {
  static let model = "data glyphs | take train=200 test=50 | dense 30 | relu | dense 10 | train backprop epochs=2"
  /// Lines that run as they stand, ending in a conversion.
  static func converted(_ scheme: String) -> String { "\(model) | convert \(scheme) steps=20 | evaluate" }
}

public import Engine
internal import Spiking

/// Legendre memories, recurrent networks of them, and spikes as quantised activations with diffused error.
public struct HybridLMUPlugin: Plugin {
  public static let name = "HybridLMU"
  public static let summary = "Legendre memory units, and spikes that diffuse their rounding error."

  public static func register(in registry: inout Registry) throws(RegistrationProblem) {
    try registry.register(neuron: LegendreMemory.self)
    try registry.register(MemoryVerb.self)
    try registry.register(layer: LegendreLayer.self)
    try registry.register(layer: LMU.self)
    try registry.register(layer: LSTM.self)
    try registry.register(layer: GRU.self)
    try registry.register(neuron: DiffusionNeuron.self)
    try registry.register(trainer: HybridTrainer.self)
    try registry.register(converter: Quantise.self)
    try registry.register(encoder: Rows.self)
    try registry.register(encoder: Pixels.self)
    try registry.register(PlotBasis.self)
    try registry.register(PlotImpulse.self)
    try registry.register(PlotReconstruction.self)
    try registry.register(PlotMemory.self)
    try registry.register(PlotSpectrum.self)
  }
}

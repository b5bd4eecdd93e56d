public import Engine
internal import Spiking

/// Ternary spikes with amplitudes that are learnt, and what can be seen of them.
public struct TernarySpikePlugin: Plugin {
  public static let name = "TernarySpike"
  public static let summary = "Spikes of −1, 0 and +1, with amplitudes that are learnt and folded away."

  public static func register(in registry: inout Registry) throws(RegistrationProblem) {
    try registry.register(neuron: TernaryNeuron.self)
    try registry.register(Capacity.self)
    try registry.register(PlotCredit.self)
    try registry.register(PlotResponse.self)
    registry.register(executor: PackedExecutor())
  }
}

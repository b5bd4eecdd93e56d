public import Engine

/// Single-spike networks trained on firing times: real weights (S4NN) and binary weights (BS4NN).
public struct BS4NNPlugin: Plugin {
  public static let name = "BS4NN"
  public static let summary = "One spike per neuron, trained on firing times, with real or one-bit weights."

  public static func register(in registry: inout Registry) throws(RegistrationProblem) {
    try registry.register(neuron: IfOnce.self)
    try registry.register(encoder: TimeToFirstSpike.self)
    try registry.register(trainer: S4NN.self)
    try registry.register(trainer: BS4NN.self)
    registry.register(executor: SingleSpikeExecutor(ties: .lowest))
    registry.register(executor: SingleSpikeExecutor(ties: .potential))
    try registerPlots(in: &registry)
  }
}

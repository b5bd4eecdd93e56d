public import Engine
internal import Spiking

/// Neurons, codes and currents that every textbook has.
public struct ClassicPlugin: Plugin {
  public static let name = "Classic", summary = "Neurons, codes and currents of the textbooks."

  public static func register(in registry: inout Registry) throws(RegistrationProblem) {
    try registry.register(neuron: LeakyIntegrateAndFire.self)
    try registry.register(neuron: IntegrateAndFire.self)
    try registry.register(neuron: Lapicque.self)
    try registry.register(neuron: CurrentBased.self)
    try registry.register(neuron: AdaptiveLeaky.self)
    try registry.register(neuron: ExponentialIntegrateAndFire.self)
    try registry.register(neuron: AdaptiveExponential.self)
    try registry.register(neuron: QuadraticIntegrateAndFire.self)
    try registry.register(neuron: Izhikevich.self)
    try registry.register(neuron: HodgkinHuxley.self)
    try registry.register(neuron: PoissonNeuron.self)
    try registry.register(encoder: Bernoulli.self)
    try registry.register(encoder: Poisson.self)
    try registry.register(encoder: Regular.self)
    try registry.register(encoder: Analog.self)
    try registry.register(encoder: Latency.self)
    try registry.register(encoder: Delta.self)
    try registry.register(encoder: PopulationCode.self)
    try registry.register(trainer: Backpropagation.self)
    try registry.register(trainer: BackpropagationThroughTime.self)
    try registry.register(trainer: SpikeTimingTraining.self)
    try registry.register(STDP.self)
    try registry.register(PlotSTDP.self)
    try registry.register(PlotGradients.self)
    try registry.register(drive: ConstantCurrent.self, isDefault: true)
    try registry.register(drive: StepCurrent.self)
    try registry.register(drive: RampCurrent.self)
    try registry.register(drive: SineCurrent.self)
    try registry.register(drive: NoiseCurrent.self)
    try registry.register(drive: SpikeCurrent.self)
    try registry.register(drive: SpeechCurrent.self)
  }
}

public import Engine
internal import Spiking

/// Neurons and currents that every textbook has.
public struct ClassicPlugin: Plugin {
  public static let name = "Classic", summary = "Neurons and currents of the textbooks."

  public static func register(in registry: inout Registry) throws(RegistrationProblem) {
    try registry.register(neuron: LeakyIntegrateAndFire.self)
    try registry.register(neuron: IntegrateAndFire.self)
    try registry.register(trainer: Backpropagation.self)
    try registry.register(trainer: BackpropagationThroughTime.self)
    try registry.register(drive: ConstantCurrent.self, isDefault: true)
    try registry.register(drive: StepCurrent.self)
    try registry.register(drive: RampCurrent.self)
    try registry.register(drive: SineCurrent.self)
    try registry.register(drive: NoiseCurrent.self)
    try registry.register(drive: SpikeCurrent.self)
  }
}

internal import BS4NN
internal import Classic
internal import Commands
internal import Engine
internal import HybridLMU
internal import L4Conversion
internal import TernarySpike

/// The one list of what every session knows.
enum BundledPlugins {
  static func registry() throws(RegistrationProblem) -> Registry {
    var registry = Registry()
    try registry.add(BuiltIn.self)
    try registry.add(ClassicPlugin.self)
    try registry.add(BS4NNPlugin.self)
    try registry.add(L4ConversionPlugin.self)
    try registry.add(TernarySpikePlugin.self)
    try registry.add(HybridLMUPlugin.self)
    return registry
  }
}

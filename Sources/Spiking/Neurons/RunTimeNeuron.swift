/// A neuron that was declared while the program runs: what a `Declared` type knows, this value knows itself.
public protocol RunTimeNeuron: Neuron {
  /// Its settings with their present values as presets.
  var described: [SettingDescription] { get }
  /// Every setting with its present value.
  var currentSettings: [(name: String, argument: Argument)] { get }
  /// The line that declares it again, with the present values.
  var definition: String { get }
  /// The neuron with settings changed, each checked.
  func applying(_ arguments: [(name: String, argument: Argument)]) throws(SettingProblem) -> Self
}

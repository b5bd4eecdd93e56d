/// An encoder that was declared while the program runs: what a `Declared` type knows, this value knows itself.
public protocol RunTimeEncoder: Encoder {
  /// What a person reads about it; its name is the word behind `encode`.
  var card: Manual { get }
  /// Its settings with their present values as presets.
  var described: [SettingDescription] { get }
  /// The encoder with settings changed, each checked.
  func applying(_ arguments: [(name: String, argument: Argument)]) throws(SettingProblem) -> Self
}

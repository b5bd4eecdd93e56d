/// A state variable, as shown in plots and found by `probe`.
public struct Variable: Sendable, Equatable {
  public var name: String, unit: String
  public init(_ name: String, unit: String = "") { (self.name, self.unit) = (name, unit) }
}

/// A neuron model as a layer sees it: one call per block of neurons and run, whatever happens inside.
///
/// Authors normally write a `SteppedNeuron`, which derives all of this from the dynamics of one neuron.
public protocol Neuron: Sendable {
  /// What a person reads about it; its name is the word behind `neuron`.
  var card: Manual { get }
  /// Its settings as a user would write them: "tau=20ms threshold=1".
  var settingsText: String { get }
  /// Name and unit of each state variable; the first is the membrane.
  var variables: [Variable] { get }
  var alphabet: Alphabet { get }
  /// The potential at which it fires, to be drawn as a line; nil where there is no single one.
  var firingThreshold: Double? { get }
  /// The unit of its input current, "pA"; empty where it has none.
  var inputUnit: String { get }
  /// Constant currents that show what it does, in that unit.
  var usualCurrents: ClosedRange<Double> { get }
  /// Whether it stays silent for as long as its input is zero.
  var isSilentWithoutInput: Bool { get }
  /// Learnt values that the population shares, such as an amplitude.
  var parameters: [ParameterSpec] { get }
  /// The same for a population of so many channels, where each channel may have values of its own.
  func parameters(channels: Int) -> [ParameterSpec]

  /// Writes the state before the first step.
  func rest(_ block: PopulationBlock)
  /// Runs all steps of a block of neurons from the state it finds, and leaves the state after the last.
  func advance(_ block: PopulationBlock)
  /// A capability of this value, asked for by protocol. Neurons made at run time answer for themselves.
  func capability<C>(_ type: C.Type) -> C?
}
extension Neuron {
  /// The declared name, "if-once".
  public var kind: String { card.name }
  public var settingsText: String { "" }
  public var alphabet: Alphabet { .binary }
  public var firingThreshold: Double? { nil }
  public var inputUnit: String { "" }
  public var usualCurrents: ClosedRange<Double> { 0...4 }
  public var isSilentWithoutInput: Bool { true }
  public var parameters: [ParameterSpec] { [] }
  public func parameters(channels: Int) -> [ParameterSpec] { parameters }
  public func capability<C>(_ type: C.Type) -> C? { self as? C }
}
extension Neuron where Self: Declared {
  public var card: Manual { Self.manual }
  public var settingsText: String { writtenSettings }
  /// The value of a setting called `threshold`.
  public var firingThreshold: Double? {
    guard case .quantity(let quantity)? = currentSettings.first(where: { $0.name == "threshold" })?.argument else {
      return nil
    }
    return quantity.value
  }
}
extension Declared {
  /// Settings that are not what they are when nothing is said, as a user would write them.
  public var changedSettings: String {
    let usual = Self().currentSettings.map(\.argument.written)
    return zip(currentSettings, usual).filter { !$0.argument.written.isEmpty && $0.argument.written != $1 }
      .map { "\($0.0.name)=\($0.0.argument.written)" }.joined(separator: " ")
  }
  /// All settings with their present values as a user would write them; those without a value are left out.
  public var writtenSettings: String {
    currentSettings.filter { !$0.argument.written.isEmpty }.map { "\($0.name)=\($0.argument.written)" }
      .joined(separator: " ")
  }
}

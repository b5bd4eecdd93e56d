internal import Language
public import Spiking

/// A verb, or one kind of a family of verbs such as `plot raster`: a plain struct with its settings.
///
/// Everything else (parsing, checking, help, completion, documentation and example tests) comes from the declaration.
/// The name in the manual is what a user types: `evaluate`, `plot raster`.
public protocol Command: Declared {
  /// The types it takes from the left; `.nothing` where it may start a line.
  static var accepts: [ValueType] { get }
  /// What it gives, for help and completion.
  static var gives: [ValueType] { get }
  /// Whether its result is only looked at: the last value stays what it was.
  static var isMeasuring: Bool { get }
  /// Whether what it makes is shown whole at the end of a line, because it says what was done.
  static var isExplained: Bool { get }
  /// Inputs for which this kind is meant when none is named.
  static var isDefault: [ValueType] { get }

  /// Refuses what cannot work and says what comes out, before anything runs.
  func check(_ input: Facts, _ context: Context) throws -> Facts
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content
}
extension Command {
  public static var isMeasuring: Bool { false }
  public static var isExplained: Bool { false }
  public static var isDefault: [ValueType] { [] }
  public func check(_ input: Facts, _ context: Context) throws -> Facts {
    Self.gives.count == 1 ? Facts(Self.gives[0]) : .unknown
  }
}

/// A command with its settings applied.
public protocol PreparedCommand: Sendable {
  func check(_ input: Facts, _ context: Context) throws -> Facts
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content
}
private struct Prepared<C: Command>: PreparedCommand {
  let command: C
  func check(_ input: Facts, _ context: Context) throws -> Facts { try command.check(input, context) }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content { try command.run(input, context) }
}

/// What the registry stores for a verb or kind: a value, so that things declared at run time fit as well.
public struct CommandDeclaration: Sendable {
  public var manual: Manual
  public var settings: [SettingDescription]
  public var accepts: [ValueType], gives: [ValueType], isDefault: [ValueType]
  public var isMeasuring: Bool
  /// Whether what it makes is shown whole at the end of a line.
  public var isExplained = false
  /// Settings that depend on what flows in and on the words by position, as those of the layer that is changed.
  public var extending: (@Sendable (Facts, [String]) -> [SettingDescription])?
  /// The plugin that brought it.
  public var owner = ""
  public let prepare: @Sendable ([(name: String, argument: Argument)]) throws(SettingProblem) -> any PreparedCommand

  /// The name under which a value made before is handed over, to be changed: `neuron cell refractory=5ms`.
  public static let base = "(base)"

  public var name: String { manual.name }
  public var verb: String { name.split(separator: " ").first.map(String.init) ?? name }
  public var kind: String? {
    let parts = name.split(separator: " ", maxSplits: 1)
    return parts.count > 1 ? String(parts[1]) : nil
  }
  public init(
    manual: Manual, settings: [SettingDescription], accepts: [ValueType], gives: [ValueType], isMeasuring: Bool = false,
    isDefault: [ValueType] = [],
    prepare: @escaping @Sendable ([(name: String, argument: Argument)]) throws(SettingProblem) -> any PreparedCommand
  ) {
    (self.manual, self.settings, self.accepts, self.gives) = (manual, settings, accepts, gives)
    (self.isMeasuring, self.isDefault, self.prepare) = (isMeasuring, isDefault, prepare)
  }
  public init<C: Command>(_: C.Type) {
    self.init(
      manual: C.manual, settings: C.described, accepts: C.accepts, gives: C.gives, isMeasuring: C.isMeasuring,
      isDefault: C.isDefault,
      prepare: { (arguments) throws(SettingProblem) in Prepared(command: try C().applying(arguments)) })
    isExplained = C.isExplained
  }
}

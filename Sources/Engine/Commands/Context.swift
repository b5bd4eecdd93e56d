public import Compute
internal import Language
public import Spiking

/// The surroundings of one stage: settings of the session, the machine, randomness, and ways to speak to the user.
public struct Context: Sendable {
  public var settings: SessionSettings
  public var machine: Machine
  public var registry: Registry
  /// Everything random in this stage comes from here: it depends on the seed and the stage only.
  public var random: RandomStream
  /// Settings written by the user; the others hold their defaults.
  public var given: Set<String> = []
  /// Settings that are written but whose value only the run will tell.
  public var pending: Set<String> = []
  public var surroundings: Surroundings
  /// Remarks for the user that are no mistakes.
  public var notes = Notes()
  /// What is bound at present, by name.
  public var names: [(name: String, facts: Facts, summary: String)] = []
  /// How the input was made, for commands that tell it.
  public var recipe: Recipe?

  public var dt: Time { settings.dt }
  public var seed: UInt64 { UInt64(bitPattern: Int64(settings.seed)) }
  public func isInterrupted() -> Bool { surroundings.isInterrupted() }
  /// Ends the line where the user has interrupted it.
  public func poll() throws { if isInterrupted() { throw Interrupted() } }
  /// Whether the value of a setting is already known while the line is checked.
  public func isKnown(_ setting: String) -> Bool { !pending.contains(setting) }
}

/// How a session reaches its user: the terminal, a script's output, a test.
public struct Surroundings: Sendable {
  /// Writes text as it stands, line ends included.
  public var write: @Sendable (String) -> Void
  public var writeError: @Sendable (String) -> Void
  /// Shows one line that the next replaces; nil erases it.
  public var progress: @Sendable (String?) -> Void
  public var isInterrupted: @Sendable () -> Bool
  /// Columns of the output, where a terminal tells.
  public var width: @Sendable () -> Int?
  public var showsColor: Bool
  /// Whether colours of 24 bits are shown, not only the usual 256.
  public var showsEveryColor: Bool

  public init(
    write: @escaping @Sendable (String) -> Void, writeError: @escaping @Sendable (String) -> Void,
    progress: @escaping @Sendable (String?) -> Void = { _ in },
    isInterrupted: @escaping @Sendable () -> Bool = { false },
    width: @escaping @Sendable () -> Int? = { nil }, showsColor: Bool = false, showsEveryColor: Bool = false
  ) {
    (self.write, self.writeError, self.progress) = (write, writeError, progress)
    (self.isInterrupted, self.width, self.showsColor) = (isInterrupted, width, showsColor)
    self.showsEveryColor = showsEveryColor
  }
}

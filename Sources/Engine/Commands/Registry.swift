internal import Compute
internal import Language
public import Spiking

/// A method as a whole: what it brings, in one visible list.
public protocol Plugin: Sendable {
  static var name: String { get }
  static var summary: String { get }
  static func register(in registry: inout Registry) throws(RegistrationProblem)
}

/// Two plugins want the same name.
public struct RegistrationProblem: Error, Sendable, CustomStringConvertible {
  public var name: String, first: String, second: String
  public var description: String { "'\(name)' is declared by both \(first) and \(second)" }
}

/// Every verb and kind known to a session.
public struct Registry: Sendable {
  private var own: [String: [CommandDeclaration]] = [:]
  /// What was added while the program runs.
  public private(set) var loaded = LoadedPlugins()
  public private(set) var plugins: [(name: String, summary: String)] = []
  public private(set) var executors: [any Executor] = []
  /// One of each kind, as declared: to tell which could train a network.
  public internal(set) var trainers: [any Trainer] = []
  /// Folders in which files to read are looked for behind the working folder.
  public var dataFolders: @Sendable (SessionSettings) -> [String] = { _ in [] }
  private var owner = "Soma"

  public init() {}

  /// All declarations by name, those of loaded plugins included.
  public var commands: [String: [CommandDeclaration]] {
    loaded.all.flatMap(\.declarations).reduce(into: own) { $0[$1.name, default: []].append($1) }
  }
  /// The same registry, in which loading and removing have no consequences.
  var forChecking: Registry {
    var copy = self
    copy.loaded = loaded.copy
    return copy
  }

  public mutating func add<P: Plugin>(_ plugin: P.Type) throws(RegistrationProblem) {
    plugins.append((plugin.name, plugin.summary))
    owner = plugin.name
    defer { owner = "Soma" }
    try plugin.register(in: &self)
  }
  /// Adds a verb or kind; a second one of the same name must take other inputs.
  public mutating func register(_ declaration: CommandDeclaration) throws(RegistrationProblem) {
    var declaration = declaration
    declaration.owner = owner
    if let other = own[declaration.name]?.first(where: { !Set($0.accepts).isDisjoint(with: declaration.accepts) }) {
      throw RegistrationProblem(name: declaration.name, first: other.owner, second: owner)
    }
    own[declaration.name, default: []].append(declaration)
  }
  public mutating func register<C: Command>(_ command: C.Type) throws(RegistrationProblem) {
    try register(CommandDeclaration(command))
  }
  /// Adds a way to run networks; the latest is asked first.
  public mutating func register(executor: any Executor) { executors.insert(executor, at: 0) }

  /// A model made ready to run: plugins are asked first, the clocked executor takes every model.
  public func execution(of model: Model, _ options: ExecutionOptions) throws -> any Execution {
    try Self.requireMemory(model.signalBytes(steps: options.steps, batch: 1) + model.valueBytes, "running this model")
    for executor in executors + [ClockedExecutor()] where model.executor == nil || model.executor == executor.kind {
      if let execution = executor.prepare(model, options) { return execution }
    }
    throw Diagnostic("capability", "nothing here can run this model")
  }

  /// Refuses what would need more memory than the machine has.
  public static func requireMemory(_ bytes: Double, _ what: String) throws {
    guard bytes > Memory.physical else { return }
    throw Diagnostic(
      "memory", "\(what) needs about \(Memory.text(bytes)), this machine has \(Memory.text(Memory.physical))",
      help: "fewer steps, a smaller batch or smaller layers need less")
  }

  // MARK: Look-up

  /// Every verb, families once.
  public var verbs: Set<String> { Set(commands.values.compactMap { $0.first?.verb }).union(Self.interpreted) }
  /// Verbs that the interpreter itself carries out.
  public static let interpreted: Set<String> = ["sweep", "where", "derive", "expect", "run"]

  /// The kinds of a family, in alphabetical order; empty for a verb without kinds.
  public func kinds(of verb: String) -> [String] {
    Set(commands.values.joined().filter { $0.verb == verb }.compactMap(\.kind)).sorted()
  }
  public func isFamily(_ verb: String) -> Bool { commands[verb] == nil && !kinds(of: verb).isEmpty }
  public func declarations(_ name: String) -> [CommandDeclaration] { commands[name] ?? [] }
  /// All declarations of a verb, every kind included, sorted by name.
  public func family(_ verb: String) -> [CommandDeclaration] {
    commands.values.joined().filter { $0.verb == verb }.sorted { $0.name < $1.name }
  }
  /// The kind that is meant when a verb stands alone.
  public func defaultKind(of verb: String, for input: ValueType) -> String? {
    family(verb).first { $0.isDefault.contains(input) }?.kind
  }
  /// Declarations that take a value of `type`, for completion and `? name`.
  public func accepting(_ type: ValueType) -> [CommandDeclaration] {
    commands.values.joined().filter { $0.accepts.contains(type) }.sorted { $0.name < $1.name }
  }
}

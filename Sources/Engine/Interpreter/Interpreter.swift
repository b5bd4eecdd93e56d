internal import Compute
internal import Language
internal import Spiking

/// Walks over lines, either on values or, before anything runs, on what is known of them.
///
/// There is one walk for both, so that checking and running cannot disagree: in a check, commands are asked for the facts of
/// their result and nothing else happens.
final class Interpreter {
  let registry: Registry
  let machine: Machine
  let surroundings: Surroundings
  let isChecking: Bool
  var state: State
  var undone: [State] = [], history: [State] = []
  var source: Source
  var overrides = Overrides()

  /// Names local to blocks and functions, innermost last.
  var scopes: [[String: Item]] = []
  /// What `_` and a leading `|` mean inside blocks, innermost last.
  var flows: [Item?] = []
  /// Columns or fields that come before bound names in a formula, with what they belong to.
  var columns: (names: [String: Item]?, container: String)?
  var activeFunctions: [String] = []
  /// Inside blocks that give a value nothing prints.
  var quietDepth = 0
  /// What is asked of an `if` that begins the pipeline being evaluated.
  var branchNeed = BranchNeed.nothing
  /// Names met since the stage began, for its recipe.
  var references: [(name: String, recipe: Recipe, depth: Int)] = []
  var definitions: [String] = []
  /// Whether a line has written files, which `undo` cannot take back.
  var wroteFiles = false
  /// The stage being bound, for messages about what it lacks.
  var stageSpan: Span?
  /// Remarks told since the line began.
  var told: Set<Told> = []
  var timings: [(stage: String, seconds: Double)] = []

  init(registry: Registry, machine: Machine, surroundings: Surroundings, state: State, source: Source, isChecking: Bool)
  {
    (self.registry, self.machine, self.surroundings) = (registry, machine, surroundings)
    (self.state, self.source, self.isChecking) = (state, source, isChecking)
  }

  /// What makes two remarks the same.
  struct Told: Hashable {
    let code: String, message: String, span: Span?
    init(_ note: Diagnostic) { (code, message, span) = (note.code, note.message, note.span) }
  }
  func fail(_ diagnostic: Diagnostic) -> Failure { Failure(diagnostic: diagnostic, source: source) }
  func text(_ span: Span) -> String { source[span] }

  /// Called with a count that goes up, now and then lets an interruption through.
  func poll(_ count: Int) throws {
    if count & 0xFFFF == 0xFFFF, !isChecking, surroundings.isInterrupted() { throw Interrupted() }
  }

  // MARK: Names

  func lookUp(_ name: String) -> Item? {
    if name == "_" { return flows.isEmpty ? state.last : flows[flows.count - 1] ?? state.last }
    for (depth, scope) in scopes.enumerated().reversed() {
      if let item = scope[name] {
        note(name, item, depth + 1)
        return item
      }
    }
    guard let item = state.names[name] else { return nil }
    note(name, item, 0)
    return item
  }
  private func note(_ name: String, _ item: Item, _ depth: Int) {
    if let recipe = item.value?.recipe { references.append((name, recipe, depth)) }
  }
  var boundNames: [String] { state.names.names + scopes.flatMap(\.keys) }

  func bind(_ name: Name, _ item: Item) throws {
    try refuseVerb(name)
    if scopes.isEmpty {
      state.names[name.text] = item
      state.changes += 1
    } else {
      scopes[scopes.count - 1][name.text] = item
    }
  }
  func refuseVerb(_ name: Name) throws {
    if registry.verbs.contains(name.text) { throw fail(EngineMessages.verbCannotBeBound(name.text, name.span)) }
    if Reserved.grammar.contains(name.text) || Reserved.functions.contains(name.text) {
      throw fail(EngineMessages.reservedCannotBeBound(name.text, name.span))
    }
  }
  /// Runs `body` with a scope of its own and, inside, `flow` as the last value.
  func inScope<R>(_ names: [String: Item], flow: Item?, _ body: () throws -> R) rethrows -> R {
    scopes.append(names)
    flows.append(flow)
    quietDepth += 1
    defer {
      scopes.removeLast()
      flows.removeLast()
      quietDepth -= 1
      let depth = scopes.count
      references.removeAll { $0.depth > depth }
    }
    return try body()
  }

  // MARK: Surroundings of a stage

  func context(for name: String, seed: Int? = nil) -> Context {
    var machine = machine
    machine.threads = state.settings.threads
    let base = RandomStream(seed: UInt64(bitPattern: Int64(seed ?? state.settings.seed)))
    return Context(
      settings: state.settings, machine: machine, registry: registry, random: base.child(Self.stableHash(name)),
      surroundings: surroundings)
  }
  /// FNV-1a: the same for every run of the program, unlike `hashValue`.
  static func stableHash(_ text: String) -> Int {
    Int(truncatingIfNeeded: text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
  }
}

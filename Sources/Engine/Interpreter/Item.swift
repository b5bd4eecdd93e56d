internal import Language
internal import Spiking

/// A value, or what is known of one before it exists. Checking and running are the same walk over these.
struct Item: Sendable {
  var facts: Facts
  var value: Value?
  /// Where it was written, for an item of a list that a loop goes through.
  var span: Span?

  init(_ value: Value) { (facts, self.value) = (value.facts, value) }
  init(facts: Facts) { self.facts = facts }
  init(_ content: Value.Content, recipe: Recipe? = nil) { self.init(Value(content, recipe: recipe)) }

  var content: Value.Content? { value?.content }
  var type: ValueType? { value?.type ?? facts.type }
}

/// What a pipeline leaves: its result, and the last value in it that is not only looked at.
struct Outcome {
  var result: Item
  var kept: Item?
  var isLook: Bool
  /// Whether the result was written to a file instead of shown.
  var isWritten = false
}

/// What is asked of the branches of an `if`: nothing where it is only carried out, one type where it ends a block, and a
/// value from each where something is bound to it.
enum BranchNeed { case nothing, oneType, value }

/// An error with the text it is about.
struct Failure: Error {
  var diagnostic: Diagnostic, source: Source
}
/// The user stopped the line; what was finished has been kept.
public struct Interrupted: Error {
  public init() {}
}
/// The user left.
struct Quit: Error {}

/// A function of the user's with the text it was defined in.
struct DefinedFunction: Sendable {
  var function: Function, source: Source
  var text: String { source[function.span] }
  /// Whether something may flow in: the first line begins with `|` or mentions `_`.
  var takesInput: Bool {
    guard case .pipeline(let pipeline)? = function.body.lines.first?.statement else {
      if case .bind(_, let pipeline)? = function.body.lines.first?.statement { return pipeline.continues }
      return false
    }
    return pipeline.continues
      || source[pipeline.span].split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }).contains("_")
  }
}

/// Everything a line can change and `undo` takes back.
struct State: Sendable {
  var names = Bindings()
  var functions: [String: DefinedFunction] = [:]
  var last: Item?
  /// The name bound to the last value by the line that made it.
  var lastName: String?
  var settings = SessionSettings()
  /// Counts changes, to tell whether a line made any.
  var changes = 0
}

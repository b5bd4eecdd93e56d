public import Language
public import Spiking

/// Equations of a neuron that have been checked: every name is known, every unit fits.
public struct EquationModel: Sendable {
  public enum Method: String, CaseIterable, Sendable { case euler, exponential, rk4 }
  struct State: Sendable {
    var name: Name, derivative: Expression
    var start: Expression? = nil, noise: Expression? = nil, reset: Expression? = nil
    var dimension = Dimension.none
  }
  public struct Parameter: Sendable {
    public var name: Name, preset: Quantity
    public init(_ name: Name, _ preset: Quantity) { (self.name, self.preset) = (name, preset) }
  }
  public let name: String
  /// Between the braces, as typed, in one row.
  public let text: String
  var states: [State] = []
  let parameters: [Parameter]
  var shorthands: [String: Expression] = [:]
  var spikes: [(condition: Expression, sign: Int)] = []
  var refractory: Expression?
  var method: Method?
  /// Of the input I.
  var inputDimension = Dimension.none
  let source: Source

  /// - Parameter parameters: the settings behind the brace.
  /// - Throws: `Diagnostic` at the place in `source` where something is wrong.
  public init(_ definition: NeuronDefinition, parameters: [Parameter], source: Source) throws {
    (name, self.parameters, self.source) = (definition.name.text, parameters, source)
    text = definition.equations.map { Self.row(source[$0.span]) }.joined(separator: "; ")
    try read(definition)
    var check = EquationCheck(self)
    try check.run(at: definition.name.span)
    for k in states.indices { states[k].dimension = check.dimension(ofState: k) }
    inputDimension = check.inputDimension
  }
  /// A statement in one row, without comments.
  private static func row(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).map { row in
      var row = row
      if let comment = row.firstIndex(of: "#") { row = row[..<comment] }
      return row.split(separator: " ").joined(separator: " ")
    }.filter { !$0.isEmpty }.joined(separator: " ")
  }
  func index(of state: String) -> Int? { states.firstIndex { $0.name.text == state } }

  // MARK: Statements

  private mutating func read(_ definition: NeuronDefinition) throws {
    var taken: [String: String] = ["I": "the input", "pi": "a number"]
    for parameter in parameters { try claim(parameter.name, "a parameter", &taken) }
    for equation in definition.equations {
      switch equation.kind {
      case .derivative(let name, let formula):
        try claim(name, "a state variable", &taken)
        states.append(State(name: name, derivative: formula))
      case .shorthand(let name, let formula):
        try claim(name, "a shorthand", &taken)
        shorthands[name.text] = formula
      default: break
      }
    }
    guard !states.isEmpty else {
      throw EquationProblems.missing("state variable", "v' = (I - v)/(20*ms)", definition.name.span)
    }
    for equation in definition.equations { try read(equation) }
    guard states.count < 64, spikes.count <= 64 else { throw EquationProblems.tooLarge(definition.name.span) }
    guard !spikes.isEmpty else { throw EquationProblems.missing("spike", "spike v >= 1", definition.name.span) }
  }
  private func claim(_ name: Name, _ what: String, _ taken: inout [String: String]) throws {
    if let other = taken[name.text] { throw EquationProblems.taken(name.text, other, name.span) }
    if Unit(name.text) != nil { throw EquationProblems.taken(name.text, "a unit", name.span) }
    if EquationCheck.functions[name.text] != nil { throw EquationProblems.taken(name.text, "a function", name.span) }
    taken[name.text] = what
  }
  private mutating func read(_ equation: Equation) throws {
    switch equation.kind {
    case .derivative, .shorthand: break
    case .spike(let condition, let sign): spikes.append((condition, sign))
    case .start(let name, let value): try set(\.start, of: name, to: value, "start of '\(name.text)'")
    case .noise(let name, let value): try set(\.noise, of: name, to: value, "noise of '\(name.text)'")
    case .reset(let list):
      for (name, value) in list { try set(\.reset, of: name, to: value, "reset of '\(name.text)'") }
    case .refractory(let time):
      guard refractory == nil else { throw EquationProblems.twice("refractory time", equation.span) }
      refractory = time
    case .integrate(let name):
      guard method == nil else { throw EquationProblems.twice("way to integrate", equation.span) }
      guard let method = Method(rawValue: name.text) else { throw EquationProblems.method(name.text, name.span) }
      self.method = method
    }
  }
  private mutating func set(
    _ path: WritableKeyPath<State, Expression?>, of name: Name, to value: Expression, _ what: String
  ) throws {
    guard let k = index(of: name.text) else { throw EquationProblems.notAState(name.text, name.span) }
    guard states[k][keyPath: path] == nil else { throw EquationProblems.twice(what, name.span) }
    states[k][keyPath: path] = value
  }
}

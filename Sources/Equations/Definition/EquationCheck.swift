internal import Language
internal import Spiking

/// Looks at every formula of a neuron once: names, functions, and dimensions as far as they are given.
struct EquationCheck {
  /// Functions with how many numbers they take.
  static let functions: [String: Int] = [
    "sqrt": 1, "exp": 1, "ln": 1, "log10": 1, "log2": 1, "sin": 1, "cos": 1, "tanh": 1, "abs": 1, "sign": 1, "floor": 1,
    "ceil": 1, "round": 1, "min": 2, "max": 2,
  ]
  private let model: EquationModel
  private var system = DimensionSystem(), unknowns: Int
  private var shorthands: [String: DimensionForm] = [:], open: [String] = []
  private var used: Set<String> = []
  /// Whether the formula being read depends on states or on the input.
  private var varies = false

  init(_ model: EquationModel) {
    self.model = model
    unknowns = model.states.count + 1
  }
  private func state(_ k: Int) -> DimensionForm { DimensionForm(unknown: k) }
  private var input: DimensionForm { DimensionForm(unknown: model.states.count) }
  func dimension(ofState k: Int) -> Dimension { system.reduced(state(k)).dimension ?? .none }
  var inputDimension: Dimension { system.reduced(input).dimension ?? .none }

  mutating func run(at place: Span) throws {
    for (k, state) in model.states.enumerated() { try change(k, state) }
    for (condition, _) in model.spikes { try self.condition(condition) }
    for (k, state) in model.states.enumerated() { try values(k, state) }
    if let refractory = model.refractory {
      varies = false
      try require(DimensionForm(.time), "refractory", refractory)
      if varies { throw EquationProblems.notUniform("the refractory time", refractory.span) }
    }
    for (name, formula) in model.shorthands where shorthands[name] == nil {
      _ = try shorthand(name, formula, formula.span)
    }
    if let parameter = model.parameters.first(where: { !used.contains($0.name.text) }) {
      throw EquationProblems.unused(parameter.name.text, parameter.name.span)
    }
  }
  private mutating func change(_ k: Int, _ state: EquationModel.State) throws {
    let name = state.name.text
    try require(
      self.state(k) / DimensionForm(.time), "\(name)'", state.derivative,
      help: "the change of \(name) is per time: divide by a time, as in …/ms or …/tau")
  }
  private mutating func values(_ k: Int, _ state: EquationModel.State) throws {
    let name = state.name.text
    if let start = state.start {
      varies = false
      try require(self.state(k), name, start)
      if varies { throw EquationProblems.notUniform("the start of '\(name)'", start.span) }
    }
    if let reset = state.reset { try require(self.state(k), name, reset) }
    if let noise = state.noise {
      let perRoot = self.state(k) / DimensionForm(.time).power(0.5)
      try require(perRoot, "noise \(name)", noise, help: "noise is a standard deviation per √s")
    }
  }
  private mutating func require(_ form: DimensionForm, _ what: String, _ formula: Expression, help: String? = nil)
    throws
  {
    let found = try self.form(formula)
    guard !system.equate(form, found) else { return }
    throw EquationProblems.dimensions(
      what, system.reduced(form).noun, text(formula), system.reduced(found).noun, formula.span, help: help)
  }
  private func text(_ formula: Expression) -> String { model.source[formula.span] }
  private mutating func fresh() -> DimensionForm {
    unknowns += 1
    return DimensionForm(unknown: unknowns)
  }

  // MARK: Formulas

  private mutating func condition(_ formula: Expression) throws {
    switch formula.kind {
    case .binary(let op, let a, let b) where op == .and || op == .or:
      try condition(a)
      try condition(b)
    case .not(let a): try condition(a)
    case .binary(let op, _, _) where [.less, .lessEqual, .greater, .greaterEqual, .equal, .unequal].contains(op):
      _ = try form(formula)
    default: throw EquationProblems.notACondition(text(formula), formula.span)
    }
  }

  private mutating func form(_ formula: Expression) throws -> DimensionForm {
    switch formula.kind {
    case .number(0, unit: nil): return fresh()
    case .number(_, let unit?):
      guard let unit = Unit(unit) else { throw EquationProblems.unit(unit, formula.span) }
      return DimensionForm(unit.dimension)
    case .number: return DimensionForm()
    case .word(let word): return try named(word, formula.span)
    case .negate(let a): return try form(a)
    case .not:
      try condition(formula)
      return DimensionForm()
    case .call(let name, let arguments): return try call(name, arguments, formula)
    case .binary(let op, let a, let b): return try binary(op, a, b, formula)
    case .text, .list, .range, .pipeline: throw EquationProblems.notANumber(text(formula), formula.span)
    }
  }
  private mutating func binary(_ op: Expression.Operator, _ a: Expression, _ b: Expression, _ whole: Expression) throws
    -> DimensionForm
  {
    if op == .and || op == .or {
      try condition(whole)
      return DimensionForm()
    }
    if op == .power { return try power(a, b) }
    let first = try form(a), second = try form(b)
    switch op {
    case .multiply: return first * second
    case .divide: return first / second
    default:
      guard system.equate(first, second) else {
        throw EquationProblems.dimensions(
          text(a), system.reduced(first).noun, text(b), system.reduced(second).noun, whole.span)
      }
      return op == .add || op == .subtract ? first : DimensionForm()
    }
  }
  private mutating func power(_ a: Expression, _ b: Expression) throws -> DimensionForm {
    let base = try form(a)
    try require(DimensionForm(), "an exponent", b)
    if let n = Self.literal(b) { return base.power(n) }
    guard system.equate(base, DimensionForm()) else {
      throw EquationProblems.dimensions(text(a), system.reduced(base).noun, text(b), "no fixed number", a.span)
    }
    return DimensionForm()
  }
  private static func literal(_ formula: Expression) -> Double? {
    switch formula.kind {
    case .number(let x, unit: nil): x
    case .negate(let a): literal(a).map { -$0 }
    default: nil
    }
  }
  private mutating func call(_ name: Name, _ arguments: [Expression], _ whole: Expression) throws -> DimensionForm {
    guard let count = Self.functions[name.text] else { throw EquationProblems.function(name.text, name.span) }
    guard arguments.count == count else { throw EquationProblems.arguments(name.text, count, whole.span) }
    let first = try form(arguments[0])
    switch name.text {
    case "sqrt": return first.power(0.5)
    case "abs", "floor", "ceil", "round": return first
    case "sign": return DimensionForm()
    case "min", "max":
      try require(first, text(arguments[0]), arguments[1])
      return first
    default:
      guard system.equate(first, DimensionForm()) else {
        throw EquationProblems.dimensions(
          text(arguments[0]), system.reduced(first).noun, name.text, "a function of plain numbers", arguments[0].span)
      }
      return DimensionForm()
    }
  }
  private mutating func named(_ word: String, _ span: Span) throws -> DimensionForm {
    if let k = model.index(of: word) {
      varies = true
      return state(k)
    }
    if word == "I" {
      varies = true
      return input
    }
    if let formula = model.shorthands[word] { return try shorthand(word, formula, span) }
    if let parameter = model.parameters.first(where: { $0.name.text == word }) {
      used.insert(word)
      return DimensionForm(parameter.preset.dimension)
    }
    if word == "pi" { return DimensionForm() }
    if let unit = Unit(word) { return DimensionForm(unit.dimension) }
    let names = model.states.map(\.name.text) + model.parameters.map(\.name.text) + Array(model.shorthands.keys)
    throw EquationProblems.unknown(word, candidates: names + ["I", "pi", "ms", "mV", "nA"], span)
  }
  private mutating func shorthand(_ name: String, _ formula: Expression, _ span: Span) throws -> DimensionForm {
    guard !open.contains(name) else { throw EquationProblems.circular(name, span) }
    open.append(name)
    defer { open.removeLast() }
    guard open.count < 100 else { throw EquationProblems.tooLarge(span) }
    if let form = shorthands[name] {
      varies = varies || varying.contains(name)
      return form
    }
    let outer = varies
    varies = false
    let form = try form(formula)
    if varies { varying.insert(name) }
    varies = varies || outer
    shorthands[name] = form
    return form
  }
  /// Shorthands that depend on states or on the input.
  private var varying: Set<String> = []
}

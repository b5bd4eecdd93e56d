internal import Language
internal import Spiking

/// Turns formulas into terms of a graph.
struct Compiler {
  let model: EquationModel
  var graph = Graph()
  /// What state variables stand for at present, and the shorthands worked out with them.
  var states: [Term] = []
  private var shorthands: [String: Term] = [:]

  init(_ model: EquationModel) {
    self.model = model
    states = model.states.indices.map { graph.leaf(.state($0)) }
  }
  /// Runs `body` with other terms for the states.
  mutating func with<R>(_ states: [Term], _ body: (inout Compiler) -> R) -> R {
    let outer = (self.states, shorthands)
    (self.states, shorthands) = (states, [:])
    defer { (self.states, shorthands) = outer }
    return body(&self)
  }

  mutating func term(_ formula: Expression) -> Term {
    switch formula.kind {
    case .number(let x, let unit): return graph.constant(unit.flatMap(Unit.init).map { Quantity(x, $0).value } ?? x)
    case .word(let word): return named(word)
    case .negate(let a): return graph.negate(term(a))
    case .not(let a): return graph.not(term(a))
    case .call(let name, let arguments): return call(name.text, arguments.map { term($0) })
    case .binary(let op, let a, let b): return binary(op, term(a), term(b))
    case .text, .list, .range, .pipeline: preconditionFailure("a checked formula")
    }
  }
  private mutating func named(_ word: String) -> Term {
    if let k = model.index(of: word) { return states[k] }
    if word == "I" {
      // A current is a number in the usual unit of its dimension.
      let factor = Unit.usual(for: model.inputDimension)?.factor ?? 1
      return graph.multiply(graph.constant(factor), graph.leaf(.current))
    }
    if let formula = model.shorthands[word] {
      if let term = shorthands[word] { return term }
      let term = term(formula)
      shorthands[word] = term
      return term
    }
    if let k = model.parameters.firstIndex(where: { $0.name.text == word }) { return graph.leaf(.parameter(k)) }
    if word == "pi" { return graph.constant(.pi) }
    return graph.constant(Unit(word).map { Quantity(1, $0).value } ?? 0)
  }
  private mutating func binary(_ op: Expression.Operator, _ a: Term, _ b: Term) -> Term {
    switch op {
    case .add: graph.add(a, b)
    case .subtract: graph.subtract(a, b)
    case .multiply: graph.multiply(a, b)
    case .divide: graph.divide(a, b)
    case .power: graph.power(a, b)
    case .and: graph.multiply(a, b)
    case .or: graph.apply(.maximum, [a, b])
    case .less: graph.apply(.less, [a, b])
    case .lessEqual: graph.apply(.lessEqual, [a, b])
    case .greater: graph.apply(.less, [b, a])
    case .greaterEqual: graph.apply(.lessEqual, [b, a])
    case .equal: graph.apply(.equal, [a, b])
    case .unequal: graph.not(graph.apply(.equal, [a, b]))
    }
  }
  private mutating func call(_ name: String, _ x: [Term]) -> Term {
    switch name {
    case "sqrt": return graph.apply(.sqrt, x)
    case "exp": return graph.apply(.exp, x)
    case "ln": return graph.apply(.ln, x)
    case "log10": return graph.divide(graph.apply(.ln, x), graph.apply(.ln, [graph.constant(10)]))
    case "log2": return graph.divide(graph.apply(.ln, x), graph.apply(.ln, [graph.constant(2)]))
    case "sin": return graph.apply(.sin, x)
    case "cos": return graph.apply(.cos, x)
    case "tanh": return graph.apply(.tanh, x)
    case "abs": return graph.apply(.abs, x)
    case "sign": return graph.apply(.sign, x)
    case "floor": return graph.apply(.floor, x)
    case "ceil": return graph.apply(.ceil, x)
    case "round": return graph.apply(.round, x)
    case "min": return graph.apply(.minimum, x)
    default: return graph.apply(.maximum, x)
    }
  }

  // MARK: Conditions

  /// How far a condition is from holding, in units of what it is compared with: below 0 it does not hold.
  mutating func distance(_ formula: Expression) -> Term {
    switch formula.kind {
    case .binary(.and, let a, let b): return graph.apply(.minimum, [distance(a), distance(b)])
    case .binary(.or, let a, let b): return graph.apply(.maximum, [distance(a), distance(b)])
    case .not(let a): return graph.negate(distance(a))
    case .binary(let op, let a, let b):
      let left = term(a), right = term(b)
      switch op {
      case .less, .lessEqual: return scaled(right, above: left)
      case .greater, .greaterEqual: return scaled(left, above: right)
      case .equal: return graph.negate(graph.apply(.abs, [scaled(left, above: right)]))
      default: return graph.apply(.abs, [scaled(left, above: right)])
      }
    default: return term(formula)
    }
  }
  private mutating func scaled(_ a: Term, above b: Term) -> Term {
    let size = graph.apply(.abs, [graph.isUniform[b] || !graph.isUniform[a] ? b : a]), zero = graph.constant(0)
    let scale = graph.select(graph.apply(.equal, [size, zero]), graph.constant(1), size)
    return graph.divide(graph.subtract(a, b), scale)
  }
}

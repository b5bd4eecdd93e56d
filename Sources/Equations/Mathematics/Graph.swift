internal import Foundation

/// A number of a `Graph`: a constant, a leaf, or what an operation makes of others.
typealias Term = Int

/// Formulas as a list of operations in which every number occurs once. Whatever is the same is shared, constants are
/// worked out, and an operation stands behind everything it reads.
struct Graph: Sendable {
  /// Where numbers come from outside.
  enum Leaf: Hashable, Sendable {
    case parameter(Int), dt
    /// One per neuron: state variables, input, normal random numbers.
    case state(Int), current, normal(Int)
    /// On the way back: the gradients of each state after the step and of what was sent, and the derivative that stands for
    /// that of each spike condition.
    case adjoint(Int), upstream, slope(Int)
  }
  enum Operation: Hashable, Sendable {
    case add, subtract, multiply, divide, power, minimum, maximum, less, lessEqual, equal, select
    case exp, expm1, ln, sqrt, sin, cos, tanh, abs, sign, floor, ceil, round
  }
  enum Node: Hashable, Sendable {
    case constant(Double), leaf(Leaf), operation(Operation, [Term])
  }
  private(set) var nodes: [Node] = []
  /// Whether a number is the same for all neurons.
  private(set) var isUniform: [Bool] = []
  private var known: [Node: Term] = [:]

  mutating func constant(_ x: Double) -> Term { term(.constant(x)) }
  mutating func leaf(_ leaf: Leaf) -> Term { term(.leaf(leaf)) }
  private mutating func term(_ node: Node) -> Term {
    if let term = known[node] { return term }
    nodes.append(node)
    isUniform.append(isSameForAll(node))
    known[node] = nodes.count - 1
    return nodes.count - 1
  }
  private func isSameForAll(_ node: Node) -> Bool {
    switch node {
    case .constant, .leaf(.parameter), .leaf(.dt): true
    case .leaf: false
    case .operation(_, let inputs): inputs.allSatisfy { isUniform[$0] }
    }
  }
  func constant(of term: Term) -> Double? { if case .constant(let x) = nodes[term] { x } else { nil } }

  // MARK: Operations

  mutating func apply(_ operation: Operation, _ inputs: [Term]) -> Term {
    let numbers = inputs.compactMap(constant(of:))
    if numbers.count == inputs.count {
      return constant(operation.value(numbers[0], numbers.count > 1 ? numbers[1] : 0, numbers.last ?? 0))
    }
    return term(.operation(operation, inputs))
  }
  mutating func add(_ a: Term, _ b: Term) -> Term {
    if constant(of: a) == 0 { return b }
    if constant(of: b) == 0 { return a }
    return apply(.add, [min(a, b), max(a, b)])
  }
  mutating func subtract(_ a: Term, _ b: Term) -> Term {
    if constant(of: b) == 0 { return a }
    if a == b { return constant(0) }
    return apply(.subtract, [a, b])
  }
  mutating func multiply(_ a: Term, _ b: Term) -> Term {
    for (x, y) in [(a, b), (b, a)] {
      if constant(of: x) == 0 { return x }
      if constant(of: x) == 1 { return y }
      // Numbers that are the same for all neurons are multiplied once.
      if isUniform[x], !isUniform[y], case .operation(.multiply, let inputs) = nodes[y],
        let k = inputs.firstIndex(where: { isUniform[$0] })
      {
        return multiply(multiply(x, inputs[k]), inputs[1 - k])
      }
    }
    return apply(.multiply, [min(a, b), max(a, b)])
  }
  mutating func divide(_ a: Term, _ b: Term) -> Term {
    if constant(of: b) == 1 || constant(of: a) == 0 { return a }
    // A number for all neurons is divided by once.
    return isUniform[b] && !isUniform[a] ? multiply(a, apply(.divide, [constant(1), b])) : apply(.divide, [a, b])
  }
  mutating func negate(_ a: Term) -> Term { multiply(constant(-1), a) }
  mutating func select(_ condition: Term, _ a: Term, _ b: Term) -> Term {
    if let x = constant(of: condition) { return x != 0 ? a : b }
    return a == b ? a : apply(.select, [condition, a, b])
  }
  /// 1 − a, for conditions.
  mutating func not(_ a: Term) -> Term { subtract(constant(1), a) }
  mutating func power(_ a: Term, _ b: Term) -> Term {
    if let n = constant(of: b) {
      switch n {
      case 0: return constant(1)
      case 1: return a
      case 2: return multiply(a, a)
      case 3: return multiply(a, multiply(a, a))
      case 0.5: return apply(.sqrt, [a])
      case -1: return divide(constant(1), a)
      default: break
      }
    }
    return apply(.power, [a, b])
  }
}

extension Graph.Operation {
  /// What the operation gives, in double precision.
  func value(_ a: Double, _ b: Double, _ c: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .power: pow(a, b)
    case .minimum: Swift.min(a, b)
    case .maximum: Swift.max(a, b)
    case .less: a < b ? 1 : 0
    case .lessEqual: a <= b ? 1 : 0
    case .equal: a == b ? 1 : 0
    case .select: a != 0 ? b : c
    case .exp: Foundation.exp(a)
    case .expm1: Foundation.expm1(a)
    case .ln: log(a)
    case .sqrt: a.squareRoot()
    case .sin: Foundation.sin(a)
    case .cos: Foundation.cos(a)
    case .tanh: Foundation.tanh(a)
    case .abs: Swift.abs(a)
    case .sign: a > 0 ? 1 : a < 0 ? -1 : 0
    case .floor: a.rounded(.down)
    case .ceil: a.rounded(.up)
    case .round: a.rounded()
    }
  }
}

extension Graph {
  /// The values of the terms that are needed, in double precision; `leaf` tells those from outside.
  func values(needed: [Bool], into values: inout [Double], leaf: (Leaf) -> Double) {
    for term in nodes.indices where needed[term] {
      switch nodes[term] {
      case .constant(let x): values[term] = x
      case .leaf(let source): values[term] = leaf(source)
      case .operation(let operation, let inputs):
        let second = inputs.count > 1 ? values[inputs[1]] : 0
        values[term] = operation.value(values[inputs[0]], second, inputs.count > 2 ? values[inputs[2]] : 0)
      }
    }
  }
  /// The values of some terms, worked out once.
  func values(of wanted: [Term], leaf: (Leaf) -> Double) -> [Double] {
    var values = [Double](repeating: 0, count: nodes.count)
    self.values(needed: needed(for: wanted), into: &values, leaf: leaf)
    return wanted.map { values[$0] }
  }
  /// Which terms are needed for some.
  func needed(for wanted: [Term]) -> [Bool] {
    var needed = [Bool](repeating: false, count: nodes.count)
    for term in wanted { needed[term] = true }
    for term in nodes.indices.reversed() where needed[term] {
      if case .operation(_, let inputs) = nodes[term] { for input in inputs { needed[input] = true } }
    }
    return needed
  }
}

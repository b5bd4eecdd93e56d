extension Graph {
  /// Gradients with respect to `wanted`, from those of some terms: one sweep back over the list.
  ///
  /// Conditions, signs and rounded numbers are taken as constant.
  mutating func gradients(of seeds: [(term: Term, gradient: Term)], with wanted: [Term]) -> [Term] {
    var adjoints: [Term: Term] = [:]
    for (term, gradient) in seeds { adjoints[term] = sum(adjoints[term], gradient) }
    for term in nodes.indices.reversed() {
      guard let gradient = adjoints[term], case .operation(let operation, let inputs) = nodes[term] else { continue }
      for (input, share) in shares(of: operation, inputs, term, gradient) where !isUniform[input] {
        adjoints[input] = sum(adjoints[input], share)
      }
    }
    return wanted.map { adjoints[$0] ?? constant(0) }
  }
  private mutating func sum(_ a: Term?, _ b: Term) -> Term { a.map { add($0, b) } ?? b }

  /// What each input gets of the gradient of an operation's result.
  private mutating func shares(of operation: Operation, _ x: [Term], _ result: Term, _ g: Term) -> [(Term, Term)] {
    switch operation {
    case .add: return [(x[0], g), (x[1], g)]
    case .subtract: return [(x[0], g), (x[1], negate(g))]
    case .multiply: return [(x[0], multiply(g, x[1])), (x[1], multiply(g, x[0]))]
    case .divide:
      let a = divide(g, x[1])
      return [(x[0], a), (x[1], negate(multiply(a, result)))]
    case .power:
      let slope = multiply(x[1], power(x[0], subtract(x[1], constant(1))))
      let base = (x[0], multiply(g, slope))
      return isUniform[x[1]] ? [base] : [base, (x[1], multiply(g, multiply(result, apply(.ln, [x[0]]))))]
    case .minimum: return chosen(apply(.lessEqual, x), x, g)
    case .maximum: return chosen(apply(.lessEqual, [x[1], x[0]]), x, g)
    case .select: return chosen(x[0], [x[1], x[2]], g)
    case .exp: return [(x[0], multiply(g, result))]
    case .expm1: return [(x[0], multiply(g, add(result, constant(1))))]
    case .ln: return [(x[0], divide(g, x[0]))]
    case .sqrt: return [(x[0], divide(multiply(g, constant(0.5)), result))]
    case .sin: return [(x[0], multiply(g, apply(.cos, x)))]
    case .cos: return [(x[0], negate(multiply(g, apply(.sin, x))))]
    case .tanh: return [(x[0], multiply(g, subtract(constant(1), multiply(result, result))))]
    case .abs: return [(x[0], multiply(g, apply(.sign, x)))]
    case .less, .lessEqual, .equal, .sign, .floor, .ceil, .round: return []
    }
  }
  private mutating func chosen(_ condition: Term, _ x: [Term], _ g: Term) -> [(Term, Term)] {
    let zero = constant(0)
    return [(x[0], select(condition, g, zero)), (x[1], select(condition, zero, g))]
  }
}

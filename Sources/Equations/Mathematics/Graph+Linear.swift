extension Graph {
  /// a and b with `term` = a·x + b where neither contains x; nil where x comes in otherwise.
  mutating func linear(_ term: Term, in x: Term) -> (a: Term, b: Term)? {
    if term == x { return (constant(1), constant(0)) }
    guard needed(for: [term])[x] else { return (constant(0), term) }
    guard case .operation(let operation, let inputs) = nodes[term] else { return nil }
    switch operation {
    case .add, .subtract:
      guard let first = linear(inputs[0], in: x), let second = linear(inputs[1], in: x) else { return nil }
      if operation == .add { return (add(first.a, second.a), add(first.b, second.b)) }
      return (subtract(first.a, second.a), subtract(first.b, second.b))
    case .multiply:
      for (factor, other) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])] where !needed(for: [factor])[x] {
        guard let form = linear(other, in: x) else { return nil }
        return (multiply(form.a, factor), multiply(form.b, factor))
      }
      return nil
    case .divide:
      guard !needed(for: [inputs[1]])[x], let form = linear(inputs[0], in: x) else { return nil }
      return (divide(form.a, inputs[1]), divide(form.b, inputs[1]))
    default: return nil
    }
  }
}

internal import EquationKernels

/// Terms of a graph as steps over registers of neurons, with everything that is the same for all neurons worked out.
struct Program: Sendable {
  /// Registers that the caller points at memory: those of leaves, nil for those that are not read, then those of results.
  let states: [Int?], normals: [Int?], adjoints: [Int?], slopes: [Int?], current: Int?, upstream: Int?
  let results: [Int]
  /// Registers that hold one number, and how many there are in all.
  private let constants: [(register: Int, value: Float)]
  private let outside: Int, count: Int
  private let steps: [equation_step]

  /// - Parameters:
  ///   - places: for each result the leaf whose memory it shares, nil where it has its own.
  ///   - uniform: values of leaves that are the same for all neurons.
  init(_ graph: Graph, _ wanted: [Term], places: [Graph.Leaf?], uniform: (Graph.Leaf) -> Double) {
    var maker = Maker(graph, wanted, places, uniform)
    maker.make()
    let leaves = maker.leaves
    func registers(_ leaf: (Int) -> Graph.Leaf) -> [Int?] { (0..<64).map { leaves[leaf($0)] } }
    (states, normals) = (registers { .state($0) }, registers { .normal($0) })
    (adjoints, slopes) = (registers { .adjoint($0) }, registers { .slope($0) })
    (current, upstream) = (leaves[.current], leaves[.upstream])
    (results, constants) = (maker.results, maker.constants.map { ($0.value, Float($0.key)) })
    (outside, count, steps) = (maker.outside, maker.count, maker.steps)
  }

  /// Registers of `width` floats, the outer ones still to be pointed somewhere.
  func withRegisters(_ width: Int, _ body: (UnsafeMutablePointer<UnsafeMutablePointer<Float>?>) -> Void) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, (count - outside) * width)) { memory in
      withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Float>?.self, capacity: max(1, count)) { table in
        guard let base = memory.baseAddress, let registers = table.baseAddress else { return }
        for k in 0..<count { (registers + k).initialize(to: base + max(0, k - outside) * width) }
        for (register, value) in constants { registers[register]?.initialize(repeating: value, count: width) }
        body(registers)
      }
    }
  }
  func run(_ registers: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>, _ n: Int) {
    steps.withUnsafeBufferPointer { equation_run($0.baseAddress, $0.count, registers, n) }
  }
}

/// Gives terms their registers.
private struct Maker {
  let graph: Graph, wanted: [Term], places: [Graph.Leaf?]
  var leaves: [Graph.Leaf: Int] = [:], results: [Int] = [], constants: [Double: Int] = [:]
  var steps: [equation_step] = [], outside = 0, count = 0
  private var values: [Double], needed: [Bool]
  private var register: [Term: Int] = [:], uses: [Int], free: [Int] = []
  /// How often each leaf will still be read, and the results that are in place.
  private var reads: [Graph.Leaf: Int] = [:], written: Set<Int> = []
  /// The last operation that reads a term.
  private var reader: [Term: Term] = [:]
  /// Products that are added at once, with the sum that does it.
  private var fused: Set<Term> = []

  init(_ graph: Graph, _ wanted: [Term], _ places: [Graph.Leaf?], _ uniform: (Graph.Leaf) -> Double) {
    (self.graph, self.wanted, self.places) = (graph, wanted, places)
    values = [Double](repeating: 0, count: graph.nodes.count)
    needed = graph.needed(for: wanted)
    uses = [Int](repeating: 0, count: graph.nodes.count)
    let isUniform = zip(needed, graph.isUniform).map { $0 && $1 }
    graph.values(needed: isUniform, into: &values, leaf: uniform)
  }

  mutating func make() {
    for (term, node) in graph.nodes.enumerated() where needed[term] && !graph.isUniform[term] {
      switch node {
      case .leaf(let leaf):
        register[term] = count
        leaves[leaf] = count
        count += 1
      case .operation(_, let inputs): for input in inputs { (uses[input], reader[input]) = (uses[input] + 1, term) }
      case .constant: break
      }
    }
    for term in wanted {
      uses[term] += 1
      results.append(count)
      count += 1
    }
    for (term, node) in graph.nodes.enumerated() { if case .leaf(let leaf) = node { reads[leaf] = uses[term] } }
    outside = count
    for (term, node) in graph.nodes.enumerated() where needed[term] && !graph.isUniform[term] {
      if case .operation(let operation, let inputs) = node { append(operation, inputs, term) }
    }
    finish()
  }
  /// The result that a term may be written into at once: it has memory of its own, or that of a leaf that is read no more.
  private func direct(_ term: Term) -> Int? {
    for (k, wanted) in wanted.enumerated() where wanted == term {
      guard let leaf = places[k] else { return k }
      if leaves[leaf] == nil || reads[leaf] == 0 { return k }
    }
    return nil
  }
  /// Copies all other results at the end: leaves first, as their memory may be that of a result.
  private mutating func finish() {
    var source = wanted.map { operand($0) }
    for (k, term) in wanted.enumerated() where !written.contains(k) {
      guard case .leaf = graph.nodes[term], !graph.isUniform[term] else { continue }
      let copy = fresh()
      appendCopy(from: source[k], to: copy)
      source[k] = copy
    }
    for k in wanted.indices where !written.contains(k) { appendCopy(from: source[k], to: results[k]) }
  }
  private mutating func appendCopy(from source: Int, to target: Int) {
    steps.append(
      equation_step(code: code(EQUATION_COPY), result: Int32(target), a: Int32(source), b: 0, c: 0, scalar: 0))
  }

  // MARK: Registers

  private mutating func fresh() -> Int {
    if let register = free.popLast() { return register }
    count += 1
    return count - 1
  }
  private mutating func operand(_ term: Term) -> Int {
    if let register = register[term] { return register }
    if let register = constants[values[term]] { return register }
    count += 1
    constants[values[term]] = count - 1
    return count - 1
  }
  /// Gives a temporary register back behind its last use.
  private mutating func release(_ term: Term) {
    guard !graph.isUniform[term] else { return }
    uses[term] -= 1
    if case .leaf(let leaf) = graph.nodes[term] { reads[leaf] = uses[term] }
    if uses[term] == 0, case .operation = graph.nodes[term], let register = register[term], register >= outside {
      free.append(register)
    }
  }

  // MARK: Steps

  private mutating func append(_ operation: Graph.Operation, _ inputs: [Term], _ term: Term) {
    guard !waitsForSum(operation, term) else { return }
    var step = equation_step(code: code(operation.code), result: 0, a: 0, b: 0, c: 0, scalar: 0), read = inputs
    if let sum = productAndSum(operation, inputs) {
      (step.code, step.scalar) = (code(EQUATION_MULTIPLY_SCALAR_ADD), Float(sum.scalar))
      (step.a, step.b) = (Int32(operand(sum.factor)), Int32(operand(sum.other)))
      read = [sum.factor, sum.other]
    } else if let (input, scalar, scalarCode) = scaled(operation, inputs) {
      (step.code, step.a, step.scalar) = (code(scalarCode), Int32(operand(input)), Float(scalar))
    } else {
      let operands = inputs.map { Int32(operand($0)) }
      step.a = operands[0]
      if operands.count > 1 { step.b = operands[1] }
      if operands.count > 2 { step.c = operands[2] }
    }
    for input in read { release(input) }
    let target: Int
    if let k = direct(term) {
      target = results[k]
      written.insert(k)
      uses[term] -= 1
    } else {
      target = fresh()
    }
    register[term] = target
    step.result = Int32(target)
    steps.append(step)
  }
  /// Whether a product with one number is read once only, by a sum that multiplies by itself.
  private mutating func waitsForSum(_ operation: Graph.Operation, _ term: Term) -> Bool {
    guard operation == .multiply, uses[term] == 1, !wanted.contains(term), scaledFactor(term) != nil,
      let reader = reader[term], case .operation(.add, let inputs) = graph.nodes[reader],
      inputs.allSatisfy({ !graph.isUniform[$0] }),
      !inputs.contains(where: { $0 != term && fused.contains($0) }), inputs[0] != inputs[1]
    else { return false }
    fused.insert(term)
    return true
  }
  private func scaledFactor(_ term: Term) -> (factor: Term, scalar: Double)? {
    guard case .operation(.multiply, let inputs) = graph.nodes[term],
      let k = inputs.firstIndex(where: { graph.isUniform[$0] }), !graph.isUniform[inputs[1 - k]]
    else { return nil }
    return (inputs[1 - k], values[inputs[k]])
  }
  private func productAndSum(_ operation: Graph.Operation, _ inputs: [Term]) -> (
    factor: Term, scalar: Double, other: Term
  )? {
    guard operation == .add, let k = inputs.firstIndex(where: { fused.contains($0) }),
      let product = scaledFactor(inputs[k])
    else { return nil }
    return (product.factor, product.scalar, inputs[1 - k])
  }
  /// Sums, products and comparisons with one number.
  private func scaled(_ operation: Graph.Operation, _ inputs: [Term]) -> (Term, Double, equation_code)? {
    guard inputs.count == 2, let k = inputs.firstIndex(where: { graph.isUniform[$0] }) else { return nil }
    let scalar = values[inputs[k]], other = inputs[1 - k]
    switch operation {
    case .add: return (other, scalar, EQUATION_ADD_SCALAR)
    case .multiply: return (other, scalar, EQUATION_MULTIPLY_SCALAR)
    case .subtract where k == 1: return (other, -scalar, EQUATION_ADD_SCALAR)
    case .lessEqual: return (other, scalar, k == 1 ? EQUATION_LESS_EQUAL_SCALAR : EQUATION_SCALAR_LESS_EQUAL)
    default: return nil
    }
  }
  private func code(_ code: equation_code) -> Int32 { Int32(code.rawValue) }
}

extension Graph.Operation {
  fileprivate var code: equation_code {
    switch self {
    case .add: EQUATION_ADD
    case .subtract: EQUATION_SUBTRACT
    case .multiply: EQUATION_MULTIPLY
    case .divide: EQUATION_DIVIDE
    case .power: EQUATION_POWER
    case .minimum: EQUATION_MINIMUM
    case .maximum: EQUATION_MAXIMUM
    case .less: EQUATION_LESS
    case .lessEqual: EQUATION_LESS_EQUAL
    case .equal: EQUATION_EQUAL
    case .select: EQUATION_SELECT
    case .exp: EQUATION_EXP
    case .ln: EQUATION_LN
    case .sqrt: EQUATION_SQRT
    case .sin: EQUATION_SIN
    case .cos: EQUATION_COS
    case .tanh: EQUATION_TANH
    case .abs: EQUATION_ABS
    case .sign: EQUATION_SIGN
    case .floor: EQUATION_FLOOR
    case .ceil: EQUATION_CEIL
    case .round: EQUATION_ROUND
    case .expm1: preconditionFailure("worked out for all neurons")
    }
  }
}

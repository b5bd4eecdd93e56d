internal import EquationKernels

/// Terms of a graph as steps over registers of neurons, with everything that is the same for all neurons worked out.
struct Program: Sendable {
  /// Registers that the caller points at memory: those of leaves, then those of results.
  let leaves: [Graph.Leaf: Int], results: [Int]
  /// Registers that hold one number, and how many there are in all.
  private let constants: [(register: Int, value: Float)]
  private let outside: Int, count: Int
  private let steps: [equation_step]

  /// - Parameters:
  ///   - apart: for each result, whether its memory is none of a leaf's, so that it may be written before the end.
  ///   - uniform: values of leaves that are the same for all neurons.
  init(_ graph: Graph, _ wanted: [Term], apart: [Bool], uniform: (Graph.Leaf) -> Double) {
    var maker = Maker(graph, wanted, apart, uniform)
    maker.make()
    (leaves, results, constants) = (maker.leaves, maker.results, maker.constants.map { ($0.value, Float($0.key)) })
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
  let graph: Graph, wanted: [Term], apart: [Bool]
  var leaves: [Graph.Leaf: Int] = [:], results: [Int] = [], constants: [Double: Int] = [:]
  var steps: [equation_step] = [], outside = 0, count = 0
  private var values: [Double], needed: [Bool]
  private var register: [Term: Int] = [:], uses: [Int], free: [Int] = []

  init(_ graph: Graph, _ wanted: [Term], _ apart: [Bool], _ uniform: (Graph.Leaf) -> Double) {
    (self.graph, self.wanted, self.apart) = (graph, wanted, apart)
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
      case .operation(_, let inputs): for input in inputs { uses[input] += 1 }
      case .constant: break
      }
    }
    for term in wanted {
      uses[term] += 1
      results.append(count)
      count += 1
    }
    outside = count
    let direct = directResults()
    for (term, node) in graph.nodes.enumerated() where needed[term] && !graph.isUniform[term] {
      if case .operation(let operation, let inputs) = node { append(operation, inputs, term, into: direct[term]) }
    }
    finish(direct)
  }
  /// Results that are written where they are made.
  private func directResults() -> [Term: Int] {
    var direct: [Term: Int] = [:]
    for (k, term) in wanted.enumerated() where apart[k] && direct[term] == nil && !graph.isUniform[term] {
      if case .operation = graph.nodes[term] { direct[term] = results[k] }
    }
    return direct
  }
  /// Copies all other results at the end: leaves first, as their memory may be that of a result.
  private mutating func finish(_ direct: [Term: Int]) {
    var source = wanted.map { operand($0) }
    for (k, term) in wanted.enumerated() where direct[term] != results[k] {
      guard case .leaf = graph.nodes[term], !graph.isUniform[term] else { continue }
      let copy = fresh()
      steps.append(
        equation_step(code: code(EQUATION_COPY), result: Int32(copy), a: Int32(source[k]), b: 0, c: 0, scalar: 0))
      source[k] = copy
    }
    for (k, term) in wanted.enumerated() where direct[term] != results[k] {
      steps.append(
        equation_step(code: code(EQUATION_COPY), result: Int32(results[k]), a: Int32(source[k]), b: 0, c: 0, scalar: 0))
    }
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
    if uses[term] == 0, case .operation = graph.nodes[term], let register = register[term], register >= outside {
      free.append(register)
    }
  }

  // MARK: Steps

  private mutating func append(_ operation: Graph.Operation, _ inputs: [Term], _ term: Term, into result: Int?) {
    var step = equation_step(code: code(operation.code), result: 0, a: 0, b: 0, c: 0, scalar: 0)
    if let (input, scalar, scalarCode) = scaled(operation, inputs) {
      (step.code, step.a, step.scalar) = (code(scalarCode), Int32(operand(input)), Float(scalar))
    } else {
      let operands = inputs.map { Int32(operand($0)) }
      step.a = operands[0]
      if operands.count > 1 { step.b = operands[1] }
      if operands.count > 2 { step.c = operands[2] }
    }
    for input in inputs { release(input) }
    let target = result ?? fresh()
    register[term] = target
    step.result = Int32(target)
    steps.append(step)
  }
  /// Sums and products with one number.
  private func scaled(_ operation: Graph.Operation, _ inputs: [Term]) -> (Term, Double, equation_code)? {
    guard inputs.count == 2, let k = inputs.firstIndex(where: { graph.isUniform[$0] }) else { return nil }
    let scalar = values[inputs[k]], other = inputs[1 - k]
    switch operation {
    case .add: return (other, scalar, EQUATION_ADD_SCALAR)
    case .multiply: return (other, scalar, EQUATION_MULTIPLY_SCALAR)
    case .subtract where k == 1: return (other, -scalar, EQUATION_ADD_SCALAR)
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

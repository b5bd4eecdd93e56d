public import Spiking

extension EquationNeuron: FineNeuron {
  public func trace(current: [Double], dt: Time, poll: () throws -> Void) rethrows -> FineTrace {
    let rule = programs(dt).step, graph = rule.graph, wanted = rule.integrated + rule.after + [rule.sent]
    let needed = graph.needed(for: wanted)
    var numbers = [Double](repeating: 0, count: graph.nodes.count)
    graph.values(needed: graph.needed(for: rule.start), into: &numbers) { uniform($0, dt: dt) }
    let start = rule.start.map { numbers[$0] }
    var state = start, values = [[Double]](repeating: [], count: start.count), output: [Double] = []
    output.reserveCapacity(current.count)
    for (step, input) in current.enumerated() {
      if step & 15 == 0 { try poll() }
      graph.values(needed: needed, into: &numbers) { leaf in
        switch leaf {
        case .state(let k): state[k]
        case .current: input
        default: uniform(leaf, dt: dt)
        }
      }
      for k in state.indices {
        values[k].append(numbers[rule.integrated[k]])
        state[k] = numbers[rule.after[k]]
      }
      output.append(numbers[rule.sent])
    }
    return FineTrace(values: values, output: output, start: start)
  }
}

extension EquationNeuron: LeakyNeuron {
  /// How much nearer a unit current brings the first spike condition in one step from the start, as a share of what it is
  /// compared with.
  public func gain(dt: Time) -> Double {
    let rule = programs(dt).step
    guard let condition = rule.distances.first?.term else { return 0 }
    var numbers = [Double](repeating: 0, count: rule.graph.nodes.count)
    rule.graph.values(needed: rule.graph.needed(for: rule.start), into: &numbers) { uniform($0, dt: dt) }
    let start = rule.start.map { numbers[$0] }, needed = rule.graph.needed(for: [condition])
    let distances = [0.0, 1].map { current in
      rule.graph.values(needed: needed, into: &numbers) { leaf in
        switch leaf {
        case .state(let k): start[k]
        case .current: current
        default: uniform(leaf, dt: dt)
        }
      }
      return numbers[condition]
    }
    return abs(distances[1] - distances[0])
  }
}

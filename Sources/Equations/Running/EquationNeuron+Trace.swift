public import Spiking

extension EquationNeuron: FineNeuron {
  public func trace(current: [Double], dt: Time, poll: () throws -> Void) rethrows -> FineTrace {
    let programs = programs(dt), rule = programs.step, graph = rule.graph, start = programs.start
    let wanted = rule.integrated + rule.after + [rule.sent]
    let needed = graph.needed(for: wanted)
    var numbers = [Double](repeating: 0, count: graph.nodes.count)
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
    let programs = programs(dt), rule = programs.step, start = programs.start
    guard let condition = rule.distances.first?.term else { return 0 }
    let distances = [0.0, 1].map { current in
      rule.graph.values(of: [condition]) { leaf in
        switch leaf {
        case .state(let k): start[k]
        case .current: current
        default: uniform(leaf, dt: dt)
        }
      }[0]
    }
    return abs(distances[1] - distances[0])
  }
}

internal import Compute

extension Neuron {
  /// Every variable before the first step, for each of `count` neurons: [variable][neuron].
  public func resting(count: Int, dt: Time, parameters: UnsafePointer<Float>? = nil) -> [[Double]] {
    let variables = variables.count
    var state = Tensor(zeros: [variables, count]), output = Tensor(zeros: [count])
    let input = Tensor(zeros: [count])
    input.read { x in
      output.write { y in
        state.write { s in
          rest(
            PopulationBlock(
              steps: 0, count: count, dt: dt, current: x, currentStride: count, output: y, outputStride: count,
              state: s, stateStride: count, parameters: parameters, place: PopulationBlock.Place()))
        }
      }
    }
    return (0..<variables).map { k in (0..<count).map { Double(state[k * count + $0]) } }
  }
}

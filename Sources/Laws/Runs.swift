public import Compute
public import Spiking

/// The run of a block of neurons, with everything it wrote.
struct BlockRun: Equatable {
  var output: [UInt32], state: [UInt32], record: [UInt32]
}

/// Learnt values at their places, as a population lays them out.
public func initialParameters(_ neuron: any Neuron) -> Tensor {
  var values = Tensor(zeros: [max(1, neuron.parameters.count) * ParameterLayout.alignment])
  for (k, spec) in neuron.parameters.enumerated() {
    if case .constant(let x) = spec.initial { values[k * ParameterLayout.alignment] = x }
  }
  return values
}

/// Runs `count` neurons over `steps` steps under currents [steps][width], of which they take those from `column` on.
///
/// - Parameters:
///   - state: where to start, one value per variable and neuron; nil for rest. Left as it is after the run.
///   - rubbish: what stands in the memory of the state before rest is written there.
func run(
  _ neuron: any Neuron, current: Tensor, width: Int, column: Int = 0, count: Int, from first: Int = 0, steps: Int,
  dt: Time, state: inout Tensor?, random: RandomStream, records: Bool = true, rubbish: Float = 0
) -> BlockRun {
  let variables = neuron.variables.count, isFresh = state == nil
  var values = state ?? Tensor(Array(repeating: rubbish, count: variables * count), [variables, count])
  var output = Tensor(zeros: [steps, count]), record = Tensor(zeros: [steps, variables, count])
  let parameters = initialParameters(neuron)
  parameters.read { p in
    current.read { x in
      output.write { y in
        values.write { s in
          record.write { r in
            let block = PopulationBlock(
              steps: steps, count: count, dt: dt, current: x + first * width + column, currentStride: width, output: y,
              outputStride: count, state: s, stateStride: count, parameters: p, record: records ? r : nil,
              recordStride: count,
              place: .init(first: column, features: width, firstStep: first, random: random))
            if isFresh { neuron.rest(block) }
            neuron.advance(block)
          }
        }
      }
    }
  }
  state = values
  return BlockRun(output: output.bits, state: values.bits, record: records ? record.bits : [])
}

internal import Compute
public import Spiking

extension Law {
  static let gradient = Law("gradient", "it has a gradient, of finite numbers")
  static let gradientApart = Law("gradient apart", "the gradient of a neuron does not depend on its block")
  static let gradientSum = Law("gradient sum", "a constant current gets the sum over its steps")
  static let differences = Law("differences", "the gradient is that of finite differences, where spikes are smooth")
}

/// Laws of a pullback: blocks of any size give the same bits, a constant current gets the sum over its steps, and where
/// the dynamics is smooth the gradient is that of finite differences.
///
/// - Parameter isSmooth: whether what is sent is a differentiable function of the current in the range of `drive`.
public func checkPullback(
  _ neuron: any Neuron, dt: Time = .ms(1), drive: ClosedRange<Float> = 0...2, count: Int = 131, steps: Int = 12,
  isSmooth: Bool = false, tolerance: Float = 2e-2
) -> Laws {
  var laws = Laws()
  guard let neuron = neuron.capability((any DifferentiableNeuron).self) else {
    laws.require(.gradient, false, "it has no surrogate gradient")
    return laws
  }
  let random = RandomStream(seed: 21), span = drive.upperBound - drive.lowerBound
  let current = Tensor((0..<steps * count).map { drive.lowerBound + span * random.uniform($0) }, [steps, count])
  let upstream = Tensor((0..<steps * count).map { random.child(1).uniform($0) - 0.5 }, [steps, count])
  let whole = pullback(neuron, current, upstream, count, 0, count, steps, dt)
  laws.require(.gradient, whole.allSatisfy(\.isFinite), "a gradient is not finite")
  for i in [0, 127, 128, count - 1] where i < count {
    let alone = pullback(neuron, current, upstream, count, i, 1, steps, dt)
    let column = (0..<steps).map { whole[$0 * count + i] }
    laws.require(
      .gradientApart, alone.map(\.bitPattern) == column.map(\.bitPattern),
      "the gradient of neuron \(i) depends on its block")
  }
  checkConstant(neuron, current, upstream, count, steps, dt, &laws)
  if isSmooth { checkDifferences(neuron, current, upstream, whole, count, steps, dt, tolerance, &laws) }
  return laws
}

/// ∂L/∂current of `n` neurons from `column` on, for L = Σ upstream · output. Stride 0 where the current is constant.
private func pullback(
  _ neuron: any DifferentiableNeuron, _ current: Tensor, _ upstream: Tensor, _ width: Int, _ column: Int, _ n: Int,
  _ steps: Int, _ dt: Time, isConstant: Bool = false
) -> [Float] {
  let variables = neuron.variables.count, parameters = initialParameters(neuron)
  var state = Tensor(zeros: [variables, n]), result = Tensor(zeros: [isConstant ? 1 : steps, n])
  var sums = Tensor(zeros: [max(1, neuron.parameters.count)])
  var tape = Tensor(zeros: [PullbackBlock.tapeCount(steps: steps, variables: variables, count: n)])
  var scratch = Tensor(zeros: [PullbackBlock.scratchCount(variables: variables, learnt: neuron.gradientCount)])
  parameters.read { p in
    current.read { x in
      upstream.read { g in
        state.write { s in
          result.write { r in
            sums.write { sums in
              tape.write { tape in
                scratch.write { scratch in
                  let forward = PopulationBlock(
                    steps: steps, count: n, dt: dt, current: x + column, currentStride: isConstant ? 0 : width,
                    output: r,
                    outputStride: 0, state: s, stateStride: n, parameters: p,
                    place: .init(first: column, features: width))
                  neuron.rest(forward)
                  neuron.pullback(
                    PullbackBlock(
                      forward: forward, outputGradient: g + column, outputGradientStride: width, currentGradient: r,
                      currentGradientStride: isConstant ? 0 : n,
                      parameterGradients: neuron.parameters.isEmpty ? nil : sums,
                      tape: tape, scratch: scratch))
                }
              }
            }
          }
        }
      }
    }
  }
  return result.values
}

private func checkConstant(
  _ neuron: any DifferentiableNeuron, _ current: Tensor, _ upstream: Tensor, _ count: Int, _ steps: Int, _ dt: Time,
  _ laws: inout Laws
) {
  let row = Array(current.values.prefix(count))
  let repeated = Tensor((0..<steps).flatMap { _ in row }, [steps, count])
  let apart = pullback(neuron, repeated, upstream, count, 0, count, steps, dt)
  let summed = pullback(neuron, Tensor(row, [count]), upstream, count, 0, count, steps, dt, isConstant: true)
  laws.require(.gradientSum, true, "")
  for i in 0..<count {
    let sum = (0..<steps).reduce(Float(0)) { $0 + apart[$1 * count + i] }
    let size = (0..<steps).reduce(Float(1e-6)) { $0 + abs(apart[$1 * count + i]) }
    guard abs(sum - summed[i]) > 1e-5 * size else { continue }
    return laws.require(
      .gradientSum, false, "a constant current does not get the sum over its steps: \(summed[i]), not \(sum)")
  }
}

private func checkDifferences(
  _ neuron: any DifferentiableNeuron, _ current: Tensor, _ upstream: Tensor, _ gradient: [Float], _ count: Int,
  _ steps: Int, _ dt: Time, _ tolerance: Float, _ laws: inout Laws
) {
  func loss(_ current: Tensor) -> Double {
    var state: Tensor?
    let run = run(
      neuron, current: current, width: count, count: count, steps: steps, dt: dt, state: &state,
      random: RandomStream(seed: 0), records: false)
    return zip(run.output, upstream.values).reduce(0) { $0 + Double(Float(bitPattern: $1.0)) * Double($1.1) }
  }
  let step: Float = 1e-2
  for k in stride(from: 0, to: steps * count, by: 97) {
    var (up, down) = (current, current)
    up[k] += step
    down[k] -= step
    let difference = Float((loss(up) - loss(down)) / Double(2 * step))
    let isClose = abs(difference - gradient[k]) <= tolerance * max(1, abs(difference))
    laws.require(.differences, isClose, "current \(k): gradient \(gradient[k]), finite difference \(difference)")
  }
}

internal import Compute
internal import Laws
public import Spiking

/// Law of loops of a neuron's own: they give the bits of its rule, forward and backward, for varying and constant currents.
public func checkLoops<N: SteppedNeuron & DifferentiableNeuron>(_ neuron: N, dt: Time = .ms(1)) throws -> [String]
where N.Rule: DifferentiableRule {
  var laws = Laws()
  let n = 300, steps = 9, random = RandomStream(seed: 1)
  let current = Tensor((0..<n * steps).map { Float(Int(9 * random.uniform($0)) - 4) / 8 }, [n * steps])
  let network = try Network(input: [n], [Population(neuron)])
  func sent(_ records: Bool) -> [UInt32] {
    var pass = Pass(machine: Machine(), dt: dt, parameters: Parameters(initial: network.layout, random: random))
    // With a recorder the rule runs.
    if records { pass.records = [:] }
    return network.forward(Signal(current, steps: steps, batch: 1, features: [n]), &pass).values.bits
  }
  laws.require(sent(true) == sent(false), "the loops send other bits than the rule")
  for stride in [n, 0] {
    let rule = gradients(neuron, current, stride, n, steps, dt, byRule: true)
    laws.require(
      rule == gradients(neuron, current, stride, n, steps, dt, byRule: false),
      "the loops' gradient has other bits than the rule's, stride \(stride)")
  }
  return laws.broken
}

/// The bits of ∂L/∂current and of ∂L/∂parameter for L = Σ upstream · output.
private func gradients<N: SteppedNeuron & DifferentiableNeuron>(
  _ neuron: N, _ current: Tensor, _ stride: Int, _ n: Int, _ steps: Int, _ dt: Time, byRule: Bool
) -> [UInt32] where N.Rule: DifferentiableRule {
  let variables = neuron.variables.count, random = RandomStream(seed: 4), sent = stride == 0 ? n : n * steps
  var blocks: [UnsafeMutablePointer<Float>] = []
  func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
    blocks.append(.allocate(capacity: count))
    blocks[blocks.count - 1].initialize(repeating: 0, count: count)
    return blocks[blocks.count - 1]
  }
  defer { for block in blocks { block.deallocate() } }
  let upstream = zeros(n * steps), result = zeros(sent), sums = zeros(1)
  for i in 0..<n * steps { upstream[i] = random.uniform(i) - 0.5 }
  initialParameters(neuron).read { p in
    current.read { x in
      let forward = PopulationBlock(
        steps: steps, count: n, dt: dt, current: x, currentStride: stride, output: result, outputStride: 0,
        state: zeros(n * variables), stateStride: n, parameters: p)
      let block = PullbackBlock(
        forward: forward, outputGradient: upstream, outputGradientStride: n, currentGradient: result,
        currentGradientStride: stride, parameterGradients: neuron.parameters.isEmpty ? nil : sums,
        tape: zeros(PullbackBlock.tapeCount(steps: steps, variables: variables, count: n)),
        scratch: zeros(PullbackBlock.scratchCount(variables: variables, learnt: neuron.gradientCount)))
      if byRule { neuron.pullbackByRule(block) } else { neuron.pullback(block) }
    }
  }
  return ((0..<sent).map { result[$0] } + [sums[0]]).map(\.bitPattern)
}

public import Compute
internal import Laws
public import Spiking

/// Laws of a stack of layers whose loss L = Σ g·y is smooth in the range of its input: gradients of parameters and of the
/// input are those of finite differences, with every machine given; they do not depend on what was in their place before.
///
/// - Parameters:
///   - scale: inputs lie in ±scale/2.
///   - step: of the differences.
///   - isTraining: whether layers act as in training.
///   - skipping: roles whose gradients are not those of the loss, as where they pass a sign straight through.
public func checkLayers(
  _ layers: [any Layer], input shape: Shape, batch: Int = 3, steps: Int = 2, isConstant: Bool = false,
  scale: Float = 1, isTraining: Bool = false, skipping roles: Set<ParameterRole> = [], tolerance: Float = 2e-3,
  step: Float = 1e-2,
  machines: [Machine] = [Machine()]
) throws -> [String] {
  checkNetwork(
    try Network(input: shape, layers), batch: batch, steps: steps, isConstant: isConstant, scale: scale,
    isTraining: isTraining, skipping: roles, tolerance: tolerance, step: step, machines: machines)
}

/// The same for a network, with branches or without.
public func checkNetwork(
  _ network: Network, batch: Int = 3, steps: Int = 2, isConstant: Bool = false, scale: Float = 1,
  isTraining: Bool = false, skipping roles: Set<ParameterRole> = [], tolerance: Float = 2e-3, step: Float = 1e-2,
  machines: [Machine] = [Machine()]
) -> [String] {
  var laws = Laws()
  let random = RandomStream(seed: 5), shape = network.input
  let rows = (isConstant ? 1 : steps) * batch
  let values = Tensor((0..<rows * shape.count).map { scale * (random.uniform($0) - 0.5) }, [rows * shape.count])
  let input = Signal(values, steps: steps, batch: batch, features: shape, isConstant: isConstant)
  let parameters = Parameters(initial: network.layout, random: RandomStream(seed: 9))
  func pass(_ machine: Machine, _ parameters: Parameters) -> Pass {
    var pass = Pass(machine: machine, dt: .ms(1), parameters: parameters, random: RandomStream(seed: 3))
    pass.isTraining = isTraining
    return pass
  }
  func outcome(_ parameters: Parameters, _ input: Signal) -> Signal {
    var pass = pass(machines[0], parameters)
    return network.forward(input, &pass)
  }
  var upstream = outcome(parameters, input)
  for i in 0..<upstream.values.count { upstream.values[i] = random.child(1).uniform(i) - 0.5 }
  func loss(_ parameters: Parameters, _ input: Signal) -> Double {
    zip(outcome(parameters, input).values.values, upstream.values.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  func compare(_ found: Float, _ place: String, _ loss: (Float) -> Double) {
    let slope = Float((loss(step) - loss(-step)) / Double(2 * step))
    laws.require(
      abs(slope - found) < tolerance * max(1, abs(slope)), "\(place): gradient \(found), finite difference \(slope)")
  }
  for machine in machines {
    var pass = pass(machine, parameters)
    pass.gradients = Parameters(zeros: network.layout)
    pass.gradients?.flat.write { for i in 0..<parameters.flat.count { $0[i] = 7 } }
    let tape = network.trace(input, &pass)
    if let node = network.nodes.first(where: { !($0.layer is any DifferentiableLayer) }) {
      return ["layer '\(node.name)' has no gradient"]
    }
    let sent = network.backward(upstream, tape, &pass, needsInput: true)
    guard let gradient = sent else { return ["the input has no gradient"] }
    guard let found = pass.gradients else { return ["the gradients are gone"] }
    for entry in network.layout.entries where entry.spec.role.isLearnt && !roles.contains(entry.spec.role) {
      for k in stride(from: 0, to: entry.count, by: max(1, entry.count / 12)) {
        compare(found.flat[entry.offset + k], "\(entry.name)[\(k)]") { x in
          var moved = parameters
          moved.flat[entry.offset + k] += x
          return loss(moved, input)
        }
      }
    }
    for k in stride(from: 0, to: values.count, by: max(1, values.count / 20)) {
      compare(gradient.values[k], "input[\(k)]") { x in
        var moved = input
        moved.values[k] += x
        return loss(parameters, moved)
      }
    }
  }
  return laws.broken
}

internal import Compute
public import Spiking

/// Law of a neuron with a surrogate: its gradient is the true one of a twin that sends S(x) in the place of spikes, and
/// whose resets fall when they fell. In double precision, by central differences.
///
/// - Parameter current: input of every step.
public func checkSurrogate<N: SteppedNeuron & DifferentiableNeuron>(
  _ neuron: N, current: [Double], dt: Time = .ms(1), tolerance: Double = 1e-6
) -> [String] where N.FineRule: DifferentiableRule {
  var laws = Laws()
  typealias Number = N.FineRule.Real
  let rule = neuron.fineRule(dt: dt), surrogate = neuron.surrogate, random = RandomStream(seed: 3)
  let upstream = current.indices.map { Double(random.uniform($0)) - 0.5 }
  func loss(_ current: [Double]) -> Double {
    var state = rule.rest, sum = 0.0
    for (input, weight) in zip(current, upstream) {
      state = rule.integrate(state, Number(input))
      sum += weight * surrogate.value(Double(rule.distance(state)))
      _ = rule.fire(&state)
    }
    return sum
  }
  var before: [N.FineRule.State] = [], state = rule.rest, spikes = 0
  for input in current {
    before.append(state)
    state = rule.integrate(state, Number(input))
    if rule.fire(&state) != 0 { spikes += 1 }
  }
  laws.require(spikes > 1 && spikes < current.count, "the current shows no resets: \(spikes) spikes")
  var adjoint = rule.zeroAdjoint, none = rule.noGradients
  var gradient = current
  for t in current.indices.reversed() {
    let integrated = rule.integrate(before[t], Number(current[t]))
    gradient[t] = Double(
      rule.pullback(
        before: before[t], integrated: integrated, current: Number(current[t]),
        slope: Number(surrogate.slope(Double(rule.distance(integrated)))), output: Number(upstream[t]),
        adjoint: &adjoint, gradients: &none))
  }
  let step = 1e-6
  for t in current.indices {
    var (up, down) = (current, current)
    up[t] += step
    down[t] -= step
    let difference = (loss(up) - loss(down)) / (2 * step)
    laws.require(
      abs(difference - gradient[t]) <= tolerance * max(1, abs(difference)),
      "step \(t): gradient \(gradient[t]), finite difference \(difference)")
  }
  return laws.broken
}

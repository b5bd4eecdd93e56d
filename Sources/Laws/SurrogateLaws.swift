internal import Compute
public import Spiking

extension Law {
  static let surrogate = Law(
    "smooth spikes", "the gradient is that of finite differences where spikes are replaced by the surrogate's integral")
}

/// Law of a neuron with a surrogate: its gradient is the true one of a twin that sends S(x) in the place of spikes, and
/// whose resets fall when they fell. In double precision, by central differences; other neurons have no such twin.
///
/// - Parameters:
///   - current: input of every step.
///   - needsResets: whether a current that shows none is a mistake.
public func checkSurrogate(
  _ neuron: any Neuron, current: [Double], dt: Time = .ms(1), tolerance: Double = 1e-6, needsResets: Bool = true
) -> Laws {
  var laws = Laws()
  guard let stepped = neuron as? any SteppedNeuron,
    let surrogate = neuron.capability((any DifferentiableNeuron).self)?.surrogate,
    let rule = stepped.anyFineRule(dt: dt) as? any DifferentiableRule
  else { return laws }
  check(rule, surrogate, current, tolerance, needsResets, &laws)
  return laws
}

extension SteppedNeuron {
  fileprivate func anyFineRule(dt: Time) -> any NeuronRule { fineRule(dt: dt) }
}

private func check<R: DifferentiableRule>(
  _ rule: R, _ surrogate: Surrogate, _ current: [Double], _ tolerance: Double, _ needsResets: Bool, _ laws: inout Laws
) {
  guard R.Real.self == Double.self else { return }
  let random = RandomStream(seed: 3), upstream = current.indices.map { Double(random.uniform($0)) - 0.5 }
  func loss(_ current: [Double]) -> Double {
    var state = rule.rest, sum = 0.0
    for (input, weight) in zip(current, upstream) {
      state = rule.integrate(state, R.Real(input))
      sum += weight * surrogate.value(Double(rule.distance(state)))
      _ = rule.fire(&state)
    }
    return sum
  }
  var before: [R.State] = [], state = rule.rest, spikes = 0
  for input in current {
    before.append(state)
    state = rule.integrate(state, R.Real(input))
    if rule.fire(&state) != 0 { spikes += 1 }
  }
  let showsResets = spikes > 1 && spikes < current.count
  laws.require(.surrogate, showsResets || !needsResets, "the current shows no resets: \(spikes) spikes")
  let gradient = gradient(of: rule, surrogate, current, upstream, before)
  let step = 1e-6
  for t in current.indices {
    var (up, down) = (current, current)
    up[t] += step
    down[t] -= step
    let difference = (loss(up) - loss(down)) / (2 * step)
    laws.require(
      .surrogate, abs(difference - gradient[t]) <= tolerance * max(1, abs(difference)),
      "step \(t): gradient \(gradient[t]), finite difference \(difference)")
  }
}

/// ∂L/∂current of every step for L = Σ upstream · S(distance), swept back over the states `before` each step.
private func gradient<R: DifferentiableRule>(
  of rule: R, _ surrogate: Surrogate, _ current: [Double], _ upstream: [Double], _ before: [R.State]
) -> [Double] {
  var adjoint = rule.zeroAdjoint, none = rule.noGradients, gradient = current
  for t in current.indices.reversed() {
    let integrated = rule.integrate(before[t], R.Real(current[t]))
    gradient[t] = Double(
      rule.pullback(
        before: before[t], integrated: integrated, current: R.Real(current[t]),
        slope: R.Real(surrogate.slope(Double(rule.distance(integrated)))), output: R.Real(upstream[t]),
        adjoint: &adjoint, gradients: &none))
  }
  return gradient
}

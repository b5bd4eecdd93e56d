internal import Compute
public import Spiking

extension Law {
  static let finite = Law("finite numbers", "every state stays a number")
  static let variables = Law("variables", "there is a variable to look at")
  static let apart = Law("apart", "n neurons are n populations of one")
  static let recorder = Law("recorder", "a recorder changes nothing")
  static let chunks = Law("chunks", "a run in two chunks is one run")
  static let seeds = Law("seeds", "the same seed gives the same bits")
  static let rest = Law("rest", "rest forgets whatever was there")
  static let silence = Law("silence", "without input it sends nothing")
  static let alphabet = Law("alphabet", "spikes have the heights that are declared")
  static let rule = Law("rule", "blocks do what the rule of one neuron says")
}

/// Laws of a neuron, whether its loops are derived or its own, bit for bit.
///
/// - Parameter drive: range of the currents, in the unit of the neuron.
public func checkNeuron(
  _ neuron: any Neuron, dt: Time = .ms(1), drive: ClosedRange<Float> = -1...3, count: Int = 131, steps: Int = 40
) -> Laws {
  var laws = Laws()
  let random = RandomStream(seed: 11), noise = RandomStream(seed: 12)
  let span = drive.upperBound - drive.lowerBound
  let current = Tensor((0..<steps * count).map { drive.lowerBound + span * random.uniform($0) }, [steps, count])
  func go(_ column: Int, _ n: Int, _ first: Int, _ length: Int, _ state: inout Tensor?, _ records: Bool = true)
    -> BlockRun
  {
    run(
      neuron, current: current, width: count, column: column, count: n, from: first, steps: length, dt: dt,
      state: &state, random: noise, records: records)
  }
  var state: Tensor?
  let whole = go(0, count, 0, steps, &state)
  laws.require(.finite, state?.values.allSatisfy(\.isFinite) == true, "a state is not finite")
  laws.require(.variables, !neuron.variables.isEmpty, "there is no variable to look at")

  var one: Tensor?
  for i in [0, 1, 63, count - 1] where i < count {
    one = nil
    let alone = go(i, 1, 0, steps, &one)
    let column = (0..<steps).map { whole.output[$0 * count + i] }
    laws.require(.apart, alone.output == column, "neuron \(i) alone sends something else than within a population")
    let states = (0..<neuron.variables.count).map { whole.state[$0 * count + i] }
    laws.require(.apart, alone.state == states, "neuron \(i) alone ends in another state than within a population")
  }
  var blind: Tensor?
  let unrecorded = go(0, count, 0, steps, &blind, false)
  laws.require(
    .recorder, unrecorded.output == whole.output && unrecorded.state == whole.state, "the recorder changes the run")

  var carried: Tensor?
  let cut = steps / 3, head = go(0, count, 0, cut, &carried), tail = go(0, count, cut, steps - cut, &carried)
  laws.require(.chunks, head.output + tail.output == whole.output, "a run in two chunks sends something else")
  laws.require(.chunks, tail.state == whole.state, "a run in two chunks ends in another state")
  var again: Tensor?
  laws.require(.seeds, go(0, count, 0, steps, &again) == whole, "a second run from rest differs from the first")
  var dirty: Tensor?
  let cleaned = run(
    neuron, current: current, width: count, count: count, steps: steps, dt: dt, state: &dirty, random: noise,
    rubbish: 7)
  laws.require(.rest, cleaned == whole, "a run from rest depends on what was in the memory of its state")

  if neuron.isSilentWithoutInput {
    var quiet: Tensor?
    let silence = run(
      neuron, current: Tensor(zeros: [steps, count]), width: count, count: count, steps: steps, dt: dt, state: &quiet,
      random: noise)
    laws.require(.silence, silence.output.allSatisfy { Float(bitPattern: $0) == 0 }, "it spikes without input")
  }
  checkAlphabet(neuron, whole, &laws)
  if let stepped = neuron as? any SteppedNeuron { checkRule(stepped, current, whole, count, steps, dt, &laws) }
  return laws
}

private func checkAlphabet(_ neuron: any Neuron, _ run: BlockRun, _ laws: inout Laws) {
  let sent = run.output.map { Float(bitPattern: $0) }
  let heights = Set(sent.map(abs)).subtracting([0])
  switch neuron.alphabet {
  case .binary:
    laws.require(.alphabet, heights.count <= 1 && sent.allSatisfy { $0 >= 0 }, "binary spikes of several heights")
  case .ternary: laws.require(.alphabet, heights.count <= 1, "ternary spikes of several heights")
  case .graded: laws.require(.alphabet, sent.allSatisfy(\.isFinite), "a spike without a finite height")
  }
}

/// A plain loop over the rule, neuron by neuron, against the block calls: the law for loops in C.
private func checkRule<N: SteppedNeuron>(
  _ neuron: N, _ current: Tensor, _ whole: BlockRun, _ count: Int, _ steps: Int, _ dt: Time, _ laws: inout Laws
) {
  let parameters = initialParameters(neuron)
  let rule = parameters.read { neuron.rule(dt: dt, parameters: $0) }
  var differing = 0
  for i in 0..<count {
    var state = rule.rest
    for t in 0..<steps {
      state = rule.integrate(state, current[t * count + i])
      if rule.fire(&state).bitPattern != whole.output[t * count + i] { differing += 1 }
    }
    let words = withUnsafeBytes(of: state) { Array($0.bindMemory(to: UInt32.self)) }
    for (k, word) in words.enumerated() where word != whole.state[k * count + i] { differing += 1 }
  }
  laws.require(.rule, differing == 0, "the block call differs from its rule in \(differing) places")
}

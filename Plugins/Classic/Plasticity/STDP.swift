internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `stdp`: a neuron whose synapses learn from the times of spikes.
///
/// With `protocol=pairs` a pulse makes the neuron spike once, and each of the inputs spikes once, at its own time before or
/// after: the weights then hold the learning window. With `protocol=poisson` the inputs spike at random and drive the neuron
/// through their synapses; s jumps by weight and fades with the synapse's time constant.
struct STDP: Command {
  enum Experiment: String, Choice { case pairs, poisson }
  var experiment = Experiment.pairs, inputs = 41
  /// Of pairs; left open, 80 ms and 2.
  var window: Time?, current: Quantity?
  /// Of random inputs; left open, 20 Hz, 1 s, 2 and 5 ms.
  var rate: Quantity?, duration: Time?, gain: Double?, synapse: Time?
  var weight = 0.5, limit = 1.0, rule = PairRule()

  static let accepts: [ValueType] = [.neuron], gives: [ValueType] = [.recording]
  static let manual = Manual(
    "stdp", "Lets the synapses of a neuron learn from the times of spikes.",
    equation: "Δw = A₊ e^(−Δt/τ₊) for Δt = t_post − t_pre > 0\nΔw = −A₋ e^(Δt/τ₋)  for Δt < 0",
    reference: "S. Song, K. D. Miller, L. F. Abbott, Nat. Neurosci. 3, 2000, doi:10.1038/78829",
    details:
      "protocol=pairs measures the learning window: a pulse makes the neuron spike, and each input spikes once before or after it. protocol=poisson lets inputs spike at random and drive the neuron. The weights are a layer of the recording.",
    examples: [
      "neuron lif | stdp | plot stdp",
      "neuron lif | stdp protocol=poisson inputs=50 for=2s | plot raster",
    ])
  static let settings: [Setting<Self>] = [
    Setting("protocol", \.experiment, "Single pairs of spikes, or inputs that spike at random."),
    Setting("inputs", \.inputs, "Number of synapses.", in: 1...10_000),
    Setting(
      "window", \.window, "Largest time between the spikes of a pair (pairs); 80ms when left open.", in: 1e-6...10),
    Setting("current", \.current, "Pulse that makes the neuron spike (pairs); 2 when left open."),
    Setting(
      "rate", \.rate, "Rate of each input (poisson); 20Hz when left open.", form: .number(.frequency), in: 0...1e4),
    Setting("for", \.duration, "Length of the run (poisson); 1s when left open.", in: 1e-6...1e4),
    Setting("gain", \.gain, "Current of a synapse of weight 1 (poisson); 2 when left open.", in: 0...1e9),
    Setting("synapse", \.synapse, "Time constant of that current (poisson); 5ms when left open.", in: 1e-9...1e3),
    Setting("weight", \.weight, "Weights at the start.", in: 0...1e6),
    Setting("limit", \.limit, "Weights stay between 0 and this.", in: 1e-9...1e6),
    Setting("growth", \.rule.growth, "A₊, for an input that comes before.", in: 0...1e3),
    Setting("shrinkage", \.rule.shrinkage, "A₋, for an input that comes after.", in: 0...1e3),
    Setting("tau-before", \.rule.before, "τ₊.", in: 1e-6...1e3),
    Setting("tau-after", \.rule.after, "τ₋.", in: 1e-6...1e3),
  ]
  /// Settings that go with others.
  func validate() throws(SettingProblem) {
    let pairs = [("window", window != nil), ("current", current != nil)]
    let random = [("rate", rate != nil), ("for", duration != nil), ("gain", gain != nil), ("synapse", synapse != nil)]
    let (foreign, other) = experiment == .pairs ? (random, Experiment.poisson) : (pairs, .pairs)
    if let name = foreign.first(where: \.1)?.0 {
      throw SettingProblem(name, .refused("it belongs to protocol=\(other.rawValue)"))
    }
    if weight > limit {
      throw SettingProblem(
        "weight",
        .refused("it must not be above limit=\(Quantity(limit).written()), within which weights stay"))
    }
  }
  private var pulse: Quantity { current ?? Quantity(2) }
  /// The name of the layer of synapses in the recording.
  static let synapses = "synapses"

  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .neuron(let neuron) = input else { return .unknown }
    _ = try neuron.current(pulse, setting: "current")
    return .recording(
      RecordingFacts(
        layers: [Self.synapses, neuron.kind], variables: neuron.variables + [Variable("weight")], isNetwork: true))
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    guard case .neuron(let neuron) = input else {
      throw Diagnostic("types.stage", "a neuron is needed, not \(input.type.noun)")
    }
    return .recording(
      experiment == .pairs ? try pairs(neuron, context) : try random(neuron, context))
  }

  // MARK: Pairs

  private func pairs(_ neuron: any Neuron, _ context: Context) throws -> Recording {
    let dt = context.dt, reach = max(1, (window ?? .ms(80)).steps(of: dt))
    let level = try neuron.current(pulse, setting: "current").value
    try requireSteps(Double(4 * reach) * Double(inputs))
    let onset = try firstSpike(of: neuron, at: level, within: 10 * reach, dt, context)
    // The pulse begins so that the spike falls into the middle of the run.
    let spike = max(reach, onset) + 1, steps = spike + reach + 2
    var currents = [Double](repeating: 0, count: steps)
    for t in (spike - onset)...spike { currents[t] = level }
    var raster = SpikeRaster(steps: steps, neurons: inputs)
    for i in 0..<inputs {
      let share = inputs == 1 ? 0.5 : Double(i) / Double(inputs - 1)
      raster[spike - reach + Int((share * Double(2 * reach)).rounded()), i] = 1
    }
    return record(neuron, raster, dt: dt, context) { t, _ in currents[t] }
  }
  /// The step of the first spike under a current that is on from the first step.
  private func firstSpike(
    of neuron: any Neuron, at level: Double, within steps: Int, _ dt: Time, _ context: Context
  ) throws -> Int {
    let alone = try simulate(
      neuron: neuron, current: Array(repeating: level, count: steps), dt: dt, poll: context.poll)
    guard let first = alone.layers[0].spikes.spikeSteps(of: 0).first else {
      throw Diagnostic(
        "stdp.silent", "a current of \(Quantity(level).written()) does not make '\(neuron.kind)' spike",
        help: "give a larger one, as in: stdp current=\(Quantity(level * 4).written())")
    }
    return first
  }

  // MARK: Random inputs

  private func random(_ neuron: any Neuron, _ context: Context) throws -> Recording {
    let dt = context.dt, steps = max(1, (duration ?? .s(1)).steps(of: dt)), rate = rate?.value ?? 20, gain = gain ?? 2
    try requireSteps(Double(steps) * Double(inputs))
    var raster = SpikeRaster(steps: steps, neurons: inputs)
    let chance = Float(min(1, rate * dt.seconds)), stream = context.random.child("inputs")
    for place in 0..<steps * inputs where stream.uniform(place) < chance { raster[place / inputs, place % inputs] = 1 }
    let fade = decay(dt / (synapse ?? .ms(5)))
    var arriving = 0.0
    return record(neuron, raster, dt: dt, context) { t, weights in
      arriving *= fade
      for i in 0..<inputs where raster[t, i] != 0 { arriving += gain * weights[i] }
      return arriving
    }
  }
  private func requireSteps(_ count: Double) throws {
    guard count <= 200_000_000 else {
      throw Diagnostic(
        "drive.length", "a run of that length with \(inputs) synapses is too long",
        help: "fewer inputs, a shorter time or larger steps need less")
    }
  }

  // MARK: The run

  /// Steps the neuron under a current that may depend on the weights, and lets the synapses learn.
  private func record(
    _ neuron: any Neuron, _ raster: SpikeRaster, dt: Time, _ context: Context,
    current: (_ step: Int, _ weights: [Double]) -> Double
  ) -> Recording {
    let steps = raster.steps, stepper = NeuronStepper(neuron, dt: dt, random: context.random.child("neuron"))
    var synapses = PlasticSynapses(
      Array(repeating: weight, count: inputs), rule, limit: 0...limit, dt: dt)
    var spikes = SpikeRaster(steps: steps, neurons: 1), weights: [Double] = [], currents: [Double] = []
    var values = [[Double]](repeating: [], count: neuron.variables.count)
    for t in 0..<steps {
      let level = current(t, synapses.weights)
      let fired = stepper.step(Float(level)) != 0
      spikes[t, 0] = fired ? 1 : 0
      for (k, value) in stepper.variables.enumerated() { values[k].append(Double(value)) }
      synapses.step(inputs: (0..<inputs).map { raster[t, $0] != 0 }, fired: fired)
      weights += synapses.weights
      currents.append(level)
      if t & 0xFFF == 0, context.isInterrupted() { break }
    }
    return recording(neuron, raster, spikes, weights, values, currents, dt)
  }
  private func recording(
    _ neuron: any Neuron, _ inputs: SpikeRaster, _ spikes: SpikeRaster, _ weights: [Double], _ values: [[Double]],
    _ currents: [Double], _ dt: Time
  ) -> Recording {
    let steps = currents.count
    func cut(_ raster: SpikeRaster) -> SpikeRaster {
      guard steps < raster.steps else { return raster }
      var result = SpikeRaster(steps: steps, neurons: raster.neurons)
      for t in 0..<steps { for i in 0..<raster.neurons { result[t, i] = raster[t, i] } }
      return result
    }
    let start = neuron.resting(count: 1, dt: dt)
    let cell = LayerRecord(
      name: neuron.kind, kind: neuron.kind, shape: [1],
      variables: zip(zip(neuron.variables, values), start).map {
        VariableRecord($0.0.name, unit: $0.0.unit, values: $0.1, start: $1)
      },
      spikes: cut(spikes), threshold: neuron.firingThreshold)
    let synapses = LayerRecord(
      name: Self.synapses, kind: "stdp", shape: [inputs.neurons],
      variables: [
        VariableRecord(
          "weight", values: weights, start: Array(repeating: weight, count: inputs.neurons))
      ], spikes: cut(inputs))
    let input = LayerRecord(
      name: "input", kind: "current", shape: [1],
      variables: [VariableRecord("current", unit: neuron.inputUnit, values: currents)],
      spikes: SpikeRaster(steps: steps, neurons: 1))
    return Recording(dt: dt, steps: steps, layers: [synapses, cell], input: input)
  }
}

/// One neuron, a step at a time.
final class NeuronStepper {
  private let neuron: any Neuron, dt: Time, random: RandomStream
  private var state: Tensor, learnt: Tensor, record: Tensor, exchange = Tensor(zeros: [2]), step = 0

  init(_ neuron: any Neuron, dt: Time, random: RandomStream) {
    (self.neuron, self.dt, self.random) = (neuron, dt, random)
    (state, record) = (Tensor(zeros: [neuron.variables.count]), Tensor(zeros: [neuron.variables.count]))
    learnt = Tensor(zeros: [neuron.parameters.count * ParameterLayout.alignment])
    for (k, spec) in neuron.parameters.enumerated() {
      if case .constant(let value) = spec.initial { learnt[k * ParameterLayout.alignment] = value }
    }
  }
  /// Every variable of the last step, just before firing.
  var variables: [Float] { record.values }
  /// Runs one step under a current and returns what is sent.
  func step(_ current: Float) -> Float {
    let isFirst = step == 0
    exchange[0] = current
    learnt.read { p in
      state.write { s in
        record.write { r in
          exchange.write { x in
            let block = PopulationBlock(
              steps: 1, count: 1, dt: dt, current: x, currentStride: 1, output: x + 1, outputStride: 1, state: s,
              stateStride: 1, parameters: p, record: r, recordStride: 1,
              place: PopulationBlock.Place(firstStep: step, random: random))
            if isFirst { neuron.rest(block) }
            neuron.advance(block)
          }
        }
      }
    }
    step += 1
    return exchange[1]
  }
}

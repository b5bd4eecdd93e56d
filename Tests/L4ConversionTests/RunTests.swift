import Accelerated
import Compute
import Foundation
import L4ConversionKernels
import Laws
import Spiking
import TestSupport
import Testing

@testable import Classic
@testable import L4Conversion

/// A network of dense layers and integrate-and-fire neurons made by hand, ending in a read-out.
func spikingModel(
  _ layers: [Golden.Layer], _ samples: [[Double]], encoder: any RateEncoder, labels: [Int]? = nil,
  reset: IntegrateAndFire.Reset = .subtract, v0: Double = 0, delay: Int = 0, readOut: ReadOut = ReadOut(),
  rho: Double = 1
) throws -> Model {
  let analog = try goldenModel(layers, samples: samples)
  var network = Network(input: analog.network.input)
  for node in analog.network.nodes {
    if node.kind == "relu" {
      try network.append(Population(IntegrateAndFire(threshold: 1, reset: reset, v0: v0)), name: node.name)
      if delay > 0 { try network.append(AxonDelay(delay)) }
    } else {
      try network.append(node.layer, name: node.name)
    }
  }
  if readOut.readout == .count { try network.append(Population(IntegrateAndFire(threshold: 1, reset: reset, v0: v0))) }
  try network.append(readOut)
  let data = try toyData(samples, labels: labels, encoder: encoder)
  var model = Model(network, input: data.outline, data: data)
  var parameters = Parameters(zeros: network.layout)
  for entry in network.layout.entries {
    let values = analog.parameters?[entry.name] ?? []
    parameters.set(entry, entry.spec.role == .bias ? values.map { $0 * Float(rho) } : values)
  }
  model.parameters = parameters
  return model
}
/// Random dyadic layers: every sum is exact in single precision.
func dyadicLayers(_ sizes: [Int], bias: Bool, seed: UInt64) -> [Golden.Layer] {
  let random = RandomStream(seed: seed)
  return (0..<sizes.count - 1).map { l in
    let stream = random.child(l)
    let rows = (0..<sizes[l + 1]).map { j in
      (0..<sizes[l]).map { i in Double(stream.integer(below: 25, counter: j * sizes[l] + i) - 11) / 32 }
    }
    let biases = (0..<sizes[l + 1]).map { Double(stream.integer(below: 9, counter: -1 - $0) - 3) / 32 }
    return Golden.Layer(W: rows, b: bias ? biases : nil)
  }
}
func randomSamples(_ count: Int, _ inputs: Int, seed: UInt64) -> [[Double]] {
  let random = RandomStream(seed: seed)
  return (0..<count).map { s in
    (0..<inputs).map { i in
      let x = random.integer(below: 20, counter: s * inputs + i)
      return x < 6 ? 0 : Double(x - 3) / 16
    }
  }
}

/// One neuron, in closed forms and against the golden vectors.
@Suite struct NeuronRunTests {
  struct Neurons: Decodable {
    struct Run: Decodable { var counts: [Int], final: [Double], first: [Int] }
    struct Mixed: Decodable {
      var drive: [[Double]], softCumulative: [[Int]], hardCumulative: [[Int]], runningMaxFloor: [[Int]]
    }
    struct Roundoff: Decodable { var current: Double, T: Int, float64: Int, float32: Int }
    var currents: [Double], T: Int, runs: [String: Run], mixedDrive: Mixed, roundoff: [Roundoff],
      softTrains: [String: String]
  }
  private func run<R: Real>(_ neuron: IntegrateAndFire, _ drive: [R], _ rule: IntegrateAndFire.Dynamics<R>) -> (
    spikes: [Int], final: Double
  ) {
    var state = rule.rest, spikes: [Int] = []
    for current in drive {
      state = rule.integrate(state, current)
      spikes.append(Int(rule.fire(&state)))
    }
    return (spikes, Double(state.membrane))
  }
  private func neuron(_ name: String) -> IntegrateAndFire {
    let resets: [String: IntegrateAndFire.Reset] = [
      "soft": .subtract, "hard": .zero, "modulo": .modulo, "burst": .burst,
    ]
    let parts = name.split(separator: "_").map(String.init)
    return IntegrateAndFire(threshold: 1, reset: resets[parts[0]] ?? .subtract, v0: Double(parts[2]) ?? 0)
  }
  @Test func constantCurrents() throws {
    let golden = try Golden.read(Neurons.self, "neuron")
    #expect(golden.runs.count == 8)
    for (name, expected) in golden.runs {
      let neuron = neuron(name.replacing("v0_", with: "v0_"))
      for (k, current) in golden.currents.enumerated() {
        let drive = [Double](repeating: current, count: golden.T)
        let found = run(neuron, drive, neuron.fineRule(dt: .ms(1)))
        #expect(found.spikes.reduce(0, +) == expected.counts[k], "\(name) \(current)")
        #expect(found.final == expected.final[k], "\(name) \(current)")
        #expect((found.spikes.firstIndex { $0 > 0 } ?? -1) == expected.first[k], "\(name) \(current)")
      }
    }
    for (current, train) in golden.softTrains {
      let drive = [Double](repeating: Double(current) ?? 0, count: golden.T), soft = IntegrateAndFire()
      #expect(run(soft, drive, soft.fineRule(dt: .ms(1))).spikes == train.map { $0 == "1" ? 1 : 0 })
    }
  }
  private func cumulative(_ spikes: [Int]) -> [Int] {
    var sum = 0
    return spikes.map {
      sum += $0
      return sum
    }
  }
  /// e2.6: the running-maximum identity holds for soft reset and not for hard reset.
  @Test func mixedDrive() throws {
    let golden = try Golden.read(Neurons.self, "neuron").mixedDrive
    var hardDiffers = false
    for (k, drive) in golden.drive.enumerated() {
      let soft = IntegrateAndFire(), hard = IntegrateAndFire(threshold: 1, reset: .zero)
      let a = cumulative(run(soft, drive, soft.fineRule(dt: .ms(1))).spikes)
      let b = cumulative(run(hard, drive, hard.fineRule(dt: .ms(1))).spikes)
      #expect(a == golden.softCumulative[k] && b == golden.hardCumulative[k])
      var free = 0.0, highest = 0.0
      let identity = drive.map { current -> Int in
        free += current
        highest = max(highest, free)
        return Int(highest.rounded(.down))
      }
      #expect(identity == golden.runningMaxFloor[k] && a == identity)
      if b != identity { hardDiffers = true }
    }
    #expect(hardDiffers)
  }
  @Test func roundoff() throws {
    for c in try Golden.read(Neurons.self, "neuron").roundoff {
      let neuron = IntegrateAndFire()
      // A third is written with twelve digits.
      let current = abs(c.current * 3 - 1) < 1e-9 ? 1.0 / 3 : c.current
      let fine = run(neuron, [Double](repeating: current, count: c.T), neuron.fineRule(dt: .ms(1)))
      let coarse = run(
        neuron, [Float](repeating: Float(current), count: c.T), neuron.rule(dt: .ms(1), parameters: nil))
      #expect(fine.spikes.reduce(0, +) == c.float64, "\(c)")
      #expect(coarse.spikes.reduce(0, +) == c.float32, "\(c)")
    }
  }
  @Test func lawsOfNeuronsLayersAndEncoders() {
    for reset in [IntegrateAndFire.Reset.subtract, .zero, .modulo, .burst] {
      #expect(checkNeuron(IntegrateAndFire(threshold: 1, reset: reset, v0: 0.5)).broken == [])
    }
    #expect(
      checkEncoder(Bernoulli()).broken == [] && checkEncoder(Poisson()).broken == []
        && checkEncoder(Regular()).broken == [])
    #expect(checkEncoder(Analog()).broken == [])
    #expect(
      checkDeclared(Bernoulli.self) == [] && checkDeclared(ReadOut.self) == [] && checkDeclared(AxonDelay.self) == [])
    #expect(checkDeclared(OwnThresholds.self) == [] && checkDeclared(L4.self) == [] && checkDeclared(Robust.self) == [])
    #expect(checkDeclared(DataBased.self) == [] && checkDeclared(ModelBased.self) == [])
    #expect(checkDeclared(SpikeNorm.self) == [] && checkDeclared(Published2015.self) == [])
  }
}

/// Whole networks step by step.
@Suite struct RunTests {
  struct Courses: Decodable {
    struct Run: Decodable { var cumulative: [[[Int]]], final: [[Double]], accumulator: [Double], decision: [Int] }
    struct Calibrated: Decodable {
      var net: [Golden.Layer], calibration: [[Double]], percentile: Double, factors: [Double], T: Int, every: Int
      var runs: [Run]
    }
    struct Peak: Decodable {
      var net: [Golden.Layer], input: [Double], rho: Double, T: Int, biasScaled: [Run], biasUnscaled: [Run]
    }
    var net: [Golden.Layer], rates: [[Double]], trains: [[String]], runs: [String: [Run]], calibrated: Calibrated,
      peakRate: Peak
  }
  private func events(_ trains: [String]) -> EventList {
    let rows = trains.map { Array($0) }
    var list = EventList(silent: 0)
    for t in 0..<rows[0].count {
      for i in rows.indices where rows[i][t] == "1" { list.index.append(UInt32(i)) }
      list.first.append(UInt32(list.index.count))
    }
    return list
  }
  /// Cumulative counts of every layer at every step.
  private func cumulative(_ trace: Simulation.Trace, _ steps: Int) -> [[Int]] {
    var counts = [Int](repeating: 0, count: trace.layer.synapses.outputs)
    return (0..<steps).map { t in
      for e in trace.fired.range(t) { counts[trace.layer.numbering.outside(Int(trace.fired.index[e]))] += 1 }
      return counts
    }
  }
  private func simulation(_ model: Model, _ steps: Int) throws -> Simulation {
    let network = try #require(ConvertedNetwork(model))
    return Simulation(network: network, steps: steps, machine: Machine(), form: Int32(SOMA_L4_FASTEST))
  }

  @Test(arguments: ["soft", "hard", "softDelay1", "softHalf"]) func timeCourses(_ name: String) throws {
    let golden = try Golden.read(Courses.self, "timecourse"), steps = golden.trains[0][0].count
    for (sample, expected) in try #require(golden.runs[name]).enumerated() {
      let model = try spikingModel(
        golden.net, [golden.rates[sample]], encoder: Bernoulli(), reset: name == "hard" ? .zero : .subtract,
        v0: name == "softHalf" ? 0.5 : 0, delay: name == "softDelay1" ? 1 : 0)
      let simulation = try simulation(model, steps)
      let data = try #require(model.data)
      let state = try #require(simulation.states([0], .train, data, complements: false).first)
      let traces = simulation.traced(state, events(golden.trains[sample]))
      for (l, trace) in traces.enumerated() {
        #expect(cumulative(trace, steps) == expected.cumulative[l], "\(name), sample \(sample), layer \(l)")
        let n = trace.layer.synapses.outputs, unit = Double(trace.layer.synapses.threshold)
        #expect((0..<n).map { Double(trace.after[(steps - 1) * n + $0]) / unit } == expected.final[l])
        // The k-th layer cannot spike before step k with a delay of one step.
        if name == "softDelay1" { #expect(expected.cumulative[l][..<l].allSatisfy { $0.allSatisfy { $0 == 0 } }) }
      }
      // Answers and charge.
      let trace = try #require(traces.last), n = trace.layer.synapses.outputs
      var tally = Tally(classes: n, start: trace.layer.start), decisions: [Int] = []
      for t in 0..<steps {
        for e in trace.fired.range(t) { tally.counts[Int(trace.fired.index[e])] += 1 }
        let earlier = tally.potential
        tally.add(
          arrived: { Int64(trace.before[t * n + $0]) - Int64(earlier[$0]) }, after: { trace.after[t * n + $0] })
        decisions.append(tally.answerByCount(.potential))
      }
      #expect(decisions == expected.decision, "\(name), sample \(sample)")
      #expect(tally.charge.map { Double($0) / Double(trace.layer.synapses.threshold) } == expected.accumulator)
      // The clocked layers send the same.
      let parameters = try #require(model.parameters)
      var pass = Pass(machine: Machine(), dt: .ms(1), parameters: parameters)
      let rows = golden.trains[sample].map { Array($0) }
      let values = (0..<steps).flatMap { t in rows.map { $0[t] == "1" ? Float(1) : 0 } }
      let signal = Signal(Tensor(values, [values.count]), steps: steps, batch: 1, features: [rows.count])
      let tape = model.network.trace(signal, &pass)
      let output = SpikeRaster(tape[model.network.nodes.count])
      #expect((0..<n).map { output.count(of: $0) } == expected.cumulative[1].last)
    }
  }
  @Test func calibrated() throws {
    let golden = try Golden.read(Courses.self, "timecourse").calibrated
    let scheme = try Robust().applying([
      ("percentile", .quantity(Quantity(golden.percentile))), ("encoder", .text("regular")),
      ("steps", .quantity(Quantity(Double(golden.T)))),
    ])
    let analog = try goldenModel(golden.net, samples: golden.calibration)
    var converted = try scheme.convert(analog, ConversionRun(machine: Machine(), data: analog.data))
    let data = try toyData(
      golden.calibration,
      encoder: {
        var encoder = Regular()
        encoder.steps = golden.T
        return encoder
      }())
    converted.data = data
    let simulation = try simulation(converted, golden.T)
    for (sample, expected) in golden.runs.enumerated() {
      for (l, trace) in simulation.traced(sample, .train, of: data).enumerated() {
        let all = cumulative(trace, golden.T)
        let shown = stride(from: golden.every - 1, to: golden.T, by: golden.every).map { all[$0] }
        #expect(shown == expected.cumulative[l], "sample \(sample), layer \(l)")
      }
    }
  }
  /// A bias counts at the peak rate; without that the decision is another.
  @Test func biasesFollowThePeakRate() throws {
    let golden = try Golden.read(Courses.self, "timecourse").peakRate
    var encoder = Regular()
    (encoder.steps, encoder.rate) = (golden.T, golden.rho)
    for (rho, run) in [(golden.rho, golden.biasScaled[0]), (1, golden.biasUnscaled[0])] {
      let model = try spikingModel(golden.net, [golden.input], encoder: encoder, rho: rho)
      let simulation = try simulation(model, golden.T), every = golden.T / run.decision.count
      let data = try #require(model.data)
      for (l, trace) in simulation.traced(0, .train, of: data).enumerated() {
        let all = cumulative(trace, golden.T)
        #expect(stride(from: every - 1, to: golden.T, by: every).map { all[$0] } == run.cumulative[l])
      }
      let answers = try #require(simulation.run([0], .train, of: data).first)
      let moments = stride(from: every - 1, to: golden.T, by: every)
      #expect(moments.map { Int(answers.byCharge[$0]) } == run.decision, "rho \(rho)")
    }
    let common = try Robust().applying([("rate", .quantity(Quantity(0.25)))])
    let analog = try goldenModel(golden.net, samples: [golden.input])
    let full = try Robust().convert(analog, ConversionRun(machine: Machine(), data: analog.data))
    let quarter = try common.convert(analog, ConversionRun(machine: Machine(), data: analog.data))
    #expect(quarter.parameters?["dense1.bias"] == full.parameters?["dense1.bias"].map { $0 / 4 })
    #expect(quarter.parameters?["dense1.weight"] == full.parameters?["dense1.weight"])
  }

  // MARK: Executors

  private func outcomes(
    _ model: Model, threads: Int = 1, steps: Int? = nil, form: Int32 = Int32(SOMA_L4_FASTEST),
    choice: FormChoice = .measured, _ indices: [Int]? = nil
  ) throws -> [Outcome] {
    let machine = threads == 1 ? Machine() : Machine(backend: Native(), threads: threads)
    var execution = try #require(ConvertedExecution(model, ExecutionOptions(machine: machine, steps: steps)))
    (execution.form, execution.choice) = (form, choice)
    let data = try #require(model.data)
    return execution.outcomes(indices ?? Array(0..<data.count(.train)), .train, of: data)
  }
  static let encoders: [any RateEncoder] = {
    func make<E: RateEncoder>(_ e: E, _ rate: Double) -> any RateEncoder {
      var e = e
      (e.steps, e.rate) = (140, rate)
      return e
    }
    return [make(Bernoulli(), 1), make(Bernoulli(), 0.25), make(Poisson(), 1), make(Regular(), 1), make(Analog(), 1)]
  }()
  /// Counts, spikes and additions of both executors on sums that are exact in both.
  @Test(arguments: [IntegrateAndFire.Reset.subtract, .zero, .modulo, .burst]) func agreesWithTheClockedExecutor(
    _ reset: IntegrateAndFire.Reset
  ) throws {
    for (k, encoder) in Self.encoders.enumerated() {
      let layers = dyadicLayers([20, 37, 30, 3], bias: true, seed: UInt64(k))
      let samples = randomSamples(9, 20, seed: 5)
      for readOut in [ReadOut(.count, ties: .first), ReadOut(.membrane, ties: .first)] {
        let model = try spikingModel(layers, samples, encoder: encoder, reset: reset, delay: k % 2, readOut: readOut)
        let own = try outcomes(model)
        let clocked = try #require(ClockedExecutor().prepare(model, ExecutionOptions(machine: Machine())))
        let encoded = try #require(model.data)
        let other = clocked.outcomes(Array(0..<9), .train, of: encoded)
        for (a, b) in zip(own, other) {
          #expect(agree(a.scores.map(Double.init), b.scores.map(Double.init), 1e-5), "\(encoder.kind) \(reset)")
          #expect(a.spikes == b.spikes && a.synapticOperations == b.synapticOperations, "\(encoder.kind) \(reset)")
        }
        let options = ExecutionOptions(machine: Machine())
        let recording = clocked.record(4, .train, of: encoded)
        let execution = try #require(ConvertedExecution(model, options))
        let mine = execution.record(4, .train, of: encoded)
        #expect(mine.input == recording.input)
        for layer in mine.layers {
          let twin = try #require(recording[layer.name])
          #expect(
            layer.spikes == twin.spikes && layer.threshold == twin.threshold && layer.variables == twin.variables,
            "\(layer.name) \(encoder.kind) \(reset)")
        }
      }
    }
  }
  /// Convolution, average pooling and a flat image, in both executors.
  @Test func convolutions() throws {
    let random = RandomStream(seed: 8), shape: Shape = [2, 8, 8]
    let samples = randomSamples(6, shape.count, seed: 9)
    for encoder in Self.encoders {
      let data = try toyData(samples, shape: shape, encoder: encoder)
      let layers: [any Layer] = [
        Convolution(5, kernel: 3), Population(IntegrateAndFire()), Pool(2),
        Convolution(4, kernel: 3, stride: 2, padding: .valid, bias: false),
        Population(IntegrateAndFire(threshold: 0.5)), Flatten(), Dense(3), Population(IntegrateAndFire()),
        ReadOut(.count, ties: .first),
      ]
      let network = try Network(input: shape, layers)
      var parameters = Parameters(zeros: network.layout)
      for (k, entry) in network.layout.entries.enumerated() {
        let stream = random.child(k)
        parameters.set(entry, (0..<entry.count).map { Float(stream.integer(below: 17, counter: $0) - 7) / 32 })
      }
      var model = Model(network, input: data.outline, data: data)
      model.parameters = parameters
      let own = try outcomes(model)
      let clocked = try #require(ClockedExecutor().prepare(model, ExecutionOptions(machine: Machine())))
      for (a, b) in zip(own, clocked.outcomes(Array(0..<6), .train, of: data)) {
        #expect(agree(a.scores.map(Double.init), b.scores.map(Double.init), 1e-5), "\(encoder.kind)")
        #expect(a.spikes == b.spikes, "\(encoder.kind)")
      }
    }
  }
  private func convolutionModel(
    _ shape: Shape, _ layers: [any Layer], seed: UInt64, encoder: any RateEncoder
  ) throws -> Model {
    let data = try toyData(randomSamples(6, shape.count, seed: seed), shape: shape, encoder: encoder)
    let network = try Network(input: shape, layers), random = RandomStream(seed: seed)
    var parameters = Parameters(zeros: network.layout)
    for (k, entry) in network.layout.entries.enumerated() {
      let stream = random.child(k)
      parameters.set(entry, (0..<entry.count).map { Float(stream.integer(below: 1001, counter: $0) - 440) / 2048 })
    }
    return Model(network, parameters: parameters, input: data.outline, data: data)
  }
  /// Adding rows, blocks and windows in registers, and products give the same spikes, and each is really used.
  @Test(arguments: [IntegrateAndFire.Reset.subtract, .zero, .modulo, .burst]) func formsAgree(
    _ reset: IntegrateAndFire.Reset
  ) throws {
    let neurons = { Population(IntegrateAndFire(threshold: 1, reset: reset)) }
    for (k, encoder) in Self.encoders.enumerated() {
      let seed = UInt64(k), channels = [70, 16, 5, 33, 64][k]
      let stack: [any Layer] = [
        Convolution(channels, kernel: 3), neurons(), Pool(2),
        Convolution(21, kernel: 3, stride: 1 + k % 2, padding: k < 3 ? .valid : .same), neurons(), Pool(2), Flatten(),
        Dense(40), neurons(), Dense(3), neurons(), ReadOut(.count),
      ]
      let models = [
        try convolutionModel([3, 11, 12], stack, seed: seed, encoder: encoder),
        try spikingModel(
          dyadicLayers([20, 300, 30, 3], bias: true, seed: seed), randomSamples(6, 20, seed: seed), encoder: encoder,
          reset: reset),
      ]
      for model in models {
        let added = try outcomes(model, form: Int32(SOMA_L4_PORTABLE), choice: .events)
        #expect(try outcomes(model, choice: .events) == added, "\(encoder.kind) \(reset)")
        #expect(try outcomes(model, choice: .products) == added, "\(encoder.kind) \(reset)")
        #expect(try outcomes(model) == added, "\(encoder.kind) \(reset)")
        #expect(added.allSatisfy { $0.spikes.dropLast().allSatisfy { $0 > 0 } })
      }
    }
  }
  /// The form follows the spikes of the sample, and the choice of a test; products need sums below 2²⁴.
  @Test func formsAreChosenByDensity() throws {
    let model = try spikingModel(
      dyadicLayers([20, 300, 3], bias: true, seed: 1), randomSamples(1, 20, seed: 1), encoder: Bernoulli())
    var simulation = try simulation(model, 10)
    let data = try #require(model.data)
    let state = try #require(simulation.states([0], .train, data).first)
    let layer = simulation.network.layers[0]
    func form(_ spikes: Int) -> LayerForm {
      let list = EventList(
        index: (0..<spikes).map { UInt32($0 % 20) }, first: [UInt32](repeating: 0, count: 10) + [UInt32(spikes)])
      state.events = InputEvents.Piece(raised: list)
      return simulation.chosenForm(state, layer, 10)
    }
    let most = Int(LayerForm.blocked.breakEven * 200)
    #expect(form(most) == .blocked && form(most + 1) == .multiplied)
    simulation.choice = .events
    #expect(form(200) == .blocked)
    simulation.choice = .products
    #expect(form(0) == .multiplied)
    state.events.raised.multiplicity = []
    #expect(simulation.chosenForm(state, layer, 10) == .scattered)

    // 512 weights of 2¹⁵ − 1 stay below 2²⁴, 513 do not.
    for (inputs, most, isExact) in [(512, 1, true), (513, 1, false), (512, 2, false)] {
      #expect(
        ProductForm.isExact(AlignedBuffer([Int16](repeating: -32767, count: inputs)), length: 1, most: most) == isExact)
    }
  }
  /// e2.12: threads, batches, subsets, vector widths and the length of the run change nothing.
  @Test func bitsBelongToTheSample() throws {
    var encoder = Bernoulli()
    encoder.steps = 300
    let model = try spikingModel(
      dyadicLayers([50, 300, 40, 10], bias: true, seed: 3), randomSamples(70, 50, seed: 2), encoder: encoder)
    let plain = try outcomes(model)
    let two = try outcomes(model, threads: 2), three = try outcomes(model, threads: 3)
    let portable = try outcomes(model, form: Int32(SOMA_L4_PORTABLE)), some = try outcomes(model, [64, 3, 31])
    #expect(two == plain && three == plain && portable == plain && some == [plain[64], plain[3], plain[31]])
    let data = try #require(model.data), options = ExecutionOptions(machine: Machine())
    let long = try #require(ConvertedExecution(model, options)).runs(Array(0..<70), .train, of: data)
    var short = options
    short.steps = 131
    let prefix = try #require(ConvertedExecution(model, short)).runs(Array(0..<70), .train, of: data)
    for (a, b) in zip(long, prefix) {
      #expect(Array(a.byCount.prefix(131)) == b.byCount && Array(a.byCharge.prefix(131)) == b.byCharge)
    }
    #expect(zip(plain, plain.dropFirst()).contains { $0.spikes != $1.spikes })
  }
  /// e2.4: θ·N + V = V(0) + all that arrived, exactly, for soft reset.
  @Test func chargeIsConserved() throws {
    var encoder = Bernoulli()
    encoder.steps = 60
    let model = try spikingModel(
      dyadicLayers([12, 20, 5], bias: true, seed: 6), randomSamples(4, 12, seed: 7), encoder: encoder)
    let simulation = try simulation(model, 60), data = try #require(model.data)
    for sample in 0..<4 {
      for trace in simulation.traced(sample, .train, of: data) {
        let n = trace.layer.synapses.outputs
        for j in 0..<n {
          var arrived = 0, earlier = 0
          for t in 0..<60 {
            arrived += Int(trace.before[t * n + j]) - earlier
            earlier = Int(trace.after[t * n + j])
          }
          let spikes = (0..<60).reduce(0) { sum, t in
            sum + trace.fired.range(t).count { Int(trace.fired.index[$0]) == j }
          }
          #expect(spikes * Int(trace.layer.synapses.threshold) + earlier == arrived)
        }
      }
    }
  }
  @Test func earlyExit() throws {
    var encoder = Bernoulli()
    encoder.steps = 100
    let layers = dyadicLayers([20, 40, 3], bias: false, seed: 12), samples = randomSamples(30, 20, seed: 13)
    for readout in [ReadOut.Readout.count, .membrane] {
      let whole = try outcomes(try spikingModel(layers, samples, encoder: encoder, readOut: ReadOut(readout)))
      let early = try outcomes(try spikingModel(layers, samples, encoder: encoder, readOut: ReadOut(readout, exit: 3)))
      #expect(whole.allSatisfy { $0.decisionTime == nil })
      let times = early.compactMap(\.decisionTime)
      #expect(times.count > 10 && times.allSatisfy { (1...100).contains($0) } && times.contains { $0 < 40 })
      for (a, b) in zip(early, whole) where (a.decisionTime ?? 100) < 100 {
        #expect(a.spikes.reduce(0, +) < b.spikes.reduce(0, +) && a.synapticOperations < b.synapticOperations)
      }
    }
  }
  /// Potentials stay within their range however long and hard a neuron is driven.
  @Test func nothingOverflows() throws {
    var encoder = Bernoulli()
    encoder.steps = 2000
    let layers = [
      Golden.Layer(W: [[Double](repeating: 100, count: 400), [Double](repeating: -100, count: 400)], b: nil),
      Golden.Layer(W: [[1, 0], [0, 1], [0, 0]], b: nil),
    ]
    let model = try spikingModel(layers, [[Double](repeating: 1, count: 400)], encoder: encoder)
    let outcome = try outcomes(model)[0]
    #expect(outcome.spikes == [800_000, 2000, 2000] && outcome.answer == 0)
    let burst = try spikingModel(layers, [[Double](repeating: 1, count: 400)], encoder: encoder, reset: .burst)
    let last = try outcomes(burst)[0]
    #expect(last.answer == 0)
  }
  /// Weights and biases that are no numbers, as training may leave them, are left to the clocked executor.
  @Test func whatIsNoNumberIsLeftToOthers() throws {
    let samples = [[0.5, 1.0]], encoder = Bernoulli()
    for (w, b) in [(Double.nan, 0.0), (1, .nan), (.infinity, 0), (1e30, 0)] {
      let layers = [Golden.Layer(W: [[w, 1]], b: [b]), Golden.Layer(W: [[1], [1]], b: [0, 0])]
      let model = try spikingModel(layers, samples, encoder: encoder)
      let odd = ConvertedExecution(model, ExecutionOptions(machine: Machine()))
      #expect(odd == nil, "\(w) \(b)")
    }
    let layers = [Golden.Layer(W: [[1, 1]], b: [0]), Golden.Layer(W: [[1], [1]], b: [0, 0])]
    let model = try spikingModel(layers, samples, encoder: encoder)
    let usual = ConvertedExecution(model, ExecutionOptions(machine: Machine()))
    #expect(usual != nil)
  }
  /// Where no output has spiked the membranes answer, and nothing counts as tied.
  @Test func silenceIsNoTie() throws {
    var encoder = Bernoulli()
    encoder.steps = 3
    let layers = [
      Golden.Layer(W: [[1, 0], [0, 1]], b: nil), Golden.Layer(W: [[0.0625, 0], [0.125, 0.125], [0, 0]], b: nil),
    ]
    let model = try spikingModel(layers, [[1, 1]], encoder: encoder, labels: [2])
    let silent = try outcomes(model)[0]
    #expect(silent.isSilent && !silent.isTied && !silent.labelAmongFirst && silent.answer == 1)
    let longer = try outcomes(model, steps: 16)[0]
    #expect(!longer.isSilent && longer.answer == 1)
  }
}

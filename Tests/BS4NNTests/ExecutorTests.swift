import Compute
import Datasets
import Foundation
import Laws
import Spiking
import TestSupport
import Testing

@testable import BS4NN

/// The event-driven executor against the clocked one, the fast path against the layers, and the released weights.
@Suite struct ExecutorTests {
  private func prepare(_ model: Model, ties: TieRule = .potential, threads: Int = 1) throws -> SingleSpikeExecution {
    try #require(SingleSpikeExecution(model, ExecutionOptions(machine: Machine(threads: threads)), ties: ties))
  }

  @Test func neuronAndEncoderObeyTheirLaws() {
    #expect(checkNeuron(IfOnce(threshold: 5)).broken == [])
    #expect(checkNeuron(IfOnce(threshold: 0)).broken == [])
    for encoder in [TimeToFirstSpike(), TimeToFirstSpike(steps: 256, levels: 255), TimeToFirstSpike(steps: 10)] {
      #expect(checkEncoder(encoder).broken == [])
    }
    #expect(IfOnce().settingsText == "threshold=100" && IfOnce.manual.name == "if-once")
  }
  @Test func strictThresholdAndDelay() {
    let recording = simulate(neuron: IfOnce(threshold: 3), current: [1, 1, 1, 0, 1, 5, 5], dt: .ms(1))
    #expect(recording.layers[0].spikes.spikeSteps(of: 0) == [5])
  }

  /// Times, membranes and spikes of the clocked executor, for both sorts of weights and both conventions of black.
  @Test(arguments: [true, false]) func agreesWithTheClockedExecutor(_ isBinary: Bool) throws {
    for levels in [255, 256] {
      let data = try imageData(6, inputs: 80, seed: 6, encoder: TimeToFirstSpike(steps: 256, levels: levels))
      var model = try binaryModel(data, [40, 30, 10], thresholds: [5, 3, 2], seed: 2)
      if !isBinary {
        model = try network(data, [40, 30, 10], isBinary: false, threshold: 1).initialised(seed: 3)
        for l in 1...3 {
          let weights = model.parameters?["dense\(l).weight"] ?? []
          model.parameters?["dense\(l).weight"] = weights.map { $0 * 3 + 0.03 }
        }
      }
      let exact = try prepare(model)
      let clocked = try #require(ClockedExecutor().prepare(model, ExecutionOptions(machine: Machine())))
      for sample in 0..<6 {
        let a = exact.record(sample, .train, of: data), b = clocked.record(sample, .train, of: data)
        let populations = b.layers.filter { $0.kind == "if-once" }
        for (x, y) in zip(a.layers, populations) {
          #expect(x.spikes == y.spikes && x.name == y.name && x.threshold == y.threshold)
          for (v, w) in zip(x.variables, y.variables) {
            #expect(v.name == w.name && zip(v.values, w.values).allSatisfy { abs($0 - $1) < 2e-3 })
          }
        }
        #expect(a.layers.count == populations.count && a.input.spikes == b.input.spikes)
        #expect(a.layers.contains { $0.spikes.count > 0 })
      }
    }
  }
  @Test func respondsAsSingleSpikeNeuron() throws {
    let data = try imageData(6, inputs: 80, seed: 6),
      model = try binaryModel(data, [40, 10], thresholds: [5, 3], seed: 2)
    let dense = model.network.nodes[0], parameters = try #require(model.parameters)
    let synapses = try #require(Dense(40, weights: .binary).synapses(of: dense, in: parameters))
    let times = try #require(data.times(Array(0..<6), .train))
    let response = IfOnce().respond(to: times, through: synapses), execution = try prepare(model)
    for sample in 0..<6 {
      let first = execution.record(sample, .train, of: data).layers[0].spikes.firstSpikes.times
      #expect(Array(response.times[sample * 40..<(sample + 1) * 40]) == first)
    }
  }

  /// Early exit on bytes against the full run of all layers; more than 255 active inputs are among them, on both sides of
  /// 255 with the 577 to 640 hidden neurons that have a form of their own.
  @Test func property9EarlyExitEqualsFullRun() throws {
    for (inputs, active, hidden, first, second) in [
      (100, Float(0.4), 90, 5, 3), (784, 0.2, 90, 20, 8), (784, 0.9, 90, 40, 10), (784, 0.2, 90, 60, 30),
      (784, 0.2, 600, 25, 8), (784, 0.33, 640, 25, 30), (784, 0.2, 577, 60, 30), (100, 0.4, 600, 5, 3),
    ] {
      let data = try imageData(200, inputs: inputs, seed: 7, active: active)
      let model = try binaryModel(data, [hidden, 10], thresholds: [first, second], seed: 4)
      for ties in [TieRule.potential, .lowest] {
        let execution = try prepare(model, ties: ties), indices = Array(0..<200), labels = data.labels(indices, .train)
        let worker = Worker(execution), times = try #require(data.times(indices, .train))
        let bank = EventBank(times)
        let full = labels.enumerated().map { sample, label in bank.read(sample) { worker.outcome($0, label) } }
        for form in [Int32(0), 1] {
          let fast = try #require(FastClassifier(execution, data, .train, form: form))
          #expect(fast.outcomes(indices[...], labels[...]) == full)
        }
        #expect(execution.outcomes(indices, .train, of: data) == full)
        #expect(try prepare(model, ties: ties, threads: 3).outcomes(indices, .train, of: data) == full)
      }
    }
  }

  @Test func property10LateInputsDoNotMatter() throws {
    let data = try imageData(60, inputs: 200, seed: 8),
      model = try binaryModel(data, [90, 10], thresholds: [6, 4], seed: 5)
    let execution = try prepare(model), worker = Worker(execution)
    let times = try #require(data.times(Array(0..<60), .train))
    var decided = 0
    for sample in 0..<60 {
      let one = SpikeTimes((0..<200).map { Int(times.times[sample * 200 + $0]) }, window: 256)
      let full = EventBank(one).read(0) { worker.outcome($0, 0) }
      guard let decision = full.decisionTime else { continue }
      let cut = SpikeTimes(one.times.map { Int($0) > decision - 2 ? 256 : Int($0) }, window: 256)
      let short = EventBank(cut).read(0) { worker.outcome($0, 0) }
      #expect((short.answer, short.decisionTime, short.isTied) == (full.answer, full.decisionTime, full.isTied))
      decided += 1
    }
    #expect(decided > 20)
  }

  @Test func deadlinesEndWithTheAccuracy() throws {
    let data = try imageData(100, inputs: 200, seed: 9),
      model = try binaryModel(data, [90, 10], thresholds: [6, 4], seed: 6)
    let execution = try prepare(model), indices = Array(0..<100)
    let curve = execution.curve(indices, .train, of: data)
    let evaluation = execution.evaluation(indices, .train, of: data)
    #expect(curve.count == 256 && abs((curve.last ?? 0) - evaluation.accuracy) < 0.1)
    #expect(Set(curve).count > 3)
  }
  @Test func refusesWhatItCannotRun() throws {
    let data = try imageData(4, inputs: 20, seed: 9)
    var biased = try network(data, [10], isBinary: false).initialised(seed: 1)
    #expect(SingleSpikeExecution(biased, ExecutionOptions(machine: Machine()), ties: .potential) != nil)
    biased.parameters?["dense1.bias"] = Array(repeating: 0.1, count: 10)
    #expect(SingleSpikeExecution(biased, ExecutionOptions(machine: Machine()), ties: .potential) == nil)
    let bare = try Model(data).appending(Dense(10))
    #expect(SingleSpikeExecution(bare, ExecutionOptions(machine: Machine()), ties: .potential) == nil)
    #expect(BS4NN().missing(in: bare.network).count == 2 && S4NN().missing(in: biased.network).isEmpty)
    #expect(BS4NN().missing(in: biased.network).first?.capability == "binary weights (weights=binary)")
    #expect(!S4NN().missing(in: data.outline, encoder: Direct()).isEmpty)
  }

  @Test func property16ReleasedWeights() throws {
    guard let mnist = try Files.data(.mnist, for: "property 16 (released weights)"),
      let released = try Released.model(on: mnist)
    else { return }
    let data = try #require(released.data), all = Array(0..<10_000)
    var byLowest = released
    byLowest.executor = "single-spike-lowest"
    let lowest = try prepare(byLowest, ties: .lowest).outcomes(all, .test, of: data)
    let potential = try prepare(released).outcomes(all, .test, of: data)
    #expect(lowest.count(where: \.labelAmongFirst) == 9692 && lowest.count(where: \.isCorrect) == 9566)
    #expect(lowest.count(where: \.isSilent) == 483 && lowest.count(where: \.isTied) == 233)
    #expect(potential.count(where: \.isCorrect) == 9606 && potential.count(where: \.labelAmongFirst) == 9692)
    let golden = try Released.golden(), fired = lowest.filter { !$0.isSilent }
    var histogram = [Int](repeating: 0, count: 257)
    for outcome in lowest { histogram[outcome.decisionTime ?? 256] += 1 }
    #expect(histogram == golden.first_time_histogram)
    func mean(_ layer: Int) -> Double { Double(fired.reduce(0) { $0 + $1.spikes[layer] }) / Double(fired.count) }
    #expect(abs(mean(0) - golden.mean_input_spikes_before_first) < 1e-9)
    #expect(abs(mean(1) - golden.mean_hidden_spikes_before_first) < 1e-9)
    let execution = try prepare(released)
    for image in golden.images {
      let recording = execution.record(image.index, .test, of: data), output = recording.layers[1]
      #expect(output.spikes.firstSpikes.times.map(Int.init) == image.output_times)
      let probe = (0..<10).map { (output.variables[0].values[253 * 10 + $0] / 9.06516109).rounded() }
      #expect(probe == image.output_probe)
      #expect(recording.layers[0].spikes.count == image.hidden_fired)
      #expect(recording.layers[0].spikes.firstSpikes.times.reduce(0) { $0 + Int($1) } == image.hidden_time_sum)
      #expect(lowest[image.index].answer == image.class_strict && potential[image.index].answer != nil)
      #expect(lowest[image.index].labelAmongFirst == image.correct_tied)
    }
  }
}

/// The published BS4NN weights, from SOMA_GOLDEN/bs4nn.
enum Released {
  struct Golden: Decodable {
    struct Image: Decodable {
      var index: Int, output_times: [Int], output_probe: [Double], hidden_fired: Int, hidden_time_sum: Int
      var class_strict: Int, correct_tied: Bool
    }
    var first_time_histogram: [Int], mean_input_spikes_before_first: Double, mean_hidden_spikes_before_first: Double
    var images: [Image]
  }
  static func file(_ name: String) throws -> Data {
    let folder = Files.folder("SOMA_GOLDEN", for: "a test with the released weights") ?? ""
    return try Data(contentsOf: URL(filePath: "\(folder)/bs4nn/\(name)"))
  }
  static func golden() throws -> Golden { try JSONDecoder().decode(Golden.self, from: file("released_mnist.json")) }

  static func model(on dataset: Dataset) throws -> Model? {
    guard Files.folder("SOMA_GOLDEN", for: "property 16 (released weights)") != nil else { return nil }
    let data = try EncodedData(dataset, TimeToFirstSpike(steps: 256, levels: 255), seed: 1, dt: .ms(1))
    var model = try network(data, [600, 10], isBinary: true).initialised(seed: 1)
    for (l, (rows, columns, alpha)) in [(600, 784, Float(4.03707844)), (10, 600, Float(9.06516109))].enumerated() {
      let bytes = [UInt8](try file("released_W\(l)_packed.npy").dropFirst(128)), width = (columns + 7) / 8
      model.parameters?["dense\(l + 1).weight"] = (0..<columns * rows).map { k in
        let (i, j) = (k / rows, k % rows)
        return bytes[j * width + i / 8] >> (i % 8) & 1 == 1 ? 1 : -1
      }
      model.parameters?["dense\(l + 1).scale"] = [alpha]
    }
    return model
  }
}

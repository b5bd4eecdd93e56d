import Classic
import Compute
import Foundation
import Laws
import Spiking
import Synchronization
import TestSupport
import Testing

/// Codes and what can be read back from them.
@Suite struct CodeTests {
  @Test func theLawsHold() {
    var logarithmic = Latency()
    logarithmic.scale = .logarithmic
    #expect(checkEncoder(Latency()).broken == [])
    #expect(checkEncoder(logarithmic).broken == [])
    #expect(checkEncoder(Delta()).broken == [])
    #expect(checkEncoder(PopulationCode()).broken == [])
  }
  private func roundTrip(_ encoder: any DecodableEncoder, _ values: [Float], shape: Shape) throws -> [Float] {
    let bank = SampleBank(shape: shape, labels: [0], floats: values)
    let data = Dataset(name: "toy", classes: ["a"], shape: shape, parts: [.test: .init(bank)])
    let decoded = try #require(
      try EncodedData(data, encoder, seed: 3, dt: .ms(1)).decoded(machine: Machine(threads: 2)))
    return try #require(decoded[.test]).sample(0)
  }
  /// t = (1 − x)(T − 1), to the nearest step.
  @Test func timesReadBack() throws {
    let code = Code(steps: 101, features: [5])
    var latency = Latency()
    latency.steps = 101
    #expect([0, 0.009, 0.25, 0.5, 1].map { latency.time($0, code) } == [101, 101, 75, 50, 0])
    let values: [Float] = [0, 0.2, 0.37, 0.71, 1]
    for (a, b) in zip(values, try roundTrip(latency, values, shape: [5])) { #expect(abs(a - b) <= 0.0051) }
    latency.scale = .logarithmic
    for (a, b) in zip(values, try roundTrip(latency, values, shape: [5])) {
      #expect(a <= 0.22 ? b == 0 : abs(a - b) < 0.06)
    }
  }
  /// The first spike of a leaky neuron under a current x falls where the logarithmic code puts it, up to a scale.
  @Test func theLogarithmIsThatOfALeakyNeuron() throws {
    var latency = Latency(), neuron = LeakyIntegrateAndFire()
    (latency.steps, latency.scale, latency.threshold) = (10_000, .logarithmic, 0.3)
    neuron.threshold = 0.3
    let code = Code(steps: 10_000, features: [1])
    func time(_ x: Double) throws -> Double {
      try #require(
        simulate(neuron: neuron, current: Array(repeating: x, count: 9000), dt: .ms(1), exact: true).layers[0]
          .train(of: 0, dt: .ms(1)).times.first
      ).seconds
    }
    let reference = try (time(0.4) - time(1)) / Double(latency.time(0.4, code) - latency.time(1, code))
    for x in [0.35, 0.5, 0.7] {
      let scale = try (time(x) - time(1)) / Double(latency.time(Float(x), code) - latency.time(1, code))
      #expect(abs(scale / reference - 1) < 1e-2)
    }
  }
  @Test func ratesReadBack() throws {
    var regular = Regular(), bernoulli = Bernoulli()
    (regular.steps, bernoulli.steps) = (200, 4000)
    let values: [Float] = [0, 0.1, 0.35, 0.8, 1]
    for (a, b) in zip(values, try roundTrip(regular, values, shape: [5])) { #expect(abs(a - b) <= 0.0051) }
    for (a, b) in zip(values, try roundTrip(bernoulli, values, shape: [5])) { #expect(abs(a - b) < 0.04) }
    let half = Analog(steps: 3, rate: 0.5)
    #expect(try roundTrip(half, values, shape: [5]) == values)
  }
  /// The sum of changes follows the signal to within one of them.
  @Test func changesAddUp() throws {
    let values = (0..<40).map { Float(0.5 + 0.5 * sin(Double($0) / 5)) }
    var delta = Delta()
    (delta.threshold, delta.repeats) = (0.05, 12)
    for (a, b) in zip(values, try roundTrip(delta, values, shape: [40, 1])) { #expect(abs(a - b) < 0.05 + 1e-5) }
    let signal = try EncodedData(
      Dataset(
        name: "toy", classes: ["a"], shape: [40, 1],
        parts: [.test: .init(SampleBank(shape: [40, 1], labels: [0], floats: values))]), delta, seed: 1, dt: .ms(1)
    ).clocked([0], .test)
    #expect(Set(signal.values.values) == [-1, 0, 1])
  }
  @Test func populationsReadBack() throws {
    let values: [Float] = [0.1, 0.25, 0.5, 0.66, 0.9]
    for (a, b) in zip(values, try roundTrip(PopulationCode(), values, shape: [5])) { #expect(abs(a - b) < 0.06) }
    let code = try PopulationCode().code(for: [2, 3], dt: .ms(1))
    #expect(code.features == [48])
  }
}

/// Learning from the times of spikes.
@Suite struct PlasticityTests {
  private func model(_ seed: Int = 1) throws -> Model {
    let data = try EncodedData(Toy.bands(), Bernoulli(steps: 30, rate: 0.5), seed: 1, dt: .ms(1))
    var neuron = LeakyIntegrateAndFire()
    neuron.tau = .ms(10)
    return Model(
      try Network(input: data.code.features, [Dense(9, bias: false), Population(neuron), Dense(3, bias: false)]),
      input: data.outline, data: data)
  }
  private var trainer: SpikeTimingTraining {
    var trainer = SpikeTimingTraining()
    (trainer.epochs, trainer.strength) = (3, 0.2)
    return trainer
  }
  @Test func itLearnsBandsWithoutLabels() throws {
    let model = try model(), data = try #require(model.data)
    let trained = try trainer.train(model, on: data, TrainingRun(machine: Machine()))
    #expect(trained.history.count == 3)
    #expect((trained.history.last?.accuracy ?? 0) > 0.8)
    // Neurons come to wait for one band each.
    let parameters = try #require(trained.parameters), weights = parameters.values(of: parameters.layout.entries[0])
    let shares = (0..<9).map { j -> Float in
      let bands = (0..<3).map { b in (0..<16).reduce(Float(0)) { $0 + weights[(b * 16 + $1) * 9 + j] } }
      return (bands.max() ?? 0) / max(1e-6, bands.reduce(0, +))
    }
    #expect(shares.reduce(0, +) / 9 > 0.6, "\(shares)")
    let again = try trainer.train(model, on: data, TrainingRun(machine: Machine(threads: 2)))
    #expect(again.parameters?.flat.bits == trained.parameters?.flat.bits)
    let other = try trainer.train(model, on: data, TrainingRun(machine: Machine(), seed: 2))
    #expect(other.parameters?.flat.bits != trained.parameters?.flat.bits)
  }
  /// All laws of trainers but that of a falling loss: it has none.
  @Test func theLawsOfTrainersHold() throws {
    let broken = try checkTrainer(trainer, model: model()) { epochs in
      var copy = trainer
      copy.epochs = epochs
      return copy
    }.broken
    #expect(broken.filter { !$0.hasPrefix("neither does the loss fall") } == [])
  }
  @Test func itSeesImagesThatChange() throws {
    let broken = try checkAugmentation(trainer, model: model()) { epochs in
      var copy = trainer
      copy.epochs = epochs
      return copy
    }
    #expect(broken == [])
  }
  /// Wherever it is interrupted, it stops at once, with neurons named by what they have won so far.
  @Test func itStopsAtOnceWhereverItIs() throws {
    let model = try model(), data = try #require(model.data), samples = data.count(.train)
    let whole = try trainer.train(model, on: data, TrainingRun(machine: Machine())).parameters?.flat.bits
    for stop in [samples / 2, samples - 1, samples, samples + 1, 2 * samples + 3] {
      let questions = Mutex(0)
      let run = TrainingRun(
        machine: Machine(),
        isInterrupted: {
          questions.withLock {
            $0 += 1
            return $0 > stop
          }
        })
      let part = try trainer.train(model, on: data, run)
      #expect(questions.withLock { $0 } == stop + 1, "after \(stop)")
      let execution = try #require(ClockedExecutor().prepare(part, ExecutionOptions(machine: Machine())))
      let accuracy = execution.evaluation(Array(0..<samples), .train, of: data).accuracy
      #expect(accuracy > 0.5, "\(accuracy) after \(stop)")
      var rest = trainer
      rest.epochs = 3 - part.epochs
      let ended = try rest.train(part, on: data, TrainingRun(machine: Machine()))
      #expect(ended.parameters?.flat.bits == whole && ended.history.count == 3, "after \(stop)")
    }
  }
  @Test func everySettingMatters() throws {
    func bits(_ change: (inout SpikeTimingTraining) -> Void) throws -> [UInt32]? {
      var copy = trainer
      copy.epochs = 1
      change(&copy)
      let model = try model()
      return try copy.train(model, on: try #require(model.data), TrainingRun(machine: Machine())).parameters?.flat.bits
    }
    let base = try bits { _ in }
    let changes: [(inout SpikeTimingTraining) -> Void] = [
      { $0.epochs = 2 }, { $0.rate = 0.2 }, { $0.trace = .ms(3) }, { $0.target = 0.8 }, { $0.strength = 0.3 },
      { $0.fatigue = 0.5 },
    ]
    for (place, change) in changes.enumerated() { #expect(try bits(change) != base, "change \(place)") }
  }
  @Test func whatItCannotTrainIsToldBefore() throws {
    let network = try Network(input: [4], [Dense(3), Population(LeakyIntegrateAndFire()), Dense(2, bias: false)])
    #expect(trainer.missing(in: network).map(\.layer) == ["dense1"])
    #expect(trainer.missing(in: try Network(input: [4], [Dense(3)])).count == 1)
  }
}
private extension Analog {
  init(steps: Int, rate: Double) {
    self.init()
    (self.steps, self.rate) = (steps, rate)
  }
}
private extension Bernoulli {
  init(steps: Int, rate: Double) {
    self.init()
    (self.steps, self.rate) = (steps, rate)
  }
}

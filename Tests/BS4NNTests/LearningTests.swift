import Compute
import Laws
import Spiking
import TestSupport
import Testing

@testable import BS4NN

/// Properties of the step, numbered as in the notes on the method.
@Suite struct LearningTests {
  private func reference(_ toy: Toy, isBinary: Bool = true, pulls: Bool = false) -> Reference<Double> {
    let sizes = [20, 12, 5], window = 24
    let weights = (0..<2).map { l in
      (0..<sizes[l + 1]).map { j in
        (0..<sizes[l]).map { i in Double(toy.random.child(l).uniform(j * sizes[l] + i)) * 2 - 0.7 }
      }
    }
    return Reference(
      isBinary: isBinary, window: window, theta: isBinary ? [10, 10] : [1.5, 1.2], alpha: [4, 6], gamma: 2,
      pulls: pulls,
      rates: [0.1, 0.1], alphaRates: [0.01, 0.01], decay: [0, 0], usesPrevious: false, weights: weights)
  }
  private func input(_ toy: Toy, _ sample: Int) -> [Int] {
    toy.times(20, window: 24, sample: sample).times.map(Int.init)
  }

  @Test func property11Errors() {
    let toy = Toy(20)
    var net = reference(toy), seen = 0
    for sample in 0..<60 {
      let label = sample % 5, step = net.learn(input(toy, sample), label: label)
      for delta in step.delta {
        let norm = delta.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(norm - 1) < 1e-9 || norm == 0)
      }
      #expect(step.delta[1][label] <= 0 && step.delta[1].indices.allSatisfy { $0 == label || step.delta[1][$0] >= 0 })
      let t = step.times[2], isFine = step.isSilent || t.indices.allSatisfy { $0 == label || t[$0] - t[label] >= 2 }
      #expect((step.norm[1] == 0) == isFine)
      seen += isFine ? 1 : 0
    }
    #expect(seen > 0 && seen < 60)
  }

  @Test func property12SilentAndBlackStay() {
    let toy = Toy(21)
    var net = reference(toy), silent = 0
    for sample in 0..<30 {
      let before = net.weights, times = input(toy, sample), step = net.learn(times, label: sample % 5)
      for j in 0..<12 where step.times[1][j] == 24 {
        #expect(net.weights[0][j] == before[0][j])
        silent += 1
      }
      for i in 0..<20 where times[i] == 24 { #expect(net.weights[0].map { $0[i] } == before[0].map { $0[i] }) }
    }
    #expect(silent > 0)
  }

  @Test func property13GradientOfTheScale() {
    let toy = Toy(22)
    var net = reference(toy), moved = 0
    net.usesPrevious = true
    for sample in 0..<30 {
      let step = net.learn(input(toy, sample), label: sample % 5)
      for (l, sizes) in [(20, 12), (12, 5)].enumerated() {
        let sum = step.delta[l].indices.reduce(0.0) { $0 + step.delta[l][$1] * (step.cross[l][$1] ?? step.end[l][$1]) }
        #expect(abs(step.alphaGradient[l] - sum / Double(sizes.0 * sizes.1)) < 1e-12)
        moved += sum != 0 ? 1 : 0
      }
    }
    #expect(moved > 0)
  }

  @Test func property14NoRateNoChange() throws {
    let data = try imageData(40, inputs: 60, seed: 3)
    for rule in [LearningRule.margin, .published] {
      var trainer = BS4NN()
      (trainer.options.rule, trainer.options.rates, trainer.options.alphaRate, trainer.options.epochs) = (
        rule, [0], [0], 2
      )
      let model = try binaryModel(data, [30, 10], thresholds: [4, 3], seed: 1)
      trainer.options.thresholds = [4, 3]
      let trained = try trainer.train(model, on: data, TrainingRun(machine: Machine()))
      #expect(trained.parameters?.flat.bits == model.parameters?.flat.bits)
    }
  }

  @Test func property17Untrained() throws {
    let data = try imageData(50, inputs: 100, seed: 4)
    var trainer = BS4NN()
    (trainer.options.rule, trainer.options.rates, trainer.options.epochs) = (.published, [0], 1)
    let model = try trainer.train(
      try network(data, [60, 10], isBinary: true), on: data, TrainingRun(machine: Machine()))
    var lowest = model
    lowest.executor = "single-spike-lowest"
    let run = try #require(SingleSpikeExecutor(ties: .lowest).prepare(lowest, ExecutionOptions(machine: Machine())))
    let recording = run.record(0, .train, of: data)
    for layer in recording.layers {
      let first = layer.spikes.firstSpikes.times
      #expect(Set(first).count == 1 && first[0] < 256)
    }
    let e = run.evaluation(Array(0..<50), .train, of: data)
    #expect(e.accuracyTied == 1 && e.accuracy == 0.1 && e.tieShare == 1)
  }

  @Test func property18Resumption() throws {
    let data = try imageData(60, inputs: 60, seed: 5)
    for rule in [LearningRule.margin, .published] {
      var binary = BS4NN(), real = S4NN()
      binary.options.rule = rule
      real.options.rule = rule
      (binary.options.epochs, real.options.epochs) = (3, 3)
      (binary.options.decay, binary.options.shifts, binary.options.average) = ([1e-4], true, 2)
      (binary.options.thresholds, binary.options.alphaStart) = ([4, 3], [30, 15])
      if rule == .published { binary.options.rates = [0.3] }
      let signs = try network(data, [40, 10], isBinary: true),
        reals = try network(data, [40, 10], isBinary: false, threshold: 20)
      let first = try checkTrainer(binary, model: signs) { epochs in
        var trainer = binary
        trainer.options.epochs = epochs
        return trainer
      }.broken
      #expect(first == [], "\(rule)")
      let second = try checkTrainer(real, model: reals) { epochs in
        var trainer = real
        trainer.options.epochs = epochs
        return trainer
      }.broken
      #expect(second == [], "\(rule)")
    }
  }

  @Test func imagesThatChangeAreSeen() throws {
    let data = try EncodedData(TestSupport.Toy.bands(count: 600), TimeToFirstSpike(), seed: 1, dt: .ms(1))
    var binary = BS4NN(), real = S4NN()
    (binary.options.epochs, real.options.epochs) = (2, 2)
    let signs = try network(data, [12, 3], isBinary: true), reals = try network(data, [12, 3], isBinary: false)
    let first = try checkAugmentation(binary, model: signs) { epochs in
      var trainer = binary
      trainer.options.epochs = epochs
      return trainer
    }
    #expect(first == [])
    let second = try checkAugmentation(real, model: reals) { epochs in
      var trainer = real
      trainer.options.epochs = epochs
      return trainer
    }
    #expect(second == [])
  }

  @Test func marginLeavesAFirstLabelAlone() {
    var options = OnlineOptions()
    options.gamma = 20
    let recipe = Recipe(
      options, .init(isBinary: true, inputs: 784, units: [600, 10], neuronThresholds: [100, 100], activeInputs: 150))
    #expect(recipe.thresholds == [25, 8] && recipe.rates == [0.03, 0.002] && recipe.positive == [0.7, 0.5])
    let fashion = Recipe(
      OnlineOptions(),
      .init(isBinary: true, inputs: 784, units: [1000, 10], neuronThresholds: [100, 100], activeInputs: 392))
    #expect(
      fashion.thresholds == [50, 12] && fashion.gamma == 30 && fashion.rates == [0.01, 0.001]
        && fashion.positive == [0.8, 0.5])
    #expect(abs(recipe.rate(0, epoch: 6, of: 12) - 0.015) < 1e-12 && recipe.rate(0, epoch: 0, of: 12) == 0.03)
  }
}

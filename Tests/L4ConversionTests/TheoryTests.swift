import Classic
import Foundation
import Spiking
import Testing

@testable import Compute
@testable import L4Conversion

/// Moments, spike counts and guarantees against the golden vectors and against simulation.
@Suite struct TheoryTests {
  struct Statistics: Decodable {
    struct Count: Decodable {
      var T: Int, expectedCount: Double, expectedRunningMax: Double, probabilitySilent: Double,
        gaussianRunningMax: Double
    }
    struct Case: Decodable {
      var neuron: Int, rates: String, r: [Double], T: Int, mean: Double, varPoisson: Double, varBernoulli: Double
      var l4: Double, l2: Double, rateNorm: Double, cosPhi: Double, stdPoissonFromL4: Double
      var stdBoundPoisson: Double, stdBoundBernoulli: Double, counts: [Count]
    }
    struct Second: Decodable {
      var net: [Golden.Layer], r: [Double], T: Int, varianceIndependentBernoulli: [Double]
      var varianceSharedInput: [Double], hiddenPreactivation: [Double]
    }
    var W: [[Double]], cases: [Case], secondLayer: Second
  }

  @Test func moments() throws {
    let golden = try Golden.read(Statistics.self, "statistics")
    for c in golden.cases {
      let m = FreeMembrane(weights: golden.W[c.neuron], rates: c.r, steps: c.T)
      let found = [
        m.mean, m.variancePoisson, m.varianceBernoulli, Norm.l4(m.weights), Norm.l2(m.weights), m.rateNorm, m.alignment,
        m.deviationFromL4, m.boundPoisson, m.boundBernoulli,
      ]
      let expected = [
        c.mean, c.varPoisson, c.varBernoulli, c.l4, c.l2, c.rateNorm, c.cosPhi, c.stdPoissonFromL4, c.stdBoundPoisson,
        c.stdBoundBernoulli,
      ]
      #expect(agree(found, expected, 1e-9), "neuron \(c.neuron), \(c.rates)")
      #expect(m.variancePoisson.squareRoot() <= m.boundPoisson * (1 + 1e-12))
    }
  }
  @Test func spikeCounts() throws {
    let golden = try Golden.read(Statistics.self, "statistics")
    for c in golden.cases {
      let exact = LatticeNeuron(weights: golden.W[c.neuron], rates: c.r, unit: 1.0 / 16)
      let one = FreeMembrane(weights: golden.W[c.neuron], rates: c.r, steps: 1)
      for count in c.counts {
        #expect(
          agree([exact.expectedCount(steps: count.T)], [count.expectedCount], 1e-9), "\(c.neuron) \(c.rates) \(count.T)"
        )
        #expect(agree([exact.expectedMaximum(steps: count.T)], [count.expectedRunningMax], 1e-9))
        #expect(agree([exact.probabilitySilent(steps: count.T)], [count.probabilitySilent], 1e-9))
        let normal = Spitzer.runningMaximum(
          mean: one.mean, deviation: one.varianceBernoulli.squareRoot(), steps: count.T)
        #expect(agree([normal], [count.gaussianRunningMax], 1e-9))
      }
    }
    #expect(
      Spitzer.runningMaximum(mean: 0.25, deviation: 0, steps: 8) == 2
        && Spitzer.runningMaximum(mean: -1, deviation: 0, steps: 8) == 0)
  }
  @Test func secondLayer() throws {
    let golden = try Golden.read(Statistics.self, "statistics").secondLayer
    let shared = SecondLayer.sharedNoise(golden.net[0].W, golden.net[1].W, rates: golden.r, steps: golden.T)
    #expect(agree(shared, golden.varianceSharedInput, 1e-9))
    let independent = SecondLayer.independent(
      golden.net[1].W, activations: golden.hiddenPreactivation.map { max(0, $0) }, steps: golden.T)
    #expect(agree(independent, golden.varianceIndependentBernoulli, 1e-9))
  }

  /// e2.9: free potentials over 4000 repetitions.
  @Test func measuredMembranesFollowTheory() {
    let weights: [Double] = (0..<60).map { i in
      let size = Double(1 + i % 5) / 10
      return cos(Double(i) * 1.7) * size
    }
    let rates: [Double] = (0..<60).map { i in 0.05 + 0.015 * Double(i * 7 % 60) }
    let steps = 20, trials = 4000
    func measured(_ rates: [Double], _ kind: RateCode.Kind, seed: UInt64) -> (mean: Double, deviation: Double) {
      var values: [Double] = []
      let code = RateCode(kind)
      for trial in 0..<trials {
        let random = RandomStream(seed: seed).child(trial)
        var sum = 0.0
        for t in 0..<steps {
          for i in weights.indices {
            sum +=
              weights[i] * Double(code.spikes(Float(rates[i]), step: t, input: i, of: weights.count, random: random))
          }
        }
        values.append(sum)
      }
      let mean = values.reduce(0, +) / Double(trials)
      return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(trials - 1)).squareRoot())
    }
    let theory = FreeMembrane(weights: weights, rates: rates, steps: steps)
    let bernoulli = measured(rates, .bernoulli, seed: 3), poisson = measured(rates, .poisson, seed: 4)
    let error = theory.varianceBernoulli.squareRoot() / Double(trials).squareRoot()
    #expect(abs(bernoulli.mean - theory.mean) < 4 * error)
    #expect(abs(bernoulli.deviation / theory.varianceBernoulli.squareRoot() - 1) < 0.04)
    #expect(bernoulli.deviation < theory.boundBernoulli * 1.04)
    #expect(abs(poisson.deviation / theory.variancePoisson.squareRoot() - 1) < 0.04)
    let poissonError = theory.variancePoisson.squareRoot() / Double(trials).squareRoot()
    #expect(abs(poisson.mean - theory.mean) < 4 * poissonError)
    // Rates in proportion to the squared weights meet the bound.
    let matched = weights.map { $0 * $0 * 2 }, tight = FreeMembrane(weights: weights, rates: matched, steps: steps)
    #expect(abs(measured(matched, .poisson, seed: 5).deviation / tight.boundPoisson - 1) < 0.04)
    #expect(abs(tight.alignment - 1) < 1e-12)
  }
  /// e2.10: spikes of a noisy neuron over many repetitions.
  @Test func noisyNeuronsFireAsExpected() throws {
    let golden = try Golden.read(Statistics.self, "statistics"), steps = 16, trials = 3000
    for c in golden.cases.prefix(6) {
      let weights = golden.W[c.neuron]
      var sum = 0.0, squares = 0.0
      for trial in 0..<trials {
        let random = RandomStream(seed: 11).child(trial), code = RateCode(.bernoulli)
        var v = 0.0, count = 0.0
        for t in 0..<steps {
          for i in weights.indices {
            v += weights[i] * Double(code.spikes(Float(c.r[i]), step: t, input: i, of: weights.count, random: random))
          }
          if v >= 1 { (v, count) = (v - 1, count + 1) }
        }
        sum += count
        squares += count * count
      }
      let mean = sum / Double(trials), variance = squares / Double(trials) - mean * mean
      let expected = try #require(c.counts.first { $0.T == steps }).expectedCount
      let bound = 4 * (variance / Double(trials)).squareRoot() + 1e-9
      #expect(abs(mean - expected) <= bound, "\(c.neuron) \(c.rates)")
    }
  }

  // MARK: Codes

  struct Codes: Decodable {
    struct Regular: Decodable { var T: Int, rates: [Double], phase0: [String], phaseHalf: [String] }
    struct Mix: Decodable { var first: [String], uniform: [Double] }
    struct Bernoulli: Decodable { var T: Int, rates: [Double], trains: [String] }
    struct Poisson: Decodable { var T: Int, rates: [Double], counts: [[Int]] }
    var regular: Regular, splitmix64: Mix, bernoulli: Bernoulli, poisson: Poisson, complementEventsPerStep: [Double]
  }
  @Test func codes() throws {
    let golden = try Golden.read(Codes.self, "encoders")
    for (phase, trains) in [(0.0, golden.regular.phase0), (0.5, golden.regular.phaseHalf)] {
      for (rate, train) in zip(golden.regular.rates, trains) {
        let found = (0..<golden.regular.T).map { RateCode.regular(Float(rate), phase: phase, step: $0) }
        #expect(found == train.map { $0 == "1" ? 1 : 0 }, "rate \(rate), phase \(phase)")
      }
    }
    let one = RandomStream(key: 1)
    #expect((0..<4).map { String(one.bits($0)) } == golden.splitmix64.first)
    #expect(agree((0..<4).map { one.uniformDouble($0) }, golden.splitmix64.uniform, 1e-9))
    let fortyTwo = RandomStream(key: 42), n = golden.bernoulli.rates.count
    for (i, rate) in golden.bernoulli.rates.enumerated() {
      let train = (0..<golden.bernoulli.T).map { RateCode.fires(fortyTwo.uniform($0 * n + i), Float(rate)) ? "1" : "0" }
      #expect(train.joined() == golden.bernoulli.trains[i], "rate \(rate)")
    }
    let seven = RandomStream(key: 7), m = golden.poisson.rates.count
    for (i, rate) in golden.poisson.rates.enumerated() {
      let counts = (0..<golden.poisson.T).map { RateCode.poisson(seven.uniformDouble($0 * m + i), rate) }
      #expect(counts == golden.poisson.counts[i], "rate \(rate)")
    }
  }
  /// Of an input that spikes more often than not only the steps without a spike are listed.
  @Test func fewEventsStandForManySpikes() throws {
    let golden = try Golden.read(Codes.self, "encoders"), steps = 8192
    for (rate, expected) in zip(golden.bernoulli.rates, golden.complementEventsPerStep) {
      let input = InputEvents(
        [Float(rate)], RateCode(.bernoulli), random: RandomStream(seed: 5), complements: true)
      let piece = input.piece(from: 0, steps: steps)
      let events = piece.raised.count(within: steps) + (piece.lowered?.count(within: steps) ?? 0)
      let error = 4 * (expected * (1 - expected) / Double(steps)).squareRoot()
      #expect(abs(Double(events) / Double(steps) - expected) <= error, "rate \(rate)")
      #expect(abs(Double(piece.spikes(within: steps)) / Double(steps) - rate) <= error, "rate \(rate)")
    }
  }
  @Test func participation() throws {
    struct Participations: Decodable { var W: [[Double]], participation: [Double] }
    let golden = try Golden.read(Participations.self, "statistics")
    #expect(agree(golden.W.map(Norm.participation), golden.participation, 1e-9))
  }
  @Test func regularCountsAtEveryPrefix() {
    for rate in stride(from: Float(0), through: 1, by: 0.0625) {
      var count = 0
      for t in 0..<64 {
        count += RateCode.regular(rate, step: t)
        #expect(count == Int((Double(t + 1) * Double(rate)).rounded(.down)))
      }
    }
  }

  // MARK: Guarantee

  struct Guarantees: Decodable {
    struct Case: Decodable {
      var net: [Golden.Layer], input: [Double], `class`: Int, guaranteedSteps: Int, firstAlwaysRight: Int,
        annOutputs: [Double]
    }
    var cases: [Case]
  }
  /// e2.11: the class is right at every step from the guaranteed one on, analog input, read-out by membrane.
  @Test func guarantee() throws {
    for c in try Golden.read(Guarantees.self, "guarantee").cases {
      #expect(Guarantee.steps(outputWeights: c.net[1].W, outputs: c.annOutputs) == c.guaranteedSteps)
      let model = try goldenModel(c.net, samples: [c.input])
      var network = Network(input: [c.input.count])
      for node in model.network.nodes {
        try network.append(node.kind == "relu" ? Population(IntegrateAndFire()) : node.layer, name: node.name)
      }
      try network.append(ReadOut(.membrane))
      let data = try toyData([c.input], labels: [c.class], encoder: Analog()), steps = 4 * c.guaranteedSteps
      var converted = Model(network, input: data.outline, data: data)
      converted.parameters = model.parameters
      let execution = try #require(ConvertedExecution(converted, ExecutionOptions(machine: Machine(), steps: steps)))
      let curve = execution.curve([0], .train, of: data)
      #expect(curve[(c.guaranteedSteps - 1)...].allSatisfy { $0 == 1 }, "\(c.guaranteedSteps) steps")
      // Not vacuous: somewhere before, the class of some case is wrong.
      if c.firstAlwaysRight > 1 { #expect(curve[..<(c.firstAlwaysRight - 1)].contains(0)) }
    }
  }
  @Test func timeNeeded() {
    let t = Guarantee.steps(difference: [1, -1], rates: [0.5, 0.25], quantile: 2)
    #expect(abs(t - 4 * (0.25 + 0.1875) / 0.0625) < 1e-12)
    #expect(Guarantee.steps(difference: [1, -1], rates: [0.5, 0.5], quantile: 2) == .infinity)
  }
  @Test func agreements() {
    #expect(
      abs(Agreement.correlation([1, 2, 3], [2, 4, 6]) - 1) < 1e-12 && Agreement.correlation([1, 1], [0, 2]) == 0)
    #expect(
      Agreement.determination([1, 2, 3], predicted: [1, 2, 3]) == 1
        && Agreement.determination([1, 2, 3], predicted: [2, 2, 2]) == 0)
    #expect(Agreement.factor([2, 4], [1, 2]) == 2)
  }
}

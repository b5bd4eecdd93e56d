import Classic
import Compute
import Foundation
import Laws
import Spiking
import TestSupport
import Testing

/// The laws of all neurons hold for each of the textbooks' neurons.
@Suite struct NeuronZooTests {
  @Test func theLawsHold() {
    var soft = Lapicque(), late = LeakyIntegrateAndFire(), paused = CurrentBased(), held = AdaptiveLeaky()
    (soft.reset, soft.refractory) = (.subtract, .ms(3))
    (late.reset, late.refractory) = (.delayed, .ms(2))
    (paused.reset, paused.refractory) = (.delayed, .ms(2))
    (held.reset, held.refractory) = (.subtract, .ms(2))
    #expect(checkNeuron(Lapicque()).broken == [])
    #expect(checkNeuron(soft).broken == [])
    #expect(checkNeuron(late).broken == [])
    #expect(checkNeuron(CurrentBased()).broken == [])
    #expect(checkNeuron(paused).broken == [])
    #expect(checkNeuron(AdaptiveLeaky()).broken == [])
    #expect(checkNeuron(held).broken == [])
    #expect(checkNeuron(QuadraticIntegrateAndFire()).broken == [])
    for reset in IntegrateAndFire.Reset.allCases {
      var whole = IntegrateAndFire(threshold: 1, reset: reset)
      whole.refractory = .ms(3)
      #expect(checkNeuron(whole).broken == [])
      #expect(checkNeuron(IntegrateAndFire(threshold: 1, reset: reset)).broken == [])
    }
    #expect(checkNeuron(PoissonNeuron(), drive: 0...20).broken == [])
    #expect(checkNeuron(ExponentialIntegrateAndFire(), drive: -200...400, count: 17).broken == [])
    #expect(checkNeuron(AdaptiveExponential(), drive: -500...2000, count: 17).broken == [])
    #expect(checkNeuron(HodgkinHuxley(), drive: -20...40, count: 7, steps: 20).broken == [])
  }
  @Test(arguments: IzhikevichPattern.allCases) func everyPatternObeysThem(_ pattern: IzhikevichPattern) {
    #expect(checkNeuron(Izhikevich(pattern), drive: -20...40, count: 9).broken == [])
  }
  /// With a constant current of 0.4 it fires every third step, and waits three more.
  @Test func aLeaklessNeuronRests() throws {
    var neuron = IntegrateAndFire(threshold: 1, reset: .zero)
    neuron.refractory = .ms(3)
    #expect(steps(neuron, 0.4, for: .ms(20), dt: .ms(1)) == [2, 8, 14])
    neuron.reset = .burst
    #expect(steps(neuron, 2.5, for: .ms(9), dt: .ms(1)) == [0, 4, 8])
  }
  /// The charge that a spike takes away late is taken away all the same: θ·N + v is what came in, once no reset is due.
  @Test func aLeaklessDelayedResetKeepsCharge() throws {
    let late = IntegrateAndFire(threshold: 1, reset: .delayed)
    let current = [0.7, 0.7, 0.2, 0, 0, 0], v = try trace(late, "v", current, dt: .ms(1))
    #expect(v == [0.7, 1.4, 1.4 + 0.2 - 1, 1.4 + 0.2 - 1, 1.4 + 0.2 - 1, 1.4 + 0.2 - 1])
    var paused = late
    paused.refractory = .ms(2)
    #expect(checkPullback(paused).broken == [] && checkPullback(late).broken == [])
  }
  @Test func aDelayedResetHasAGradient() {
    var late = LeakyIntegrateAndFire()
    late.reset = .delayed
    #expect(checkPullback(late).broken == [])
  }
  @Test func declarationsAreSound() {
    #expect(checkDeclared(Lapicque.self) == [])
    #expect(checkDeclared(CurrentBased.self) == [])
    #expect(checkDeclared(AdaptiveLeaky.self) == [])
    #expect(checkDeclared(ExponentialIntegrateAndFire.self) == [])
    #expect(checkDeclared(AdaptiveExponential.self) == [])
    #expect(checkDeclared(QuadraticIntegrateAndFire.self) == [])
    #expect(checkDeclared(Izhikevich.self) == [])
    #expect(checkDeclared(HodgkinHuxley.self) == [])
    #expect(checkDeclared(PoissonNeuron.self) == [])
    #expect(checkDeclared(Latency.self) == [])
    #expect(checkDeclared(Delta.self) == [])
    #expect(checkDeclared(PopulationCode.self) == [])
    #expect(checkDeclared(SpikeTimingTraining.self) == [])
  }
}

private func steps(_ neuron: any Neuron, _ current: Double, for time: Time, dt: Time) -> [Int] {
  let count = time.steps(of: dt)
  return simulate(neuron: neuron, current: Array(repeating: current, count: count), dt: dt).layers[0].spikes
    .spikeSteps(of: 0)
}
private func trace(_ neuron: any Neuron, _ variable: String, _ current: [Double], dt: Time) throws -> [Double] {
  try #require(simulate(neuron: neuron, current: current, dt: dt).layers[0].trace(variable))
}

/// Neurons against what can be written down.
@Suite struct NeuronFormulaTests {
  /// v(t) = R·i·(1 − e^(−t/RC)); the first spike at RC·ln(Ri/(Ri − θ)).
  @Test func lapicqueIsACapacitor() throws {
    let v = try trace(Lapicque(), "v", Array(repeating: 1.2, count: 100), dt: .ms(1))
    for (k, value) in v.enumerated() { #expect(abs(value - 12 * (1 - exp(-Double(k + 1) / 20))) < 1e-9) }
    let first = try #require(steps(Lapicque(), 2, for: .ms(100), dt: .ms(0.01)).first)
    #expect(abs(Double(first + 1) * 0.01 - 20 * log(20.0 / 5)) <= 0.01)
  }
  /// One step of current charges the synapse: v follows the difference of two exponentials.
  @Test(arguments: [5.0, 20.0]) func aSynapseRisesAndFades(_ slow: Double) throws {
    var neuron = CurrentBased()
    neuron.synapse = .ms(slow)
    var current = [Double](repeating: 0, count: 100)
    current[0] = 1
    let dt = 0.1, v = try trace(neuron, "v", current, dt: .ms(dt)), s = try trace(neuron, "s", current, dt: .ms(dt))
    let start = 1 - exp(-dt / slow)
    for k in 1..<100 {
      let t = Double(k) * dt
      #expect(abs(s[k] - start * exp(-t / slow)) < 1e-12)
      let free = v[0] * exp(-t / 20)
      let driven =
        slow == 20 ? start * t / 20 * exp(-t / 20) : start * slow / (slow - 20) * (exp(-t / slow) - exp(-t / 20))
      #expect(abs(v[k] - free - driven) < 1e-12)
    }
    // A constant current settles at itself.
    neuron.threshold = 2
    let level = try trace(neuron, "v", Array(repeating: 1.5, count: 5000), dt: .ms(1))
    #expect(abs((level.last ?? 0) - 1.5) < 1e-9)
  }
  /// After many spikes the interval T solves v(T) = θ with w just after a spike at jump/(1 − e^(−T/τ_w)).
  @Test func fatigueSettles() throws {
    var neuron = AdaptiveLeaky()
    (neuron.jump, neuron.adaptation, neuron.tau) = (0.3, .ms(80), .ms(20))
    let spikes = steps(neuron, 3, for: .s(3), dt: .ms(0.01))
    let last = Double(spikes[spikes.count - 1] - spikes[spikes.count - 2]) * 0.01
    let w = 0.3 / (1 - exp(-last / 80)), k = 80.0 / 60
    let v = 3 * (1 - exp(-last / 20)) - w * k * (exp(-last / 80) - exp(-last / 20))
    #expect(abs(v - 1) < 2e-3)
    let first = Double(spikes[1] - spikes[0]) * 0.01
    #expect(first < last)
  }
  /// Intervals of 2·(τ/√i)·arctan(peak/√i), and the exact course below.
  @Test(arguments: [0.3, 2.0]) func theQuadraticNeuronHasItsPeriod(_ current: Double) throws {
    let neuron = QuadraticIntegrateAndFire(), root = current.squareRoot()
    let spikes = steps(neuron, current, for: .s(1), dt: .ms(0.005))
    let period = Double(spikes[3] - spikes[2]) * 0.005
    #expect(abs(period - 2 * 10 / root * atan(10 / root)) < 0.011)
    let v = try trace(neuron, "v", Array(repeating: current, count: 10), dt: .ms(1))
    for (k, value) in v.enumerated() {
      #expect(abs(value - root * tan(root * Double(k + 1) / 10 + atan(-1 / root))) < 1e-9)
    }
    let down = try trace(neuron, "v", Array(repeating: -4, count: 400), dt: .ms(1))
    #expect(abs((down.last ?? 0) + 2) < 1e-9)
  }
  /// A constant current below g·(V_T − E − Δ) never fires, one above does.
  @Test func theExponentialNeuronHasItsRheobase() {
    let neuron = ExponentialIntegrateAndFire(), rheobase = 10 * (65 - 59.9 - 3.48)
    #expect(steps(neuron, rheobase - 0.2, for: .s(2), dt: .ms(0.5)).isEmpty)
    #expect(!steps(neuron, rheobase + 0.2, for: .s(2), dt: .ms(0.5)).isEmpty)
  }
  @Test func theAxonRestsAndFiresRepeatedly() throws {
    let quiet = try trace(HodgkinHuxley(), "v", Array(repeating: 0, count: 400), dt: .ms(0.5))
    #expect(quiet.allSatisfy { abs($0 + 65) < 0.05 })
    #expect(steps(HodgkinHuxley(), 2, for: .ms(200), dt: .ms(0.1)).count <= 1)
    let spikes = steps(HodgkinHuxley(), 10, for: .ms(500), dt: .ms(0.1))
    #expect((30...36).contains(spikes.count))
    // A spike shorter than a step is not missed.
    for current in [8.0, 13, 20] {
      let coarse = steps(HodgkinHuxley(), current, for: .ms(500), dt: .ms(1)).count
      #expect(abs(coarse - steps(HodgkinHuxley(), current, for: .ms(500), dt: .ms(0.1)).count) <= 1)
    }
    var warm = HodgkinHuxley()
    warm.temperature = 16.3
    #expect(
      steps(warm, 20, for: .ms(200), dt: .ms(0.1)).count > steps(HodgkinHuxley(), 20, for: .ms(200), dt: .ms(0.1)).count
    )
  }
  /// The mean rate is λ/(1 + λt), and intervals of a process without pause vary as much as they last.
  @Test(arguments: [0.0, 10.0]) func chanceHasItsRate(_ pause: Double) throws {
    var neuron = PoissonNeuron()
    neuron.refractory = .ms(pause)
    let recording = simulate(
      neuron: neuron, current: Array(repeating: 1, count: 1_000_000), dt: .ms(0.1), random: RandomStream(seed: 3))
    let train = recording.layers[0].train(of: 0, dt: .ms(0.1))
    let expected = 50 / (1 + 50 * pause / 1000)
    #expect(abs(train.rate - expected) < 4 * (expected / 100).squareRoot())
    let variation = try #require(train.intervalVariation)
    #expect(abs(variation - (pause == 0 ? 1 : 1 - expected * pause / 1000)) < 0.05)
    let other = simulate(
      neuron: neuron, current: Array(repeating: 1, count: 1000), dt: .ms(0.1), random: RandomStream(seed: 4))
    #expect(
      other.layers[0].spikes
        != simulate(
          neuron: neuron, current: Array(repeating: 1, count: 1000), dt: .ms(0.1), random: RandomStream(seed: 3)
        ).layers[0].spikes)
  }
  /// What is subtracted late is subtracted: the charge of a leakless limit is kept, one step later.
  @Test func aDelayedResetComesOneStepLater() throws {
    var late = LeakyIntegrateAndFire(), soon = late
    (late.reset, soon.reset) = (.delayed, .subtract)
    let current = [30.0, 0, 0], a = try trace(late, "v", current, dt: .ms(1)),
      b = try trace(soon, "v", current, dt: .ms(1))
    #expect(a[0] == b[0])
    #expect(abs(a[1] - (a[0] * exp(-0.05) - 1)) < 1e-12)
    #expect(abs(b[1] - (b[0] - 1) * exp(-0.05)) < 1e-12)
    #expect(late.capability((any ContinuousNeuron).self) == nil)
    #expect(soon.capability((any ContinuousNeuron).self) != nil)
  }
  @Test func coefficientsOfOnesOwnWin() {
    var own = Izhikevich(.fastSpiking)
    own.a = 0.02
    #expect(
      steps(own, 10, for: .ms(500), dt: .ms(0.1)) != steps(Izhikevich(.fastSpiking), 10, for: .ms(500), dt: .ms(0.1)))
    #expect(Izhikevich(.regularSpiking).isSilentWithoutInput && !Izhikevich(.inhibitionSpiking).isSilentWithoutInput)
  }
}

/// Neurons against a program of its own: classical Runge–Kutta in double precision with steps fifty times as short.
@Suite struct ReferenceTraceTests {
  struct Reference: Decodable { var current: Double, spikes_ms: [Double], every_ms: Double, trace: [[Double]] }
  private static let references: [String: Reference] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/traces.json")
    return (try? JSONDecoder().decode([String: Reference].self, from: Data(contentsOf: file))) ?? [:]
  }()
  private static let neurons: [String: any FineNeuron] = [
    "adex": AdaptiveExponential(), "adex_low": AdaptiveExponential(), "eif_low": ExponentialIntegrateAndFire(),
    "izhikevich": Izhikevich(), "chattering": Izhikevich(.chattering), "hodgkin_huxley": HodgkinHuxley(),
  ]
  @Test(arguments: ["adex", "adex_low", "eif_low", "izhikevich", "chattering", "hodgkin_huxley"])
  func spikesFallWhereTheyShould(_ name: String) throws {
    let reference = try #require(Self.references[name]), neuron = try #require(Self.neurons[name]), dt = 0.01
    let steps = Int((reference.every_ms * Double(reference.trace.count) / dt).rounded())
    let trace = neuron.trace(current: Array(repeating: reference.current, count: steps), dt: .ms(dt))
    let spikes = trace.output.indices.filter { trace.output[$0] != 0 }.map { Double($0 + 1) * dt }
    #expect(spikes.count == reference.spikes_ms.count)
    // A spike waits for the end of its step, so that later ones fall behind by a step each at most.
    for (k, pair) in zip(spikes, reference.spikes_ms).enumerated() {
      #expect(pair.0 - pair.1 > -1e-6 && pair.0 - pair.1 <= dt * Double(k + 2) * 3, "\(k): \(pair)")
    }
  }
  @Test(arguments: ["adex_low", "eif_low", "hodgkin_huxley"]) func theCourseIsTheSame(_ name: String) throws {
    let reference = try #require(Self.references[name]), neuron = try #require(Self.neurons[name]), dt = 0.05
    let per = Int((reference.every_ms / dt).rounded())
    let trace = neuron.trace(
      current: Array(repeating: reference.current, count: per * reference.trace.count), dt: .ms(dt))
    for (k, row) in reference.trace.enumerated() {
      for (variable, value) in row.enumerated() {
        #expect(abs(trace.values[variable][(k + 1) * per - 1] - value) < 2e-3 * max(1, abs(value)), "\(k) \(variable)")
      }
    }
  }
}

import Accelerated
import Classic
import Compute
import Foundation
import Laws
import Spiking
import TestSupport
import Testing

private func lif(_ change: (inout LeakyIntegrateAndFire) -> Void = { _ in }) -> LeakyIntegrateAndFire {
  var neuron = LeakyIntegrateAndFire()
  change(&neuron)
  return neuron
}

/// Laws that every neuron obeys, C loops included.
@Suite struct NeuronLaws {
  @Test(arguments: [
    lif(), lif { $0.reset = .subtract }, lif { $0.refractory = .ms(3) },
    lif {
      $0.tau = .ms(2)
      $0.refractory = .ms(1)
      $0.reset = .subtract
    },
  ])
  func lifObeysThem(_ neuron: LeakyIntegrateAndFire) {
    #expect(checkNeuron(neuron).broken == [])
    #expect(checkPullback(neuron).broken == [])
  }
  @Test(arguments: [Reset.zero, .subtract, .delayed], Surrogate.Shape.allCases)
  func loopsOfLIFAgreeWithItsRule(_ reset: Reset, _ shape: Surrogate.Shape) throws {
    for refractory in [0.0, 2] {
      let neuron = lif {
        ($0.reset, $0.surrogate, $0.refractory, $0.tau) = (reset, Surrogate(shape), .ms(refractory), .ms(2))
      }
      #expect(try checkLoops(neuron) == [])
    }
  }
  @Test func ifObeysThem() {
    var neuron = IntegrateAndFire()
    neuron.reset = .zero
    for neuron in [IntegrateAndFire(), neuron] {
      #expect(checkNeuron(neuron).broken == [])
      #expect(checkPullback(neuron).broken == [])
    }
  }
  @Test func declarationsAreSound() {
    #expect(checkDeclared(LeakyIntegrateAndFire.self) == [])
    #expect(checkDeclared(IntegrateAndFire.self) == [])
    #expect(checkDeclared(BackpropagationThroughTime.self) == [])
    #expect(checkDeclared(ConstantCurrent.self) == [])
    #expect(checkDeclared(StepCurrent.self) == [])
    #expect(checkDeclared(RampCurrent.self) == [])
    #expect(checkDeclared(SineCurrent.self) == [])
    #expect(checkDeclared(NoiseCurrent.self) == [])
    #expect(checkDeclared(SpikeCurrent.self) == [])
  }
}

/// The leaky integrate-and-fire neuron against its closed forms.
@Suite struct ClosedForms {
  /// v(t) = i·(1 − e^(−t/τ)) below the threshold.
  @Test(arguments: [0.2, 0.9, -3.0], [0.1, 1.0, 7.0])
  func membraneFollowsTheExponential(_ current: Double, _ step: Double) throws {
    let neuron = lif(), dt = Time.ms(step)
    let recording = simulate(neuron: neuron, current: Array(repeating: current, count: 500), dt: dt)
    let v = try #require(recording.layers[0].trace("v"))
    for (k, value) in v.enumerated() {
      #expect(abs(value - current * (1 - exp(-Double(k + 1) * step / 20))) < 1e-12)
    }
  }
  /// The first spike falls at τ·ln(i/(i − θ)).
  @Test(arguments: [1.01, 1.2, 1.5, 4])
  func firstSpikeTime(_ current: Double) throws {
    let expected = 0.020 * log(current / (current - 1))
    let exact = simulate(neuron: lif(), current: Array(repeating: current, count: 400), dt: .ms(1), exact: true)
    let first = try #require(exact.layers[0].train(of: 0, dt: .ms(1)).times.first)
    #expect(abs(first.seconds - expected) < 1e-12)
    let stepped = simulate(neuron: lif(), current: Array(repeating: current, count: 4000), dt: .ms(0.1))
    let step = try #require(stepped.layers[0].spikes.spikeSteps(of: 0).first)
    #expect(step == Int((expected / 1e-4).rounded(.up)) - 1)
  }
  /// f(i) = 1 / (t_ref + τ·ln(i/(i − θ))), and 0 up to the threshold.
  @Test(arguments: [0.5, 1.0, 1.1, 2.0, 5.0], [0.0, 5.0])
  func rateFollowsTheClosedForm(_ current: Double, _ pause: Double) {
    let neuron = lif { $0.refractory = .ms(pause) }
    let recording = simulate(neuron: neuron, current: Array(repeating: current, count: 5000), dt: .ms(1), exact: true)
    let times = recording.layers[0].train(of: 0, dt: .ms(1)).times
    guard current > 1 else {
      #expect(times.isEmpty)
      return
    }
    let period = (times[times.count - 1].seconds - times[0].seconds) / Double(times.count - 1)
    #expect(abs(period - (pause / 1000 + 0.020 * log(current / (current - 1)))) < 1e-9)
  }
  @Test func softResetKeepsWhatWasAbove() throws {
    let neuron = lif {
      $0.reset = .subtract
      $0.tau = .ms(10)
    }
    let v = try #require(simulate(neuron: neuron, current: [30, 0], dt: .ms(1)).layers[0].trace("v"))
    let first = 30 * (1 - exp(-0.1))
    #expect(abs(v[0] - first) < 1e-12)
    #expect(abs(v[1] - (first - 1) * exp(-0.1)) < 1e-12)
  }
  @Test func nothingHappensWhileItIsRefractory() {
    let neuron = lif { $0.refractory = .ms(4) }
    let steps = simulate(neuron: neuron, current: Array(repeating: 1000, count: 20), dt: .ms(1)).layers[0].spikes
      .spikeSteps(of: 0)
    #expect(steps == [0, 5, 10, 15])
  }
  /// Spikes of a neuron that only adds come every θ/i steps.
  @Test(arguments: [0.1, 0.25, 0.3])
  func addingNeuronsFireEvenly(_ current: Double) {
    let count = simulate(neuron: IntegrateAndFire(), current: Array(repeating: current, count: 1000), dt: .ms(1))
      .layers[0].spikes.count
    #expect(abs(Double(count) - 1000 * current) <= 1)
  }
}

/// Currents.
@Suite struct CurrentTests {
  private func values<D: Drive>(_ drive: D, _ steps: Int = 100) -> [Double] {
    drive.currents(steps: steps, dt: .ms(1), random: RandomStream(seed: 3))
  }
  @Test func stepsSwitchOnAndOff() {
    var step = StepCurrent()
    (step.current, step.from, step.until) = (2, [.ms(10)], [.ms(30)])
    let x = values(step)
    #expect(x.indices.filter { x[$0] == 2 } == Array(10..<30))
    (step.before, step.from, step.until) = (0.5, [.ms(10), .ms(50)], [.ms(12), .ms(53)])
    let pulses = values(step)
    #expect(pulses.indices.filter { pulses[$0] == 2 } == [10, 11, 50, 51, 52])
    #expect(pulses.count { $0 == 0.5 } == 95)
    (step.from, step.until) = ([.ms(90)], [])
    #expect(values(step).suffix(10) == ArraySlice(repeating: 2, count: 10))
  }
  @Test func rampsRiseEvenly() {
    var ramp = RampCurrent()
    (ramp.from, ramp.end, ramp.over) = (1, 3, .ms(50))
    let x = values(ramp)
    #expect(x[0] == 1 && abs(x[25] - 2) < 1e-12 && x[50] == 3 && x[99] == 3)
    ramp.after = .ms(30)
    let late = values(ramp)
    #expect(late[30] == 1 && abs(late[55] - 2) < 1e-12 && late[80] == 3)
  }
  @Test func sinesSwing() {
    var wave = SineCurrent()
    (wave.current, wave.amplitude, wave.frequency) = (1, 0.5, Quantity(10, .frequency))
    let x = values(wave)
    #expect(abs(x[25] - 1.5) < 1e-9 && abs(x[75] - 0.5) < 1e-9)
  }
  @Test func noiseHasItsMoments() {
    var noise = NoiseCurrent()
    (noise.current, noise.sd) = (0.5, 2)
    for tau in [0.0, 5.0] {
      noise.tau = .ms(tau)
      let x = values(noise, 100_000), mean = x.reduce(0, +) / 1e5
      let sd = (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1e5).squareRoot()
      #expect(abs(mean - 0.5) < 0.1 && abs(sd - 2) < 0.1)
      let lag = zip(x, x.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } / 1e5 / (sd * sd)
      #expect(abs(lag - (tau > 0 ? exp(-1 / tau) : 0)) < 0.02)
    }
  }
  @Test func spikesJumpAndDecay() {
    var spikes = SpikeCurrent()
    (spikes.times, spikes.weight, spikes.tau) = ([.ms(10), .ms(12)], 3, .ms(5))
    let x = values(spikes)
    #expect(x[9] == 0 && x[10] == 3)
    #expect(abs(x[12] - (3 * exp(-0.4) + 3)) < 1e-12)
    spikes.times = []
    spikes.rate = Quantity(100, .frequency)
    spikes.tau = .ms(0.01)
    let arrivals = values(spikes, 50_000).count { $0 > 1 }
    #expect(abs(arrivals - 5000) < 300)
  }
}

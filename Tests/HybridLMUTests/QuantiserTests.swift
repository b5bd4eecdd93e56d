import Accelerated
import Compute
import Foundation
import HybridLMUKernels
import Laws
import Spiking
import TestSupport
import Testing

@testable import HybridLMU

private func diffusion(_ change: (inout DiffusionNeuron) -> Void = { _ in }) -> DiffusionNeuron {
  var neuron = DiffusionNeuron()
  change(&neuron)
  return neuron
}

/// Laws of quantised activations.
@Suite struct QuantiserTests {
  static let variants: [DiffusionNeuron] = [
    diffusion(), diffusion { ($0.omega, $0.activation) = (4, .relu) },
    diffusion { ($0.omega, $0.activation, $0.start) = (0.3, .linear, .zero) }, diffusion { $0.omega = .infinity },
    diffusion { ($0.omega, $0.rounding) = (3, .nearest) }, diffusion { ($0.start, $0.omega) = (.random, 2) },
    diffusion { $0.rounding = .stochastic }, diffusion { ($0.rounding, $0.omega) = (.poisson, 5) },
  ]
  @Test(arguments: variants) func obeysTheLaws(_ neuron: DiffusionNeuron) {
    #expect(checkNeuron(neuron, drive: -2...2).broken == [])
    #expect(checkPullback(neuron, drive: -2...2).broken == [])
  }
  /// With infinitely many quanta the neuron is its activation, and its gradient the true one.
  @Test(arguments: [Activation.tanh, .linear]) func gradientIsThatOfTheActivation(_ activation: Activation) {
    let exact = diffusion { ($0.omega, $0.activation) = (.infinity, activation) }
    #expect(checkPullback(exact, drive: -2...2, isSmooth: true).broken == [])
  }
  @Test func declarationsAreSound() { #expect(checkDeclared(DiffusionNeuron.self) == []) }

  @Test func tracesAreGolden() throws {
    for golden in try Golden.read(Golden.Traces.self, "quantizer-traces").cases {
      var diffusion = ErrorDiffusion(omega: golden.omega, error: golden.v0), n: [Double] = [], v: [Double] = []
      for a in golden.a {
        n.append(diffusion.quanta(a))
        v.append(diffusion.error)
      }
      #expect(n == golden.n, "\(golden.name) \(golden.omega)")
      // The file has 15 digits of a.
      #expect(largest(v, golden.v) < 1e-12 + 1e-14 * golden.omega, "\(golden.name) \(golden.omega)")
      #expect(largest(n.map { $0 / golden.omega }, golden.y) < 1e-12)
    }
  }
  /// The same spikes in single precision, where no sum comes near a whole number.
  @Test func populationsSendTheGoldenSpikes() throws {
    for golden in try Golden.read(Golden.Traces.self, "quantizer-traces").cases
    where golden.v0 == 0.5 && golden.margin > 1e-3 {
      let neuron = diffusion { ($0.omega, $0.activation) = (golden.omega, .linear) }
      let network = try Network(input: [1], [Population(neuron)])
      var pass = Pass(machine: Machine(), dt: .ms(1), parameters: Parameters(zeros: network.layout))
      let steps = golden.a.count
      let signal = Signal(Tensor(golden.a.map(Float.init), [steps]), steps: steps, batch: 1, features: [1])
      let sent = network.forward(signal, &pass).values.values.map { Double($0) * golden.omega }
      #expect(largest(sent, golden.n) < 1e-3, "\(golden.name) \(golden.omega)")
    }
  }
  /// |Σ(y − a)| < 1/ω for every length of run, and n stays within ±⌈ω⌉.
  @Test(arguments: [0.25, 0.5, 1, 2, 3.7, 40]) func sumsNeverDrift(_ omega: Double) {
    let random = RandomStream(seed: 6)
    var diffusion = ErrorDiffusion(omega: omega, error: 0.5), sum = 0.0
    for t in 0..<2000 {
      let a = 2 * random.uniformDouble(t) - 1, before = diffusion.error, n = diffusion.quanta(a)
      #expect(abs(n) <= omega.rounded(.up))
      #expect(abs(n / omega - a - (before - diffusion.error) / omega) < 1e-12)
      sum += n / omega - a
      #expect(abs(sum) < 1 / omega)
    }
  }
  /// Random rounding has the mean of its input and, at a fraction of φ, the variance φ(1 − φ)/ω²; Poisson |a|/ω.
  @Test(arguments: [Rounding.stochastic, .poisson], [0.37, -1.2])
  func randomRoundingIsUnbiased(_ rounding: Rounding, _ a: Float) {
    let quantiser = Quantiser(omega: 2, rounding: rounding, start: .half), count = 40_000
    var input = [Float](repeating: a, count: count), output = input, errors = input
    input.withUnsafeMutableBufferPointer { x in
      output.withUnsafeMutableBufferPointer { y in
        errors.withUnsafeMutableBufferPointer { v in
          guard let x = x.baseAddress, let y = y.baseAddress, let v = v.baseAddress else { return }
          quantiser.send(
            lmu_rows(base: x, stride: count), rows: 1, width: count, errors: lmu_rows(base: v, stride: count),
            into: lmu_rows(base: y, stride: count), step: 3
          ) { _ in RandomStream(seed: 8) }
        }
      }
    }
    let mean = output.reduce(0.0) { $0 + Double($1) } / Double(count)
    let variance = output.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(count)
    let scaled = abs(2 * Double(a)), fraction = scaled - scaled.rounded(.down)
    let expected = rounding == .poisson ? scaled / 4 : fraction * (1 - fraction) / 4
    #expect(abs(mean - Double(a)) < 0.02)
    #expect(abs(variance - expected) < 0.04 * expected)
  }
  @Test func roundingForgetsItsError() {
    let neuron = diffusion { ($0.omega, $0.rounding, $0.activation) = (2, .nearest, .linear) }
    #expect(neuron.trace(current: [0.2, 0.2, 0.3, -0.26, 5.1], dt: .ms(1)).output == [0, 0, 0.5, -0.5, 5])
  }
  @Test func startsWhereItIsTold() {
    func first(_ start: ErrorStart) -> [Double] {
      diffusion { ($0.start, $0.activation) = (start, .linear) }.trace(current: [0.6, 0.6], dt: .ms(1)).output
    }
    #expect(first(.half) == [1, 0])
    #expect(first(.zero) == [0, 1])
    let network = try? Network(input: [500], [Population(diffusion { $0.start = .random })])
    guard let network else { return #expect(Bool(false)) }
    var pass = Pass(machine: Machine(), dt: .ms(1), parameters: Parameters(zeros: network.layout))
    pass.records = [:]
    _ = network.forward(Signal(Tensor(zeros: [500]), steps: 1, batch: 1, features: [500]), &pass)
    let errors = pass.records?["neuron1.s"]?.values ?? []
    #expect(abs(errors.reduce(0, +) / 500 - 0.5) < 0.05)
    #expect(Set(errors).count > 490)
  }
  @Test func statisticsAreGolden() throws {
    for golden in try Golden.read(Golden.Statistics.self, "spike-stats").cases {
      let found = QuantumStatistics(golden.n)
      #expect(found.levels == golden.levels && found.count == golden.n.count)
      #expect(
        largest(
          [found.bits, found.sig, found.pop, found.entropy, found.density, found.adds],
          [golden.bits, golden.sig, golden.pop, golden.entropy, golden.density, golden.adds]) < 1e-12)
    }
  }
}

/// Diffusion moves the power of the error to high frequencies.
@Suite struct NoiseShapingTests {
  /// The input of the golden files: a slow sine, and noise one quantum wide.
  private func input(_ golden: Golden.Noise) -> [Double] {
    var state: UInt64 = 2024
    return (0..<golden.T).map { t in
      state = 6_364_136_223_846_793_005 &* state &+ 1_442_695_040_888_963_407
      let w = Double(state >> 11) / 0x1p53
      return 0.3 * sin(2 * Double.pi * Double(t) / 512) + (w - 0.5) / golden.omega
    }
  }
  @Test(arguments: ["noise-shaping-omega1", "noise-shaping-omega4"]) func spectraAreGolden(_ name: String) throws {
    let golden = try Golden.read(Golden.Noise.self, name), a = input(golden)
    #expect(largest(Array(a.prefix(8)), golden.a_first) < 1e-10)
    var diffusion = ErrorDiffusion(omega: golden.omega, error: golden.v0)
    let n = a.map { diffusion.quanta($0) }
    #expect(n.map { Int($0) } == golden.spikes.utf8.map { Int($0) - 97 - 8 })
    #expect(abs(diffusion.error - golden.v_last) < 1e-9)
    let error = zip(n, a).map { $0 / golden.omega - $1 }
    let mean = error.reduce(0, +) / Double(error.count)
    let variance = error.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(error.count)
    #expect(abs(variance - golden.error_variance) < 1e-9)
    #expect(abs(variance * 6 * golden.omega * golden.omega - 1) < 0.03)
    let density = Spectrum.density(of: error, segment: golden.welch_segment)
    let frequencies = density.indices.map { Double($0) / Double(golden.welch_segment) }
    var apart: [Double] = []
    for band in golden.bands {
      let inside = density.indices.filter { band.lo..<band.hi ~= frequencies[$0] }
      let level = inside.reduce(0) { $0 + density[$1] } / Double(inside.count)
      #expect(abs(Spectrum.decibels(level) - band.density_dB) < 0.5)
      apart.append(Spectrum.decibels(level) - band.theory_dB)
    }
    #expect(abs(apart.reduce(0, +) / Double(apart.count)) < 0.5)
    let points = frequencies.indices.filter { 0.004...0.1 ~= frequencies[$0] }
      .map { (log10(frequencies[$0]), Spectrum.decibels(density[$0])) }
    #expect(abs((PlotSpectrum.regression(points) ?? 0) - 20) < 1.5)
  }
  /// Parseval: the densities over −½ … ½ add up to the mean power.
  @Test func densitiesAddUpToThePower() {
    let random = RandomStream(seed: 1), signal = (0..<1 << 15).map { random.normal($0) }
    let density = Spectrum.density(of: signal, segment: 256)
    let sum = (density[0] + density[128] + 2 * density[1..<128].reduce(0, +)) / 256
    #expect(abs(sum - 1) < 0.03)
    let wave = Spectrum.transform((0..<64).map { cos(2 * .pi * 5 * Double($0) / 64) })
    #expect(abs(wave.real[5] - 32) < 1e-10 && abs(wave.real[6]) < 1e-10)
  }
}

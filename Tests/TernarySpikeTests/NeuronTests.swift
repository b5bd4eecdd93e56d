import Accelerated
import Compute
import Foundation
import Laws
import Spiking
import TestSupport
import Testing

@testable import TernarySpike

private func ternary(_ change: (inout TernaryNeuron) -> Void = { _ in }) -> TernaryNeuron {
  var neuron = TernaryNeuron()
  change(&neuron)
  return neuron
}

/// Laws of the ternary neuron.
@Suite struct NeuronTests {
  static let variants: [TernaryNeuron] = [
    ternary(), ternary { $0.spikes = .binary }, ternary { ($0.height, $0.decay, $0.threshold) = (1.7, 0.5, 0.3) },
    ternary { ($0.amplitude, $0.height) = (.trainable, -0.6) }, ternary { $0.resetGradient = .detached },
    ternary { ($0.spikes, $0.ties, $0.window) = (.binary, .fire, .open) }, ternary { $0.smooth = true },
    ternary { $0.surrogate = Surrogate(.arctan, sharpness: 2) },
  ]
  @Test(arguments: variants) func obeysTheLaws(_ neuron: TernaryNeuron) {
    #expect(checkNeuron(neuron).broken == [])
    #expect(checkPullback(neuron, drive: -2...2, isSmooth: false).broken == [])
  }
  @Test func declarationsAreSound() { #expect(checkDeclared(TernaryNeuron.self) == []) }

  /// With smooth spikes the gradient is that of finite differences, through the reset too.
  @Test(arguments: Surrogate.Shape.allCases, TernaryNeuron.Spikes.allCases)
  func smoothGradients(_ shape: Surrogate.Shape, _ spikes: TernaryNeuron.Spikes) {
    var neuron = ternary { ($0.smooth, $0.spikes, $0.height) = (true, spikes, 1.3) }
    neuron.surrogate = Surrogate(shape, sharpness: 0.5)
    // In double precision, away from the corners of clamp and triangle.
    let rule = neuron.fineRule(dt: .ms(1)), random = RandomStream(seed: 8), steps = 6
    let current = (0..<steps).map { 1.4 * Double(random.uniform($0)) - 0.6 }
    let upstream = (0..<steps).map { Double(random.child(1).uniform($0)) - 0.5 }
    func loss(_ current: [Double]) -> Double {
      var state = rule.rest, sum = 0.0
      for (i, weight) in zip(current, upstream) {
        state = rule.integrate(state, i)
        sum += weight * rule.fire(&state)
      }
      return sum
    }
    var before: [TernaryNeuron.Dynamics<Double>.State] = [], state = rule.rest
    for i in current {
      before.append(state)
      state = rule.integrate(state, i)
      _ = rule.fire(&state)
    }
    var adjoint = rule.zeroAdjoint, learnt = rule.noGradients
    for t in (0..<steps).reversed() {
      let integrated = rule.integrate(before[t], current[t])
      let found = rule.pullback(
        before: before[t], integrated: integrated, current: current[t],
        slope: neuron.surrogate.slope(rule.distance(integrated)), output: upstream[t], adjoint: &adjoint,
        gradients: &learnt)
      var (up, down) = (current, current)
      up[t] += 1e-6
      down[t] -= 1e-6
      let difference = (loss(up) - loss(down)) / 2e-6
      #expect(abs(found - difference) < 1e-6 * max(1, abs(difference)), "step \(t)")
    }
  }

  @Test(arguments: variants.filter { !$0.smooth && $0.surrogate.shape == .clamp })
  func loopsAgreeWithTheRule(_ neuron: TernaryNeuron) throws { #expect(try checkLoops(neuron) == []) }

  struct Staircase: Decodable {
    struct Trains: Decodable { var s: [[Double]] }
    var T: Int, currents: [Double], first_spike_current: [Double], trains: [String: Trains]
  }
  /// Spike trains under constant currents, and the currents at which the first spike moves: θ(1 − τ)/(1 − τᵏ).
  @Test func constantCurrents() throws {
    let golden = try Golden.read(Staircase.self, "constant-current")
    for (mode, trains) in golden.trains {
      let neuron = ternary { $0.spikes = mode == "binary" ? .binary : .ternary }
      for (current, train) in zip(golden.currents, trains.s) {
        let found = neuron.trace(current: Array(repeating: current, count: golden.T), dt: .ms(1)).output
        #expect(found == train, "\(mode) \(current)")
      }
    }
    for (k, current) in golden.first_spike_current.enumerated() {
      let closed = 0.5 * 0.75 / (1 - pow(0.25, Double(k + 1)))
      #expect(abs(closed - current) < 1e-9)
      for (offset, first) in [(1e-9, k), (-1e-9, k + 1)] {
        let train = ternary().trace(current: Array(repeating: closed + offset, count: 12), dt: .ms(1)).output
        if first < 8 { #expect(train.firstIndex { $0 != 0 } == first, "\(k), \(offset)") }
      }
    }
  }
  /// −i gives −m, −b; and currents and thresholds scaled alike give the same spikes.
  @Test func symmetryAndScale() {
    let random = RandomStream(seed: 2), current = (0..<200).map { 3 * Double(random.uniform($0)) - 1.5 }
    let trace = ternary().trace(current: current, dt: .ms(1))
    let mirrored = ternary().trace(current: current.map { -$0 }, dt: .ms(1))
    #expect(zip(trace.output, mirrored.output).allSatisfy { $0 == -$1 })
    #expect(zip(trace.values[0], mirrored.values[0]).allSatisfy { $0 == -$1 })
    let scaled = ternary { $0.threshold = 2 }.trace(current: current.map { 4 * $0 }, dt: .ms(1))
    #expect(scaled.output == trace.output)
    #expect(Set(trace.output) == [-1, 0, 1])
    let binary = ternary { $0.spikes = .binary }.trace(current: [current[0]], dt: .ms(1)).output
    #expect(binary[0] == max(0, trace.output[0]))
  }
  /// One step back multiplies a gradient by τ·ρ, whose size is at most a quarter.
  @Test func littleReachesBackInTime() {
    let rule = ternary().fineRule(dt: .ms(1))
    for m in stride(from: -2.0, through: 2, by: 0.05) {
      var adjoint = TernaryNeuron.Dynamics<Double>.State(membrane: 1), none = rule.noGradients
      let state = TernaryNeuron.Dynamics<Double>.State(membrane: m),
        slope = Surrogate(.clamp).slope(rule.distance(state))
      _ = rule.pullback(
        before: rule.rest, integrated: state, current: m, slope: slope, output: 0, adjoint: &adjoint, gradients: &none)
      let expected = abs(m) < 0.5 ? 1 : abs(m) <= 1 ? -abs(m) : 0
      #expect(abs(adjoint.membrane - 0.25 * expected) < 1e-12 && abs(adjoint.membrane) <= 0.25, "\(m)")
      #expect(ternary().credit(of: m) == adjoint.membrane)
    }
  }
}

/// Amplitudes in networks.
@Suite struct AmplitudeTests {
  /// In front of convolution and normalisation a height is divided out again; in front of a classifier it is not.
  @Test func normalisationTakesHeightsAway() throws {
    let neuron = ternary { $0.amplitude = .trainable }
    let network = try Network(
      input: [1, 6, 6],
      [
        Convolution(4), BatchNorm(), Population(neuron), Convolution(4), BatchNorm(), Population(neuron), Dense(3),
      ])
    let random = RandomStream(seed: 3),
      input = Signal(
        Tensor((0..<8 * 36).map { random.uniform($0) }, [8 * 36]), steps: 2, batch: 8, features: [1, 6, 6],
        isConstant: true)
    func run(_ layer: String, _ height: Float) -> (output: [Float], gradient: Float) {
      var parameters = Parameters(initial: network.layout, random: RandomStream(seed: 1))
      parameters["\(layer).amplitude"] = [height]
      var pass = Pass(machine: Machine(), dt: .ms(1), parameters: parameters, gradients: true)
      pass.isTraining = true
      let tape = network.trace(input, &pass), output = tape[network.nodes.count]
      var upstream = output
      for i in 0..<upstream.values.count { upstream.values[i] = random.child(2).uniform(i) - 0.5 }
      network.backward(upstream, tape, &pass)
      return (output.values.values, pass.gradients?["\(layer).amplitude"][0] ?? .nan)
    }
    func distance(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } }
    let (one, four) = (run("neuron1", 1), run("neuron1", 4))
    #expect(distance(one.output, four.output) < 1e-4 && abs(one.gradient) < 1e-3)
    let (last, higher) = (run("neuron2", 1), run("neuron2", 4))
    #expect(distance(last.output, higher.output) > 0.1 && abs(last.gradient) > 1e-2)
  }
  /// Behind a fresh normalisation 62 % of the units fire in the first step, as often up as down.
  @Test func ratesAtTheStart() throws {
    let network = try Network(input: [50], [Dense(400), BatchNorm(), Population(ternary())])
    let random = RandomStream(seed: 5)
    let input = Signal(
      Tensor((0..<200 * 50).map { Float(random.normal($0)) }, [200 * 50]), steps: 1, batch: 200, features: [50],
      isConstant: true)
    var pass = Pass(machine: Machine(), dt: .ms(1), parameters: Parameters(initial: network.layout, random: random))
    pass.isTraining = true
    let spikes = network.forward(input, &pass).values.values, n = Double(spikes.count)
    let up = Double(spikes.count { $0 > 0 }) / n, down = Double(spikes.count { $0 < 0 }) / n
    #expect(abs(up + down - 0.617) < 0.02 && abs(up - down) < 0.02)
    #expect(abs(Entropy.bits([up, down, 1 - up - down]) - 1.577) < 0.005)
  }
}

import Foundation
import Laws
import Spiking
import TestSupport
import Testing

@testable import Classic

@Suite struct SurrogateTests {
  static let shapes = Surrogate.Shape.allCases
  /// A course with silence, spikes and all that lies between.
  static let current: [Double] = (0..<40).map { step in
    let wave: Double = 1.1 * sin(0.7 * Double(step))
    return 1.3 + wave + 0.01 * Double(step % 7)
  }

  private func check<N: SteppedNeuron & DifferentiableNeuron>(
    _ neuron: N, _ shape: Surrogate.Shape, scale: Double = 1, _ change: (inout N) -> Void = { _ in }
  ) -> [String] where N.FineRule: DifferentiableRule {
    var neuron = neuron
    neuron.surrogate = Surrogate(shape, sharpness: 0.4)
    change(&neuron)
    return checkSurrogate(neuron, current: Self.current.map { scale * $0 }).broken
  }
  @Test(arguments: shapes, [Reset.zero, .subtract, .delayed])
  func gradientsOfLeakyNeurons(_ shape: Surrogate.Shape, _ reset: Reset) {
    #expect(check(LeakyIntegrateAndFire(), shape) { ($0.tau, $0.reset) = (.ms(3), reset) } == [])
    #expect(check(LeakyIntegrateAndFire(), shape) { ($0.tau, $0.reset, $0.refractory) = (.ms(3), reset, .ms(2)) } == [])
    #expect(check(Lapicque(), shape, scale: 2.5) { ($0.reset, $0.refractory) = (reset, .ms(2)) } == [])
    #expect(check(CurrentBased(), shape) { ($0.tau, $0.synapse, $0.reset) = (.ms(4), .ms(3), reset) } == [])
    #expect(
      check(CurrentBased(), shape) { ($0.tau, $0.reset, $0.refractory) = (.ms(4), reset, .ms(3)) } == [])
    // What spikes add to w has a surrogate of its own, which the twin lacks.
    #expect(check(AdaptiveLeaky(), shape) { ($0.tau, $0.reset, $0.jump) = (.ms(3), reset, 0) } == [])
  }
  @Test(arguments: shapes) func gradientsOfIntegrators(_ shape: Surrogate.Shape) {
    #expect(check(IntegrateAndFire(), shape, scale: 0.4) == [])
    #expect(check(IntegrateAndFire(), shape, scale: 0.4) { $0.reset = .zero } == [])
  }
  /// S goes from 0 to 1, its slope is s, and a row of slopes is what single ones are.
  @Test(arguments: shapes, [0.5, 1, 3]) func slopesIntegrateToSpikes(_ shape: Surrogate.Shape, _ sharpness: Double) {
    let surrogate = Surrogate(shape, sharpness: sharpness), far = 1e5
    #expect(surrogate.value(-far) < 1e-4 && surrogate.value(far) > 1 - 1e-4)
    #expect(abs(surrogate.value(0) - 0.5) < 1e-12)
    for x in stride(from: -2.95, through: 2.95, by: 0.1) where abs(abs(sharpness * x) - 1) > 1e-3 {
      let difference = (surrogate.value(x + 1e-6) - surrogate.value(x - 1e-6)) / 2e-6
      #expect(abs(difference - surrogate.slope(x)) < 1e-6)
    }
    var row = (0..<300).map { Float($0 - 150) / 50 + 0.005 }
    let single = row.map { Float(surrogate.slope(Double($0))) }
    row.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { surrogate.replace(base, count: 300) }
    }
    for (a, b) in zip(row, single) { #expect(abs(a - b) < 1e-5) }
  }
  /// One spike that raises w by d; the next step receives ∂L/∂w = −transfer: closed form of two steps.
  @Test func adaptationIsLearntThroughSpikes() {
    var neuron = AdaptiveLeaky()
    (neuron.tau, neuron.jump, neuron.threshold) = (.ms(5), 0.3, 0.1)
    let rule = neuron.fineRule(dt: .ms(1)), first = rule.integrate(rule.rest, 1)
    var after = first, adjoint = rule.zeroAdjoint, none = NoGradients()
    let sent = rule.fire(&after)
    let second = rule.integrate(after, 0.2)
    _ = rule.pullback(
      before: after, integrated: second, current: 0.2, slope: 1, output: 1, adjoint: &adjoint, gradients: &none)
    let byMembrane = rule.leak / neuron.threshold, byFatigue = -rule.transfer / neuron.threshold
    #expect(sent == 1 && abs(adjoint.membrane - byMembrane) < 1e-12 && abs(adjoint.fatigue - byFatigue) < 1e-12)
    let current = rule.pullback(
      before: rule.rest, integrated: first, current: 1, slope: 0.7, output: 0, adjoint: &adjoint, gradients: &none)
    // The membrane is reset to 0, so only the spike's jump is left.
    #expect(abs(current - rule.gain * 0.7 / neuron.threshold * neuron.jump * byFatigue) < 1e-12)
  }
}

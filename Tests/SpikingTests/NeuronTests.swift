import Compute
import Foundation
import Laws
import Spiking
import TestSupport
import Testing

@Suite struct NeuronTests {
  @Test func lawsOfNeurons() {
    #expect(checkNeuron(Leaky()).broken == [])
    #expect(checkNeuron(Smooth()).broken == [])
    #expect(checkNeuron(Noisy()).broken == [])
    #expect(checkPullback(Leaky()).broken == [])
    #expect(checkPullback(Smooth(), drive: -0.5...0.5, isSmooth: true).broken == [])
    #expect(checkDeclared(Leaky.self) == [])
  }
  /// The checkers themselves must notice.
  @Test func brokenNeuronsAreFound() {
    struct Forgetful: Neuron {
      var card: Manual { Manual("forgetful", "Starts anew with every call.") }
      var variables: [Variable] { [Variable("membrane")] }
      func rest(_ block: PopulationBlock) {}
      func advance(_ block: PopulationBlock) {
        var v: Float = 0
        for t in 0..<block.steps {
          for i in 0..<block.count {
            v += block.current[t * block.currentStride + i]
            block.output[t * block.outputStride + i] = v > 1 ? 1 : 0
            if v > 1 { v -= 1 }
          }
        }
      }
    }
    let broken = checkNeuron(Forgetful()).broken
    #expect(broken.contains("neuron 1 alone sends something else than within a population"))
    #expect(broken.contains("a run in two chunks sends something else"))
    #expect(checkPullback(Noisy()).broken == ["it has no surrogate gradient"])
  }
  @Test func cardsAndSettingsAreWritten() {
    #expect(Leaky().kind == "leaky")
    #expect(Leaky().settingsText == "tau=20ms threshold=1 reset=subtract")
    #expect(Leaky().firingThreshold == 1)
    #expect(Noisy().firingThreshold == nil && Noisy().settingsText.isEmpty)
  }

  /// v(t) = i·(1 − e^(−t/τ)) below threshold.
  @Test func aDrivenNeuronFollowsItsClosedForm() {
    let recording = simulate(neuron: Leaky(), current: Array(repeating: 0.9, count: 2000), dt: .ms(0.1))
    let membrane = recording.layers[0].trace("membrane") ?? []
    let worst = membrane.enumerated().map { abs($1 - 0.9 * (1 - exp(-Double($0 + 1) * 1e-4 / 0.02))) }.max() ?? 1
    #expect(worst < 1e-13)
    #expect(recording.layers[0].spikes.count == 0 && recording.layers[0].threshold == 1)
  }
  /// Period T = τ ln(i / (i − θ)) with a reset to zero; exact spike times do not depend on dt.
  @Test func exactSpikesComeWithTheClosedPeriod() throws {
    var neuron = Leaky()
    neuron.reset = .zero
    let period = 0.02 * log(1.5 / 0.5)
    for dt in [Time.ms(0.1), .ms(1), .ms(7)] {
      let steps = Int(0.21 / dt.seconds)
      let recording = simulate(neuron: neuron, current: Array(repeating: 1.5, count: steps), dt: dt, exact: true)
      let train = try #require(recording.layers[0].trains?[0])
      #expect(train.count == Int(Double(steps) * dt.seconds / period))
      for (k, time) in train.times.enumerated() { #expect(abs(time.seconds - Double(k + 1) * period) < 1e-12) }
    }
  }
  @Test func statesOfARecording() {
    let recording = simulate(neuron: Leaky(), current: [0, 30, 0], dt: .ms(1))
    #expect(recording.state(after: 2).map(\.spike) == [1])
    #expect(recording.state(after: 2)[0].values.map(\.name) == ["membrane"])
    #expect(recording.state(after: 4).isEmpty && recording.state(after: -1).isEmpty)
    #expect(simulate(neuron: Noisy(), current: [1, 1, 0], dt: .ms(1)).layers[0].spikes.count == 2)
  }
}

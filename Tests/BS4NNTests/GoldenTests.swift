import BS4NNKernels
import Compute
import Foundation
import Spiking
import Testing

@testable import BS4NN

/// The published step on the cases of the golden vectors: the reference in double precision, the kernels in single.
@Suite struct GoldenTests {
  @Test(arguments: GoldenCase.names) func referenceInDouble(_ name: String) throws {
    let golden = try GoldenCase.read(name)
    var reference = golden.reference(Double.self)
    for (number, expected) in golden.steps.enumerated() {
      let ratio = zip(reference.theta, reference.alpha).map { Int(IntegerThreshold.value(threshold: $0, scale: $1)) }
      if let n = expected.integer_threshold, golden.isBinary { #expect(ratio == n, "step \(number)") }
      let step = reference.learn(expected.input_times, label: expected.label)
      #expect(Array(step.times.dropFirst()) == expected.spike_times, "step \(number)")
      #expect(agree(step.probe, expected.output_probe, 1e-9))
      #expect(step.isSilent == expected.all_silent && step.strict == expected.winner_strict)
      #expect((step.strict == expected.label) == expected.correct_strict && step.isTiedCorrect == expected.correct_tied)
      #expect(step.target == expected.target)
      if let v = expected.v_end { for (a, b) in zip(step.end, v) { #expect(agree(a, b, 1e-9)) } }
      if let v = expected.v_cross {
        for (a, b) in zip(step.cross, v) {
          #expect(a.map { $0 == nil } == b.map { $0 == nil })
          #expect(agree(a.compactMap { $0 }, b.compactMap { $0 }, 1e-9))
        }
      }
      if let v = expected.delta_raw { for (a, b) in zip(step.raw, v) { #expect(agree(a, b, 1e-9), "raw \(a) \(b)") } }
      if let v = expected.norm { #expect(agree(step.norm, v, 1e-9)) }
      if let v = expected.delta { for (a, b) in zip(step.delta, v) { #expect(agree(a, b, 1e-9)) } }
      if let v = expected.delta_output { #expect(agree(step.delta.last ?? [], v, 1e-9)) }
      if let v = expected.grad_w { #expect(agree(flat(step.gradient), flat(v), 1e-9)) }
      if let v = expected.grad_alpha, golden.isBinary { #expect(agree(step.alphaGradient, v, 1e-9)) }
      if let v = expected.alpha_after, golden.isBinary { #expect(agree(reference.alpha, v, 1e-9)) }
      if let v = expected.sign_flips { #expect(step.flips == v) }
    }
    #expect(agree(flat(reference.weights), flat(golden.weights_after), 1e-9))
  }

  /// Weights of exactly 0 are left to the next test: one bit has no third sign.
  @Test(arguments: GoldenCase.names) func kernelsInSingle(_ name: String) throws {
    let golden = try GoldenCase.read(name)
    guard !golden.meetsZero else { return }
    let network = onlineNetwork(golden), recipe = recipe(golden)
    for (number, expected) in golden.steps.enumerated() {
      let bank = EventBank(SpikeTimes(expected.input_times, window: golden.config.t_max))
      if let n = expected.integer_threshold, golden.isBinary {
        #expect(network.layers.map { if case .at(let k) = $0.firing { Int(k) } else { -1 } } == n)
      }
      let verdict = bank.read(0) { network.learn($0, label: expected.label, recipe, rates: recipe.rates) }
      for (layer, times) in zip(network.layers, expected.spike_times) {
        #expect((0..<times.count).map { Int(layer.response.time[$0]) } == times, "step \(number)")
      }
      #expect(verdict.isSilent == expected.all_silent && verdict.isTiedCorrect == expected.correct_tied)
      let probe = expected.output_probe.indices.map { network.output.response.potentialAtProbe($0) }
      #expect(agree(probe, expected.output_probe, 2e-5))
      if let v = expected.delta {
        for (l, errors) in v.enumerated() where verdict.isUpdated {
          #expect(agree((0..<errors.count).map { Double(network.layers[l].delta[$0]) }, errors, 2e-5))
        }
      }
      if let v = expected.alpha_after, golden.isBinary {
        #expect(agree(network.layers.map { Double($0.alpha) }, v, 2e-5))
      }
      if let v = expected.sign_flips, golden.isBinary { #expect(verdict.flips == v) }
    }
    #expect(agree(flat(weights(of: network)), flat(golden.weights_after), 2e-5))
  }

  @Test(arguments: GoldenCase.names) func kernelsAgainstReference(_ name: String) throws {
    let golden = try GoldenCase.read(name), network = onlineNetwork(golden), recipe = recipe(golden)
    var reference = golden.reference(Double.self)
    reference.zeroIsPositive = true
    for (number, sample) in golden.steps.enumerated() {
      let bank = EventBank(SpikeTimes(sample.input_times, window: golden.config.t_max))
      let verdict = bank.read(0) { network.learn($0, label: sample.label, recipe, rates: recipe.rates) }
      let step = reference.learn(sample.input_times, label: sample.label)
      for (layer, times) in zip(network.layers, step.times.dropFirst()) {
        #expect((0..<times.count).map { Int(layer.response.time[$0]) } == times, "step \(number)")
      }
      #expect(verdict.isTiedCorrect == step.isTiedCorrect)
      if golden.isBinary { #expect(agree(network.layers.map { Double($0.alpha) }, reference.alpha, 2e-5)) }
    }
    #expect(agree(flat(weights(of: network)), flat(reference.weights), 2e-5))
  }
  private func recipe(_ golden: GoldenCase) -> Recipe {
    let c = golden.config
    var options = OnlineOptions()
    (options.rule, options.gamma) = (.published, Double(c.gamma))
    (options.rates, options.decay, options.alphaRate) = (c.lr, c.lambda, c.lr_alpha)
    options.order = c.order == "previous" ? .previous : .updated
    options.silent = c.silent_rule == "pull_label" ? .pull : SilentRule.none
    return Recipe(
      options,
      Recipe.Situation(
        isBinary: golden.isBinary, inputs: c.sizes[0], units: Array(c.sizes.dropFirst()), neuronThresholds: c.theta,
        activeInputs: 3))
  }

  private func onlineNetwork(_ golden: GoldenCase) -> OnlineNetwork {
    let layers = golden.weights.enumerated().map { l, rows in
      let matrix = SynapseMatrix(inputs: rows[0].count, outputs: rows.count, isBinary: golden.isBinary)
      let inputMajor = rows[0].indices.flatMap { i in rows.map { Float($0[i]) } }
      inputMajor.withUnsafeBufferPointer { if let base = $0.baseAddress { matrix.read(base) } }
      return OnlineLayer(
        matrix, threshold: golden.config.theta[l], alpha: golden.isBinary ? Float(golden.config.alpha[l]) : 1)
    }
    return OnlineNetwork(layers, window: golden.config.t_max)
  }
  private func weights(of network: OnlineNetwork) -> [[[Double]]] {
    network.layers.map { layer in
      let m = layer.matrix
      return (0..<m.outputs).map { j in
        (0..<m.inputs).map { Double(m.weights[$0 * m.stride + j]) * layer.shrinkage }
      }
    }
  }

  @Test func encoding() throws {
    struct Levels: Decodable { var t_enc_255: [Int], t_enc_256: [Int] }
    let golden = try JSONDecoder().decode(Levels.self, from: Files.golden("encoding"))
    for (levels, expected) in [(255, golden.t_enc_255), (256, golden.t_enc_256)] {
      let encoder = TimeToFirstSpike(steps: 256, levels: levels), code = try encoder.code(for: [1], dt: .ms(1))
      #expect((0..<256).map { encoder.time(Float($0) * (1 / 255), code) } == expected)
      #expect((0..<256).map { encoder.time(Float($0) / 255, code) } == expected)
    }
  }

  @Test func packing() throws {
    struct Packed: Decodable {
      var weights: [[Double]], input_times: [Int], time_index: [Int], potential: [[Double]], packed_rows: [[Int]]
    }
    let golden = try JSONDecoder().decode(Packed.self, from: Files.golden("packing"))
    let matrix = SynapseMatrix(inputs: 21, outputs: 3, isBinary: true)
    let inputMajor = (0..<21).flatMap { i in golden.weights.map { Float($0[i]) } }
    inputMajor.withUnsafeBufferPointer { if let base = $0.baseAddress { matrix.read(base) } }
    for (j, bytes) in golden.packed_rows.enumerated() {
      for i in 0..<21 { #expect(matrix.weight(i, j) == (bytes[i / 8] >> (i % 8) & 1 == 1 ? 1 : -1)) }
    }
    let bank = EventBank(SpikeTimes(golden.input_times, window: 64)), response = LayerResponse(matrix)
    for (k, index) in golden.time_index.enumerated() {
      // The probe stands three steps before the end of the window.
      bank.read(0) { matrix.respond(to: $0, .at(1000), window: index + 3, into: response, traces: true) }
      #expect((0..<3).map { response.potentialAtProbe($0) } == golden.potential.map { $0[k] })
    }
  }
}

extension SpikeTimes {
  /// One sample.
  init(_ times: [Int], window: Int) {
    self.init(samples: 1, features: times.count, window: window)
    for (i, t) in times.enumerated() { self.times[i] = UInt16(min(t, window)) }
  }
}

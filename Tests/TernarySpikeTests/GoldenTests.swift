import Compute
import Foundation
import Spiking
import Testing

@testable import Classic
@testable import TernarySpike

/// Single neurons and whole networks against golden vectors.
@Suite struct GoldenTests {
  private func close(_ a: [Float], _ b: [Double], _ tolerance: Double = 2e-5) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs(Double($0) - $1) <= tolerance * max(1, abs($1)) }
  }

  struct Variant: Decodable {
    var mode: String, a: Double, detach: Bool, decay: Double?, vth: Double?
    var window_inclusive: Bool?, tie_binary_ge: Bool?
    var m: Golden.Array?, s: Golden.Array, o: Golden.Array?, v_last: Golden.Array?, dI: Golden.Array, da: Double
  }
  struct Trace: Decodable { var T: Int, I: Golden.Array, upstream: Golden.Array, variants: [Variant] }

  @Test(arguments: ["lif-trace", "lif-edge"]) func neurons(_ file: String) throws {
    let golden = try Golden.read(Trace.self, file), n = golden.I.data.count / golden.T
    for (k, variant) in golden.variants.enumerated() {
      var neuron = TernaryNeuron()
      neuron.spikes = variant.mode == "binary" ? .binary : .ternary
      (neuron.amplitude, neuron.height) = (.trainable, variant.a)
      (neuron.decay, neuron.threshold) = (variant.decay ?? 0.25, (variant.vth ?? 1) / 2)
      neuron.resetGradient = variant.detach ? .detached : .attached
      neuron.window = variant.window_inclusive == false ? .open : .closed
      neuron.ties = variant.tie_binary_ge == true ? .fire : .silent
      let network = try Network(input: [n], [Population(neuron)])
      var pass = Pass(
        machine: Machine(), dt: .ms(1), parameters: Parameters(initial: network.layout, random: RandomStream(seed: 1)),
        gradients: true)
      (pass.records, pass.carried) = ([:], [:])
      let input = Signal(Tensor(golden.I.floats, [n * golden.T]), steps: golden.T, batch: 1, features: [n])
      let tape = network.trace(input, &pass)
      #expect(close(tape[1].values.values, variant.s.data.map { variant.a * $0 }), "\(file) \(k)")
      if let m = variant.m { #expect(close(try #require(pass.records?["neuron1.m"]).values, m.data), "\(file) \(k)") }
      if let v = variant.v_last { #expect(close(try #require(pass.carried?[0]).values, v.data), "\(file) \(k)") }
      (pass.records, pass.carried) = (nil, nil)
      let upstream = Signal(Tensor(golden.upstream.floats, [n * golden.T]), steps: golden.T, batch: 1, features: [n])
      let found = Population(neuron).backward(
        upstream, input: input, at: network.nodes[0], &pass, needsInput: true)
      #expect(close(try #require(found).values.values, variant.dI.data), "\(file) \(k)")
      #expect(close([pass.gradients?["neuron1.amplitude"][0] ?? .nan], [variant.da]), "\(file) \(k)")
    }
  }

  @Test(arguments: [
    "mlp-binary-T4", "mlp-ternary-T2", "mlp-trainable-T4", "mlp-trainable-detach-T4", "mlp-smooth", "conv-binary-T2",
    "conv-bn-joint-T2", "conv-bn-perstep-T3",
  ]) func networks(_ file: String) throws {
    let golden = try Golden.read(Golden.Case.self, file), shape = golden.input.shape
    let isStepped = false, batch = shape[0]
    let features = Shape(Array(shape.dropFirst(isStepped ? 2 : 1)))
    let made = try GoldenNetwork(golden.spec, golden.params, input: features), network = made.network
    var pass = Pass(machine: Machine(), dt: .ms(1), parameters: made.parameters, gradients: true)
    (pass.isTraining, pass.records) = (golden.training ?? true, [:])
    let input = Signal(
      Tensor(golden.input.floats, [golden.input.data.count]), steps: golden.T, batch: batch, features: features,
      isConstant: true)
    let tape = network.trace(input, &pass), output = try #require(tape.last)
    #expect(close(output.values.values, golden.expect.logits_per_step.data))
    for (name, layer) in golden.expect.layers {
      let index = try #require(made.neurons[name])
      #expect(close(try #require(pass.records?["layer\(index).m"]).values, layer.m.data), "\(name)")
    }
    // The loss of the mean logits, through the network that reads out.
    let reading = network.readingOut(), mean = reading.trace(input, &pass)
    let loss = CrossEntropy().result(try #require(mean.last), golden.labels)
    #expect(abs(loss.loss / Double(batch) - golden.expect.loss) < 1e-5)
    #expect(close(try #require(mean.last).values.values, golden.expect.logits.data))
    pass.records = nil
    reading.backward(loss.gradient, mean, &pass)
    for (theirs, gradient) in golden.expect.grads ?? [:] {
      let ours = try #require(made.names[theirs]), found = try #require(pass.gradients?[ours])
      #expect(close(found, GoldenNetwork.ours(gradient).map(Double.init)), "\(theirs)")
    }
    for (place, value) in golden.expect.finite_difference ?? [:] {
      let theirs = String(place.prefix { $0 != "[" }), gradient = try #require(golden.expect.grads?[theirs])
      let index = place.drop { $0 != "[" }.dropFirst().dropLast().split(separator: ", ").compactMap { Int($0) }
      let flat = zip(index, gradient.shape.dropFirst() + [1]).reduce(0) { ($0 + $1.0) * $1.1 }
      // The vectors agree with finite differences, and we with them.
      #expect(abs(gradient.data[flat] - value.data[0]) < 1e-6, "\(place)")
    }
    for (theirs, value) in golden.expect.running_after ?? [:] {
      let ours = try #require(made.names[theirs]), slot = try #require(network.layout[ours])
      let index = try #require(network.layout.entries.firstIndex { $0.name == slot.name })
      #expect(close(try #require(pass.statistics[index]), value.data), "\(theirs)")
    }
  }

  struct Reparameterised: Decodable { var expect: Golden.Case.Folded }

  /// Amplitudes move into the weights that read them; the identity shortcut keeps one as a gain.
  @Test func folding() throws {
    let golden = try Golden.read(Golden.Case.self, "residual-reparam")
    let folded = try Golden.read(Reparameterised.self, "residual-reparam").expect
    let shape = golden.input.shape, features = Shape(Array(shape.dropFirst()))
    let made = try GoldenNetwork(golden.spec, golden.params, input: features)
    let unscaling = try Unscaling(made.network, made.parameters), network = unscaling.network
    let gains = network.nodes.filter { $0.layer is Gain }
    #expect(gains.count == 1 && (gains.first?.layer as? Gain)?.factor == 0.75)
    #expect(network.layout.entries.allSatisfy { !$0.name.hasSuffix("amplitude") })
    for (theirs, value) in folded.folded_params {
      let ours = try #require(made.names[theirs])
      #expect(close(unscaling.parameters[ours], GoldenNetwork.ours(value).map(Double.init)), "\(theirs)")
    }
    for (theirs, ours) in made.names where folded.folded_params[theirs] == nil && !theirs.hasSuffix(".a") {
      #expect(unscaling.parameters[ours] == made.parameters[ours], "\(theirs)")
    }
    let input = Signal(
      Tensor(golden.input.floats, [golden.input.data.count]), steps: golden.T, batch: shape[0], features: features,
      isConstant: true)
    func run(_ network: Network, _ parameters: Parameters) -> (logits: [Float], membranes: [String: [Float]]) {
      var pass = Pass(machine: Machine(), dt: .ms(1), parameters: parameters)
      pass.records = [:]
      let output = network.readingOut().forward(input, &pass).values.values
      return (output, (pass.records ?? [:]).mapValues(\.values))
    }
    let before = run(made.network, made.parameters), after = run(network, unscaling.parameters)
    #expect(close(before.logits, golden.expect.logits.data) && close(after.logits, folded.folded_logits.data))
    for (name, membrane) in before.membranes {
      #expect(close(try #require(after.membranes[name]), membrane.map(Double.init)), "\(name)")
    }
    for (name, layer) in golden.expect.layers {
      let index = try #require(made.neurons[name])
      #expect(close(try #require(after.membranes["layer\(index).m"]), layer.m.data), "\(name)")
    }
  }

  struct Training: Decodable {
    struct Expected: Decodable { var losses: [Double], alphas: [[Double]], final: [String: Golden.Array] }
    var T: Int, steps: Int, spec: [Golden.Operation], input: Golden.Array, labels: [Int], params: [String: Golden.Array]
    var expect: Expected
  }
  /// Twelve steps of full-batch SGD with momentum, decay on weights only: losses, amplitudes and all values in the end.
  @Test func training() throws {
    let golden = try Golden.read(Training.self, "train-mlp"), features = Shape(Array(golden.input.shape.dropFirst()))
    let made = try GoldenNetwork(golden.spec, golden.params, input: features)
    let classes = Array(Set(golden.labels)).count
    let bank = SampleBank(shape: features, labels: golden.labels, floats: golden.input.floats)
    let dataset = Dataset(
      name: "golden", classes: (0..<max(classes, made.network.output.count)).map(String.init), shape: features,
      parts: [.train: .init(bank)])
    let data = try EncodedData(dataset, Direct(steps: golden.T), seed: 1, dt: .ms(1))
    var model = Model(made.network, parameters: made.parameters, input: data.outline, data: data)
    var trainer = BackpropagationThroughTime()
    (trainer.options.epochs, trainer.options.batch, trainer.options.optimiser) = (golden.steps, 8, .sgd)
    (trainer.options.rate, trainer.options.momentum, trainer.options.decay) = (0.1, 0.9, 1e-4)
    trainer.options.schedule = .constant
    model = try trainer.train(model, on: data, TrainingRun(machine: Machine()))
    // The loss of an epoch is the one before its only step.
    for (record, loss) in zip(model.history, golden.expect.losses) {
      #expect(abs((record.loss ?? .nan) - loss) < 1e-4, "epoch \(record.epoch)")
    }
    let amplitudes = golden.spec.filter { $0.op == "lif" }.compactMap(\.a)
    for (record, alphas) in zip(model.history, golden.expect.alphas.dropFirst()) {
      for (name, alpha) in zip(amplitudes, alphas) {
        let ours = try #require(made.names[name]).split(separator: ".")[0]
        #expect(abs((record.extra["\(ours)_amplitude"] ?? .nan) - alpha) < 1e-4)
      }
    }
    #expect(model.history.count == golden.steps)
    for (theirs, value) in golden.expect.final {
      let ours = try #require(made.names[theirs]), found = try #require(model.parameters?[ours])
      #expect(close(found, GoldenNetwork.ours(value).map(Double.init), 2e-4), "\(theirs)")
    }
  }
}

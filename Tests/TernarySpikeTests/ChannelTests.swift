import Accelerated
import Compute
import Foundation
import Laws
import Spiking
import TestSupport
import Testing

@testable import TernarySpike

private func neuron(_ amplitude: TernaryNeuron.Amplitude, _ change: (inout TernaryNeuron) -> Void = { _ in })
  -> TernaryNeuron
{
  var neuron = TernaryNeuron()
  neuron.amplitude = amplitude
  change(&neuron)
  return neuron
}

/// Heights of single channels.
@Suite struct ChannelTests {
  private let random = RandomStream(seed: 9)
  private func input(_ shape: Shape, batch: Int = 5, steps: Int = 3) -> Signal {
    let n = steps * batch * shape.count
    return Signal(
      Tensor((0..<n).map { 3 * random.uniform($0) - 1.5 }, [n]), steps: steps, batch: batch, features: shape)
  }
  private func sweep(_ network: Network, _ parameters: Parameters, _ input: Signal, threads: Int = 1) -> (
    output: [Float], sent: [Float], gradients: Parameters
  ) {
    var pass = Pass(
      machine: Machine(backend: Native(), threads: threads), dt: .ms(1), parameters: parameters, gradients: true)
    let tape = network.trace(input, &pass), output = tape[network.nodes.count]
    var upstream = output
    for i in 0..<upstream.values.count { upstream.values[i] = random.child(1).uniform(i) - 0.5 }
    let sent = network.backward(upstream, tape, &pass, needsInput: true)
    return (output.values.values, sent?.values.values ?? [], pass.gradients ?? parameters)
  }

  @Test func obeysTheLaws() {
    #expect(checkNeuron(neuron(.channels)).broken == [])
    #expect(checkPullback(neuron(.channels), drive: -2...2, isSmooth: false).broken == [])
  }
  /// One height a channel: images by their first extent, rows by unit, images without channels as one.
  @Test(arguments: [([4, 3, 5], 4), ([7], 7), ([6, 5], 1)] as [(Shape, Int)])
  func everyChannelHasItsOwn(_ shape: Shape, _ channels: Int) throws {
    let network = try Network(input: shape, [Population(neuron(.channels))]), input = input(shape, batch: 200)
    #expect(network.layout["neuron1.amplitude"]?.count == channels)
    let plain = try Network(input: shape, [Population(neuron(.fixed))]), size = shape.count / channels
    var parameters = Parameters(initial: network.layout, random: random)
    let heights = (0..<channels).map { Float($0) - 1.5 }
    parameters["neuron1.amplitude"] = heights
    let spikes = sweep(plain, Parameters(zeros: plain.layout), input).output
    let found = sweep(network, parameters, input)
    for (i, spike) in spikes.enumerated() { #expect(found.output[i] == heights[i % shape.count / size] * spike) }
    // ∂L/∂a of a channel is the sum of e·b over it.
    var sums = [Double](repeating: 0, count: channels)
    for (i, spike) in spikes.enumerated() {
      sums[i % shape.count / size] += Double(spike * (random.child(1).uniform(i) - 0.5))
    }
    for (a, b) in zip(found.gradients["neuron1.amplitude"], sums) {
      #expect(abs(Double(a) - b) < 1e-4 * max(1, abs(b)))
    }
    let threaded = sweep(network, parameters, input, threads: 4)
    #expect(
      threaded.sent == found.sent && threaded.gradients["neuron1.amplitude"] == found.gradients["neuron1.amplitude"])
  }
  /// Alike, they are one height: the same bits forward and back, and its gradient is the sum of theirs.
  @Test func equalHeightsAreOne() throws {
    func layers(_ amplitude: TernaryNeuron.Amplitude) -> [any Layer] {
      let neuron = Population(neuron(amplitude) { $0.height = 1.25 })
      return [Convolution(4), BatchNorm(), neuron, Dense(9), neuron, Dense(2)]
    }
    let one = try Network(input: [2, 5, 5], layers(.trainable)),
      many = try Network(input: [2, 5, 5], layers(.channels))
    let input = input([2, 5, 5])
    let a = sweep(one, Parameters(initial: one.layout, random: random), input)
    let b = sweep(many, Parameters(initial: many.layout, random: random), input)
    #expect(a.output == b.output && a.sent == b.sent)
    #expect(a.gradients["conv1.weight"] == b.gradients["conv1.weight"])
    for name in ["neuron1.amplitude", "neuron2.amplitude"] {
      let sum = b.gradients[name].reduce(0, +), expected = a.gradients[name][0]
      #expect(abs(sum - expected) < 1e-4 * max(1, abs(expected)), "\(name)")
    }
  }
  @Test func smoothGradients() throws {
    var smooth = neuron(.channels) { ($0.smooth, $0.height) = (true, 1.2) }
    smooth.surrogate = Surrogate(.gaussian, sharpness: 0.5)
    let network = try Network(
      input: [1, 4, 4],
      [Convolution(3), BatchNorm(), Population(smooth), Pool(2), Dense(5), Population(smooth), Dense(2)])
    #expect(checkNetwork(network, batch: 4, steps: 3, isTraining: true, tolerance: 3e-2) == [])
  }

  /// conv – neurons – pools – conv – neurons – dense, every channel with another height.
  private func model(_ pools: [any Layer]) throws -> (Network, Parameters) {
    let population = Population(neuron(.channels))
    let network = try Network(
      input: [1, 8, 8],
      [Convolution(6), population] + pools + [Convolution(5), population, Flatten(), Dense(7), population, Dense(3)])
    var parameters = Parameters(initial: network.layout, random: random)
    for entry in network.layout.entries {
      let values = parameters.values(of: entry), isHeight = entry.name.hasSuffix("amplitude")
      // Weights large enough that every layer spikes.
      parameters.set(
        entry, values.indices.map { isHeight ? 0.5 + random.child(entry.name).uniform($0) : 4 * values[$0] })
    }
    return (network, parameters)
  }
  private func run(_ network: Network, _ parameters: Parameters, _ input: Signal) -> [Float] {
    var pass = Pass(machine: Machine(), dt: .ms(1), parameters: parameters)
    return network.forward(input, &pass).values.values
  }
  /// Folded into the weights of each channel, outputs stay and every spike has height 1.
  @Test(arguments: [Pool.Kind.average, .maximum]) func folding(_ kind: Pool.Kind) throws {
    let (network, parameters) = try model([Dropout(), Pool(2, kind)]), input = input([1, 8, 8])
    let folded = try Unscaling(network, parameters)
    #expect(folded.network.layout.entries.allSatisfy { !$0.name.hasSuffix("amplitude") })
    #expect(folded.network.nodes.allSatisfy { !($0.layer is Gain) })
    for (a, b) in zip(run(network, parameters, input), run(folded.network, folded.parameters, input)) {
      #expect(abs(a - b) < 1e-5)
    }
  }
  /// What weights alone do not read stays in the neurons: an identity shortcut, a maximum of negative heights, the output.
  @Test func heightsThatStay() throws {
    var branched = Network(input: [1, 6, 6])
    for layer in [Convolution(3), Population(neuron(.channels))] as [any Layer] { try branched.append(layer) }
    try branched.append(Convolution(3))
    try branched.join(3, with: 2)
    for layer in [Population(neuron(.channels)), Pool(2, .maximum), Dense(4), Population(neuron(.channels))]
      as [any Layer]
    {
      try branched.append(layer)
    }
    var parameters = Parameters(initial: branched.layout, random: random)
    parameters["neuron1.amplitude"] = [0.5, 2, 1]
    parameters["neuron2.amplitude"] = [-0.5, 2, 1]
    parameters["neuron3.amplitude"] = [1, 2, 3, 4]
    let folded = try Unscaling(branched, parameters), input = input([1, 6, 6])
    let kept = folded.steps.filter { if case .kept = $0.change { true } else { false } }
    #expect(kept.map(\.layer) == ["neuron1", "neuron2", "neuron3"])
    #expect(run(branched, parameters, input) == run(folded.network, folded.parameters, input))
  }
  /// Run by additions, channels keep their heights.
  @Test func packed() throws {
    let (network, parameters) = try model([Pool(2)]), input = input([1, 8, 8])
    let data = try EncodedData(Toy.bands(), Direct(), seed: 1, dt: .ms(1))
    let model = Model(network, parameters: parameters, input: data.outline)
    let packed = try #require(model.packed(.additions))
    #expect(packed.network.nodes.count { $0.layer is PackedLayer } == 3)
    let (products, additions) = (run(network, parameters, input), run(packed.network, parameters, input))
    #expect(Set(products).count > 10)
    for (a, b) in zip(products, additions) { #expect(abs(a - b) < 1e-4) }
  }
  /// Trained, saved, loaded and folded at the prompt.
  @Test func atThePrompt() throws {
    let lab = try Lab(), file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).soma-model").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    lab.run(
      "let net = data glyphs | take train=300 test=40 | encode direct steps=2 | conv 4 | neuron ternary amplitude=channels | pool 2 | dense 20 | neuron ternary amplitude=channels | dense 10 | train bptt epochs=2;"
    )
    #expect(
      lab.run("let l = net | layers | where layer == neuron1 or layer == neuron2; expect sum(l.parameters) == 24;")
        == "")
    let answers = lab.run("net | predict")
    lab.run("net | save \"\(file)\";")
    #expect(answers.contains("answer") && lab.run("load \"\(file)\" | predict") == answers)
    #expect(lab.run("net | fold | predict") == answers)
    #expect(lab.run("net | fold | layers | select layer height").contains(" to "))
    #expect(lab.run("net | history").contains("neuron1_amplitude"))
  }
}

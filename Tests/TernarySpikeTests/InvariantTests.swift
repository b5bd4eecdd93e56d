import Accelerated
import Compute
import Spiking
import TestSupport
import Testing

@testable import Classic
@testable import TernarySpike

private func learnt(_ change: (inout TernaryNeuron) -> Void = { _ in }) -> Population {
  var neuron = TernaryNeuron()
  neuron.amplitude = .trainable
  change(&neuron)
  return Population(neuron)
}

/// A network run once forward and back, under an upstream gradient that depends on the place only.
private struct Sweep {
  var output: [Float], gradients: [String: [Float]], inputGradient: [Float]

  init(
    _ network: Network, _ input: Signal, heights: [String: Float] = [:], machine: Machine = Machine(),
    isTraining: Bool = true
  ) {
    var parameters = Parameters(initial: network.layout, random: RandomStream(seed: 1))
    for (name, height) in heights { parameters["\(name).amplitude"] = [height] }
    var pass = Pass(machine: machine, dt: .ms(1), parameters: parameters, gradients: true)
    pass.isTraining = isTraining
    let tape = network.trace(input, &pass), output = tape[network.nodes.count], random = RandomStream(seed: 2)
    var upstream = output
    for i in 0..<upstream.values.count { upstream.values[i] = random.uniform(i) - 0.5 }
    let sent = network.backward(upstream, tape, &pass, needsInput: true)
    (self.output, inputGradient) = (output.values.values, sent?.values.values ?? [])
    gradients = Dictionary(
      uniqueKeysWithValues: network.layout.entries.map { ($0.name, pass.gradients?.values(of: $0) ?? []) })
  }
}
private func close(_ a: [Float], _ b: [Float], _ tolerance: Float = 1e-4) -> Bool {
  let size = b.reduce(0.1) { max($0, abs($1)) }
  return a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * size }
}
private func image(_ shape: Shape, batch: Int, steps: Int, constant: Bool = true, seed: UInt64 = 7) -> Signal {
  let n = (constant ? 1 : steps) * batch * shape.count, random = RandomStream(seed: seed)
  return Signal(
    Tensor((0..<n).map { 2 * random.uniform($0) - 1 }, [n]), steps: steps, batch: batch, features: shape,
    isConstant: constant)
}
extension Signal {
  /// Every step stored.
  fileprivate var repeated: Signal {
    let one = values.values
    return Signal(
      Tensor((0..<steps).flatMap { _ in one }, [steps * one.count]), steps: steps, batch: batch, features: features)
  }
}

/// Invariants of whole networks of ternary neurons.
@Suite struct InvariantTests {
  private static func layers(_ neuron: Population = learnt()) -> [any Layer] {
    [
      Convolution(6), BatchNorm(), neuron, Pool(2), Convolution(5), BatchNorm(), neuron, Dense(12), neuron, Dense(4),
    ]
  }
  private static func network(_ neuron: Population = learnt()) throws -> Network {
    try Network(input: [1, 8, 8], layers(neuron))
  }

  /// Read out behind the last layer or in front of it, at every step or once: the same outputs and gradients.
  @Test(arguments: [1, 0.5, 0]) func theReadOutCommutes(_ carry: Double) throws {
    var plain = try Self.network()
    plain.carry = carry
    let early = plain.readingOut(), input = image([1, 8, 8], batch: 6, steps: 3)
    let dense = try #require(plain.nodes.last)
    #expect(early.nodes[plain.nodes.count - 1].name == "readout" && early.nodes[plain.nodes.count].name == dense.name)
    var late = plain
    try late.append(TimeMean(carry: carry))
    let (a, b) = (Sweep(early, input), Sweep(late, input))
    #expect(close(a.output, b.output))
    for (name, gradient) in b.gradients { #expect(close(a.gradients[name] ?? [], gradient), "\(name)") }
    #expect(close(a.inputGradient, b.inputGradient))
  }
  /// A still image that is multiplied once gives what the same image shown at every step gives: outputs, statistics, gradients.
  @Test(arguments: [BatchNorm.Scope.joint, .step]) func theEncoderIsShared(_ scope: BatchNorm.Scope) throws {
    var norm = BatchNorm()
    norm.scope = scope
    let network = try Network(
      input: [1, 8, 8], [Convolution(6), norm, learnt(), Pool(2), Convolution(5), norm, learnt(), Dense(4)])
    let still = image([1, 8, 8], batch: 6, steps: 3), one = Sweep(network, still), all = Sweep(network, still.repeated)
    #expect(close(one.output, all.output))
    for (name, gradient) in all.gradients { #expect(close(one.gradients[name] ?? [], gradient, 1e-3), "\(name)") }
    let n = still.values.count
    let summed = (0..<n).map { i in (0..<3).reduce(Float(0)) { $0 + all.inputGradient[$1 * n + i] } }
    #expect(close(one.inputGradient, summed, 1e-3))
  }
  /// Detached resets change nothing in one step; in many neither the gradients above the last neurons nor their amplitude's.
  @Test func detachedResets() throws {
    let attached = try Self.network(), detached = try Self.network(learnt { $0.resetGradient = .detached })
    let once = image([1, 8, 8], batch: 6, steps: 1), often = image([1, 8, 8], batch: 6, steps: 4)
    let (a, b) = (Sweep(attached, once), Sweep(detached, once))
    #expect(a.gradients == b.gradients && a.inputGradient == b.inputGradient)
    let (c, d) = (Sweep(attached, often), Sweep(detached, often))
    for name in ["dense2.weight", "dense2.bias", "neuron3.amplitude"] {
      #expect(c.gradients[name] == d.gradients[name])
    }
    for name in ["dense1.weight", "neuron1.amplitude", "conv1.weight"] {
      #expect(c.gradients[name] != d.gradients[name])
    }
  }
  /// dL/da = Σ e·b, and with a = 1 that is Σ o·e.
  @Test func theGradientOfAnAmplitude() throws {
    let network = try Network(input: [40], [learnt()]), input = image([40], batch: 5, steps: 4, constant: false)
    for height in [Float(1), -0.7] {
      let sweep = Sweep(network, input, heights: ["neuron1": height]), random = RandomStream(seed: 2)
      let sum = sweep.output.enumerated().reduce(Float(0)) {
        $0 + $1.element / height * (random.uniform($1.offset) - 0.5)
      }
      #expect(close(sweep.gradients["neuron1.amplitude"] ?? [], [sum]))
    }
  }
  /// In front of an identity shortcut a height counts, though normalisation takes it from the branch.
  @Test func shortcutsKeepHeights() throws {
    var network = Network(input: [1, 6, 6])
    for layer in [Convolution(4), BatchNorm(), learnt()] as [any Layer] { try network.append(layer) }
    let start = network.nodes.count
    for layer in [Convolution(4), BatchNorm()] as [any Layer] { try network.append(layer) }
    try network.join(network.nodes.count, with: start)
    for layer in [learnt(), Dense(3)] as [any Layer] { try network.append(layer) }
    let input = image([1, 6, 6], batch: 8, steps: 2)
    let (one, four) = (Sweep(network, input), Sweep(network, input, heights: ["neuron1": 4]))
    #expect(!close(one.output, four.output, 0.1))
    #expect(abs(one.gradients["neuron1.amplitude"]?[0] ?? 0) > 1e-2)
  }
  /// Folded, normalisations and heights alike, a network with an identity and a projected shortcut, pools and a global one sends
  /// the same spikes and answers the same.
  @Test(arguments: [TernaryNeuron.Amplitude.trainable, .channels])
  func foldedNetworksAgree(_ amplitude: TernaryNeuron.Amplitude) throws {
    let neuron = learnt { $0.amplitude = amplitude }
    var network = Network(input: [1, 16, 16])
    func block(_ channels: Int, stride: Int) throws {
      let start = network.nodes.count
      for layer in [Convolution(channels, stride: stride), BatchNorm(), neuron, Convolution(channels), BatchNorm()]
        as [any Layer]
      {
        try network.append(layer)
      }
      let end = network.nodes.count
      try network.join(end, with: try network.shortcut(from: start, to: network.shape(ofSignal: end)))
      try network.append(neuron)
    }
    for layer in [Convolution(4), BatchNorm(), neuron, Pool(2)] as [any Layer] { try network.append(layer) }
    try block(4, stride: 1)
    try block(6, stride: 2)
    for layer in [Pool(4), Dense(5)] as [any Layer] { try network.append(layer) }
    var parameters = Parameters(initial: network.layout, random: RandomStream(seed: 1))
    let lowest: [String: Float] = ["amplitude": 0.5, "scale": 2, "mean": -0.5, "variance": 0.5]
    for entry in network.layout.entries {
      guard let low = lowest[String(entry.name.drop { $0 != "." }.dropFirst())] else { continue }
      let random = RandomStream(seed: 3).child(entry.name)
      parameters.set(entry, (0..<entry.count).map { low + random.uniform($0) })
    }
    let merged = try network.folded(), values = try parameters.folded(from: network, to: merged)
    let folded = try Unscaling(merged, values), input = image([1, 16, 16], batch: 3, steps: 3)
    #expect(folded.network.nodes.allSatisfy { !($0.layer is BatchNorm) })
    func run(_ network: Network, _ parameters: Parameters) -> (output: [Float], spikes: [String: [Float]]) {
      var pass = Pass(machine: Machine(), dt: .ms(1), parameters: parameters), spikes: [String: [Float]] = [:]
      let tape = network.trace(input, &pass)
      for node in network.nodes where node.neuron != nil {
        spikes[node.name] = tape[node.index + 1].values.values.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
      }
      return (tape[network.nodes.count].values.values, spikes)
    }
    let before = run(network, parameters), after = run(folded.network, folded.parameters)
    #expect(before.spikes == after.spikes && before.spikes.values.allSatisfy { Set($0).count == 3 })
    for (a, b) in zip(before.output, after.output) { #expect(abs(a - b) < 1e-5) }
  }
  /// Smooth spikes make a network whose gradients are those of differences, heights included, behind either normalisation.
  @Test(arguments: [Surrogate.Shape.tanh, .gaussian, .arctan], TernaryNeuron.Spikes.allCases)
  func smoothNetworks(_ shape: Surrogate.Shape, _ spikes: TernaryNeuron.Spikes) throws {
    var smooth = learnt { ($0.smooth, $0.spikes, $0.height) = (true, spikes, 1.2) }
    guard var neuron = smooth.neuron as? TernaryNeuron else { return }
    neuron.surrogate = Surrogate(shape, sharpness: 0.5)
    smooth.neuron = neuron
    for scope in [BatchNorm.Scope.joint, .step] {
      var norm = BatchNorm()
      norm.scope = scope
      let network = try Network(
        input: [1, 4, 4], [Convolution(3), norm, smooth, Pool(2), Dense(5), smooth, Dense(2)])
      #expect(
        checkNetwork(
          network, batch: 4, steps: 3, isTraining: true, tolerance: 3e-2,
          machines: [Machine(), Machine(backend: Native())]) == [], "\(scope)")
    }
  }
  /// Threads change no bit of outputs and gradients; a batch changes none of a sample's outputs.
  @Test func threadsAndBatches() throws {
    let network = try Self.network(), input = image([1, 8, 8], batch: 70, steps: 3, constant: false)
    let one = Sweep(network, input, machine: Machine(backend: Native(), threads: 1))
    for threads in [2, 3, 8] {
      let many = Sweep(network, input, machine: Machine(backend: Native(), threads: threads))
      #expect(many.output.map(\.bitPattern) == one.output.map(\.bitPattern))
      #expect(many.gradients == one.gradients && many.inputGradient == one.inputGradient)
    }
    func run(_ input: Signal) -> [UInt32] {
      var pass = Pass(
        machine: Machine(backend: Native()), dt: .ms(1),
        parameters: Parameters(initial: network.layout, random: RandomStream(seed: 1)))
      return network.forward(input, &pass).values.bits
    }
    let still = image([1, 8, 8], batch: 70, steps: 3), together = run(still)
    for row in [0, 31, 69] {
      let values = Array(still.values.values[row * 64..<(row + 1) * 64])
      let alone = run(Signal(Tensor(values, [64]), steps: 3, batch: 1, features: [1, 8, 8], isConstant: true))
      for t in 0..<3 {
        #expect(Array(alone[t * 4..<t * 4 + 4]) == Array(together[(t * 70 + row) * 4..<(t * 70 + row) * 4 + 4]))
      }
    }
  }
  /// A negative spike says something: with eight hidden neurons ternary networks are two points ahead on average.
  @Test func theThirdSymbolHelps() throws {
    let lab = try Lab()
    lab.run(
      "let table = sweep spikes [binary ternary] draw 1..3 { data glyphs samples=1500 | encode direct steps=2 | batchnorm | dense 8 | neuron ternary spikes=spikes | dense 10 | train bptt epochs=4 optimiser=sgd rate=0.05 batch=50 seed=draw | evaluate };"
    )
    lab.run("let binary = table | where spikes == binary; let ternary = table | where spikes == ternary;")
    #expect(lab.run("expect mean(ternary.accuracy) - mean(binary.accuracy) > 0.02;") == "")
  }
}

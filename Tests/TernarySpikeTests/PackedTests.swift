import Accelerated
import Compute
import Spiking
import TernarySpikeKernels
import TestSupport
import Testing

@testable import TernarySpike

/// A layer with the kernel's geometry at its only node.
struct LinearCase: CustomStringConvertible, Sendable {
  var layer: any LinearLayer, input: Shape
  var description: String { "\(layer.summary) on \(input)" }
  func network() throws -> Network { try Network(input: input, [layer]) }
}
/// A population in front, so that heights are known.
private func spiking(_ height: Double, _ spikes: TernaryNeuron.Spikes = .ternary) -> TernaryNeuron {
  var neuron = TernaryNeuron()
  (neuron.height, neuron.spikes) = (height, spikes)
  return neuron
}

/// Layers that read spikes as bits.
@Suite struct PackedLayerTests {
  static let cases: [LinearCase] = [
    .init(layer: Dense(10), input: [37]), .init(layer: Dense(130), input: [200]), .init(layer: Dense(64), input: [64]),
    .init(layer: Dense(128, bias: false), input: [3, 5, 5]), .init(layer: Dense(300, weights: .binary), input: [65]),
    .init(layer: Convolution(5), input: [7, 9]), .init(layer: Convolution(64), input: [3, 6, 20]),
    .init(layer: Convolution(16, kernel: 5, padding: .valid), input: [2, 8, 9]),
    .init(layer: Convolution(72, kernel: 3, stride: 2), input: [66, 7, 8]),
    .init(layer: Convolution(4, kernel: 1, bias: false), input: [130, 3, 3]),
    .init(layer: Convolution(3, kernel: 2, stride: 3), input: [4, 7, 7]),
  ]
  /// Weights that are whole multiples of 2⁻¹⁰, so that sums of a few thousand are exact in any order.
  private func parameters(_ network: Network) -> Parameters {
    var parameters = Parameters(zeros: network.layout)
    let random = RandomStream(seed: 4)
    for entry in network.layout.entries {
      let stream = random.child(entry.name)
      parameters.set(entry, (0..<entry.count).map { Float(Int(200 * stream.uniform($0)) - 100) / 1024 })
    }
    return parameters
  }
  /// `rows` rows of spikes, each at the next density.
  private func spikes(_ shape: Shape, rows: Int, _ densities: [Float], height: Float, signs: Int = 2) -> Signal {
    let n = shape.count, random = RandomStream(seed: 6)
    let values = (0..<rows * n).map { i -> Float in
      guard random.uniform(i) < densities[i / n % densities.count] else { return 0 }
      return signs == 2 && random.child(1).uniform(i) < 0.5 ? -height : height
    }
    return Signal(Tensor(values, [rows * n]), steps: 1, batch: rows, features: shape)
  }
  private func packed(
    _ network: Network, _ parameters: Parameters, _ form: SpikeForm, _ choice: FormChoice = .additions
  ) throws -> Network {
    let node = network.nodes[0], weights: PackedWeights
    if let dense = node.layer as? Dense {
      weights = PackedWeights(dense, at: node, in: parameters, form: form)
    } else {
      weights = PackedWeights(try #require(node.layer as? Convolution), at: node, in: parameters, form: form)
    }
    let base = try #require(node.layer as? any LinearLayer)
    return network.replacing { _ in PackedLayer(base: base, weights: weights, choice: choice) }
  }
  private func run(_ network: Network, _ parameters: Parameters, _ input: Signal, threads: Int = 1) -> [UInt32] {
    var pass = Pass(machine: Machine(backend: Native(), threads: threads), dt: .ms(1), parameters: parameters)
    return network.forward(input, &pass).values.bits
  }

  /// Additions give the product to the bit where sums are exact: at every density, for spikes of one sign and of two, of
  /// other heights, and for means of four.
  @Test(arguments: cases) func additionsAreTheProduct(_ layer: LinearCase) throws {
    let network = try layer.network(), parameters = parameters(network), densities: [Float] = [0, 0.02, 0.3, 0.8, 1]
    for (height, signs) in [(Float(1), 2), (1, 1), (0.5, 2), (-2, 2), (-0.25, 1)] {
      let form = try #require(SpikeForm(heights: [height], alphabet: signs == 2 ? .ternary : .binary))
      let input = spikes(layer.input, rows: 7, densities, height: height, signs: signs)
      #expect(
        run(try packed(network, parameters, form), parameters, input) == run(network, parameters, input),
        "height \(height), signs \(signs)")
    }
    let form = try #require(SpikeForm(heights: [2], alphabet: .ternary)?.averaged(over: 4))
    var means = spikes(layer.input, rows: 5, densities, height: 0.5)
    for i in 0..<means.values.count { means.values[i] *= Float(1 + i % 4) }
    #expect(run(try packed(network, parameters, form), parameters, means) == run(network, parameters, means))
  }
  /// Whatever the weights, the sums differ by rounding only.
  @Test(arguments: cases) func sumsDifferByRounding(_ layer: LinearCase) throws {
    let network = try layer.network(), parameters = Parameters(initial: network.layout, random: RandomStream(seed: 2))
    let form = try #require(SpikeForm(heights: [1.3], alphabet: .ternary))
    let input = spikes(layer.input, rows: 4, [0.1, 0.5], height: 1.3)
    let adding = try packed(network, parameters, form)
    for (a, b) in zip(run(adding, parameters, input), run(network, parameters, input)) {
      #expect(abs(Float(bitPattern: a) - Float(bitPattern: b)) < 1e-5)
    }
  }
  /// A row has the same bits alone and in every batch, for any number of threads, and whatever form its neighbours take.
  @Test(arguments: cases) func rowsStandAlone(_ layer: LinearCase) throws {
    let network = try layer.network(), parameters = Parameters(initial: network.layout, random: RandomStream(seed: 2))
    let form = try #require(SpikeForm(heights: [1], alphabet: .ternary)), rows = 70
    let adding = try packed(network, parameters, form, .measured), size = layer.input.count
    let input = spikes(layer.input, rows: rows, [0.05, 0.6, 0.02, 0.08, 0.9], height: 1)
    let together = run(adding, parameters, input), sent = together.count / rows
    #expect(run(adding, parameters, input, threads: 4) == together)
    for row in [0, 1, 33, 69] {
      let values = Array(input.values.values[row * size..<(row + 1) * size])
      let alone = Signal(Tensor(values, [size]), steps: 1, batch: 1, features: layer.input)
      #expect(run(adding, parameters, alone) == Array(together[row * sent..<(row + 1) * sent]), "row \(row)")
    }
  }
  /// Rows with few spikes are added, the others multiplied; layers of few outputs never pay.
  @Test func densityChooses() throws {
    let input = spikes([256], rows: 10, [0.02, 0.02, 0.9, 0.02, 0.9], height: 1)
    for (units, share) in [(600, 0.6), (10, 0)] {
      let network = try Network(input: [256], [Dense(units)]), parameters = parameters(network)
      let form = try #require(SpikeForm(heights: [1], alphabet: .ternary))
      var pass = Pass(machine: Machine(), dt: .ms(1), parameters: parameters)
      _ = try packed(network, parameters, form, .measured).forward(input, &pass)
      #expect(pass.addedShares == [0: share])
    }
  }

  struct Numbers: Decodable {
    struct Packed: Decodable {
      var s: [Double], weights: [Double], pos_words_lsb_first: [String], neg_words_lsb_first: [String]
      var dot: Double, popcount_pos: Int, popcount_neg: Int
    }
    var packed: Packed
  }
  /// The golden vector: both planes bit by bit, nowhere set together, their counts, and the product with its weights.
  @Test func goldenPlanes() throws {
    let golden = try Golden.read(Numbers.self, "numbers").packed, n = golden.s.count
    var window = ternary_window()
    (window.channels, window.height, window.width, window.levels, window.signs) = (n, 1, 1, 1, 2)
    window.is_dense = 1
    let values = golden.s.map { Float($0) }, units = [Float](repeating: 1, count: n)
    var planes = [UInt64](repeating: ~0, count: 4)
    ternary_pack(&window, values, units, &planes)
    #expect(planes[..<2].map { $0 } == golden.pos_words_lsb_first.compactMap { UInt64($0, radix: 16) })
    #expect(planes[2...].map { $0 } == golden.neg_words_lsb_first.compactMap { UInt64($0, radix: 16) })
    #expect(planes[0] & planes[2] == 0 && planes[1] & planes[3] == 0)
    #expect(planes[..<2].reduce(0) { $0 + $1.nonzeroBitCount } == golden.popcount_pos)
    #expect(planes[2...].reduce(0) { $0 + $1.nonzeroBitCount } == golden.popcount_neg)
    #expect(ternary_count(values, units, n, 1) == golden.popcount_pos + golden.popcount_neg)
    let network = try Network(input: [n], [Dense(1, bias: false)])
    var parameters = Parameters(zeros: network.layout)
    parameters["dense1.weight"] = golden.weights.map { Float($0) }
    let form = try #require(SpikeForm(heights: [1], alphabet: .ternary))
    let input = Signal(Tensor(values, [n]), steps: 1, batch: 1, features: [n])
    #expect(run(try packed(network, parameters, form), parameters, input) == [Float(golden.dot).bitPattern])
  }
}

/// What is packed, and that nobody can tell.
@Suite struct PackedExecutorTests {
  /// Convolutions behind pools of both kinds, a branch with a gain, a dense layer on images.
  private func network(_ neuron: TernaryNeuron) throws -> Network {
    var network = Network(input: [6, 8])
    for layer in [Convolution(64, kernel: 3), Population(neuron), Pool(2)] as [any Layer] { try network.append(layer) }
    let start = network.nodes.count
    for layer in [Convolution(64, kernel: 3), Population(neuron), Convolution(64, kernel: 3)] as [any Layer] {
      try network.append(layer)
    }
    let end = network.nodes.count
    try network.append(Gain(-0.5), source: start)
    try network.join(end, with: network.nodes.count)
    for layer in [
      Population(neuron), Pool(2, .maximum), Dense(128), Population(neuron), Dropout(), Dense(520), Population(neuron),
      Dense(3),
    ] as [any Layer] { try network.append(layer) }
    return network
  }
  private func model(_ network: Network, steps: Int = 3) throws -> Model {
    let data = try EncodedData(Toy.bands(), Direct(steps: steps), seed: 1, dt: .ms(1))
    var model = Model(network, input: data.outline, data: data)
    var parameters = Parameters(initial: network.layout, random: RandomStream(seed: 3))
    for entry in network.layout.entries where entry.spec.role == .weight {
      parameters.set(entry, parameters.values(of: entry).map { (512 * $0).rounded() / 256 })
    }
    model.parameters = parameters
    return model
  }
  private let options = ExecutionOptions(machine: Machine(backend: Native(), threads: 2))

  /// On weights whose sums are exact, every outcome and every recorded number is that of the clocked executor, in either form
  /// and as chosen.
  @Test(arguments: TernaryNeuron.Spikes.allCases, [1, 0.5, -2])
  func executorsAgree(_ spikes: TernaryNeuron.Spikes, _ height: Double) throws {
    var neuron = spiking(height, spikes)
    neuron.amplitude = .trainable
    let model = try model(try network(neuron)), data = try #require(model.data), indices = Array(0..<40)
    let clocked = try #require(ClockedExecutor().prepare(model, options))
    let expected = clocked.outcomes(indices, .test, of: data)
    for choice in [FormChoice.additions, .products, .measured] {
      let packed = try #require(model.packed(choice))
      let execution = try #require(ClockedExecutor().prepare(packed, options))
      #expect(execution.outcomes(indices, .test, of: data) == expected, "\(choice)")
      #expect(execution.curve(indices, .test, of: data) == clocked.curve(indices, .test, of: data))
      var found = execution.record(5, .test, of: data), wanted = clocked.record(5, .test, of: data)
      for i in found.layers.indices { found.layers[i].addedShare = nil }
      for i in wanted.layers.indices { #expect(wanted.layers[i].addedShare == nil) }
      (found.sample, wanted.sample) = (5, 5)
      #expect(found == wanted)
    }
  }
  /// A trained network: the same answers, spikes and operations, and scores to rounding.
  @Test func trainedNetworksAgree() throws {
    var neuron = spiking(1)
    neuron.amplitude = .trainable
    var model = try model(try network(neuron))
    model.parameters = Parameters(initial: model.network.layout, random: RandomStream(seed: 3))
    let data = try #require(model.data), indices = Array(0..<data.count(.test))
    let clocked = try #require(ClockedExecutor().prepare(model, options)).outcomes(indices, .test, of: data)
    let packed = try #require(PackedExecutor().prepare(model, options)).outcomes(indices, .test, of: data)
    for (a, b) in zip(packed, clocked) {
      #expect(a.answer == b.answer && a.spikes == b.spikes && a.synapticOperations == b.synapticOperations)
      let largest = b.scores.reduce(Float(1e-3)) { max($0, abs($1)) }
      for (x, y) in zip(a.scores, b.scores) { #expect(abs(x - y) <= 1e-5 * largest) }
    }
  }
  @Test func packsWhatReadsSpikes() throws {
    let model = try model(try network(spiking(1))), packed = try #require(model.packed())
    let names = packed.network.nodes.filter { $0.layer is PackedLayer }.map(\.name)
    // Not the first, which reads the image.
    #expect(names == ["conv2", "conv3", "dense1", "dense2", "dense3"])
    #expect(packed.network.nodes.map(\.layer.summary) == model.network.nodes.map(\.layer.summary))
    #expect(try #require(packed.network["conv2"]?.layer as? PackedLayer).weights.window.levels == 4)
    #expect(model.spikeForm(ofSignal: 3) == SpikeForm(heights: [1], alphabet: .ternary)?.averaged(over: 4))
  }
  /// Numbers, smooth spikes, large pools and values that are no numbers are left to the clocked executor.
  @Test func leavesTheRest() throws {
    var smooth = spiking(1)
    smooth.smooth = true
    func isPacked(_ layers: [any Layer]) throws -> Bool {
      try model(try Network(input: [6, 8], layers)).packed() != nil
    }
    #expect(try isPacked([Convolution(2), Population(spiking(1)), Pool(3), Dense(3)]))
    #expect(try !isPacked([Convolution(2), Population(spiking(1)), Pool(4), Dense(3)]))
    #expect(try !isPacked([Dense(20), Population(smooth), Dense(3)]))
    #expect(try !isPacked([Dense(20), Population(spiking(1)), BatchNorm(), Dense(3)]))
    #expect(try !isPacked([Dense(20), Rectifier(), Dense(3)]))
    var broken = try model(try Network(input: [6, 8], [Dense(20), Population(spiking(1)), Dense(3)]))
    #expect(broken.packed() != nil)
    broken.parameters?["dense2.weight"][0] = .nan
    #expect(broken.packed() == nil)
  }
}

import Compute
import Spiking
import Testing

@Suite struct NetworkTests {
  @Test func layersAreNamedByKindAndNumber() throws {
    let layers: [any Layer] = [
      Dense(6), Population(Leaky()), Dense(5, weights: .binary), Population(Smooth()), Dense(3),
    ]
    let network = try Network(input: [4], layers, names: [nil, nil, "hidden"])
    #expect(network.nodes.map(\.name) == ["dense1", "neuron1", "hidden", "neuron2", "dense3"])
    #expect(
      network.layout.entries.map(\.name) == [
        "dense1.weight", "dense1.bias", "hidden.weight", "hidden.scale", "neuron2.amplitude", "dense3.weight",
        "dense3.bias",
      ])
    #expect(network.output == [3])
    #expect(network.nodes.map(\.layer.summary)[2] == "dense 5, binary")
    #expect(network.nodes[1].layer.summary == "leaky")
    var quick = Leaky()
    (quick.tau, quick.reset) = (.ms(5), .zero)
    #expect(Population(quick).summary == "leaky tau=5ms reset=zero")
    #expect(network.neuronsWithout((any ContinuousNeuron).self).map(\.name) == ["neuron2"])
    #expect(network.layout.entries.allSatisfy { $0.offset % 16 == 0 })
  }
  @Test func aNameIsTakenOnce() {
    #expect(throws: ShapeError(code: "layer.name", message: "there is a layer 'a' already")) {
      try Network(input: [4], [Dense(2), Dense(2)], names: ["a", "a"])
    }
  }
  @Test func shapesThatDoNotFit() {
    #expect(throws: ShapeError(code: "shape.kernel", message: "a kernel of 99×99 does not fit images of 28×28")) {
      try Network(input: [28, 28], [Convolution(8, kernel: 99)])
    }
    #expect(throws: ShapeError(code: "shape.kernel", message: "a tile of 5×5 does not fit images of 4×4")) {
      try Network(input: [2, 4, 4], [Pool(5)])
    }
    #expect(throws: ShapeError(code: "shape.image", message: "'conv' needs images, but its input has the shape 10")) {
      try Network(input: [28, 28], [Dense(10), Convolution(8)])
    }
  }
  @Test func shapesOfImages() throws {
    let network = try Network(
      input: [28, 28],
      [Convolution(8), Pool(2), Convolution(4, kernel: 5, stride: 2, padding: .valid), Flatten(), Dense(10)])
    #expect(network.nodes.map { "\($0.output)" } == ["8×28×28", "8×14×14", "4×5×5", "100", "10"])
    #expect(try Network(input: [9, 9], [Pool(2)]).output == [4, 4])
  }
  /// A layer draws from the stream of its name: what stands elsewhere does not matter.
  @Test func initialValuesBelongToTheirLayer() throws {
    let random = RandomStream(seed: 3)
    let short = Parameters(initial: try Network(input: [4], [Dense(6)]).layout, random: random)
    let long = Parameters(initial: try Network(input: [4], [Dense(6), Dense(2)]).layout, random: random)
    #expect(short["dense1.weight"] == long["dense1.weight"])
    #expect(Set(long["dense1.weight"]).count > 20 && long["dense1.bias"] == [Float](repeating: 0, count: 6))
    #expect(long["dense1.weight"].allSatisfy { abs($0) <= 0.5 })
  }
  /// The mean before the last linear layers gives the mean behind them.
  @Test(arguments: [1, 0, 0.7]) func readingOutCommutesWithLinearLayers(_ carry: Double) throws {
    var network = try Network(input: [5], [Dense(7), Population(Leaky()), Dense(4), Dense(3)])
    network.carry = carry
    let read = network.readingOut()
    #expect(read.nodes.map(\.name) == ["dense1", "neuron1", "readout", "dense2", "dense3"])
    #expect(read.readingOut().nodes.count == 5)
    var pass = Pass(
      machine: Machine(), dt: .ms(1), parameters: Parameters(initial: network.layout, random: RandomStream(seed: 1)))
    let input = Signal(Tensor((0..<100).map { Float($0 * 37 % 101) }, [100]), steps: 10, batch: 2, features: [5])
    let slow = network.forward(input, &pass), fast = read.forward(input, &pass)
    #expect(fast.isConstant && fast.values.count == 6)
    for i in 0..<6 {
      let sums = (0..<10).reduce((0.0, 0.0)) {
        (carry * $0.0 + Double(slow.values[$1 * 6 + i]), carry * $0.1 + 1)
      }
      let mean = Float(sums.0 / sums.1)
      #expect(abs(mean - fast.values[i]) < 1e-5)
    }
  }
  /// One run, and the same run in chunks of three steps with carried state and records.
  @Test func chunksWithCarriedState() throws {
    let network = try Network(input: [5], [Dense(70), Population(Leaky()), Dense(4), Population(Noisy())])
    let parameters = Parameters(initial: network.layout, random: RandomStream(seed: 1))
    let values = (0..<12 * 3 * 5).map { Float($0 * 37 % 101) / 10 }
    func run(_ first: Int, _ steps: Int, _ pass: inout Pass) -> [Float] {
      pass.firstStep = first
      let part = Array(values[first * 15..<(first + steps) * 15])
      return network.forward(Signal(Tensor(part, [part.count]), steps: steps, batch: 3, features: [5]), &pass).values
        .values
    }
    var whole = Pass(machine: Machine(), dt: .ms(1), parameters: parameters)
    whole.records = [:]
    var chunked = Pass(machine: Machine(), dt: .ms(1), parameters: parameters)
    chunked.carried = [:]
    let once = run(0, 12, &whole), parts = stride(from: 0, to: 12, by: 3).flatMap { run($0, 3, &chunked) }
    #expect(once == parts)
    #expect(Set(once) == [0, 1])
    #expect(whole.records?["neuron1.membrane"]?.shape == [12, 210])
  }
  /// Noise belongs to the sample: the same in another batch and at another place.
  @Test func noiseBelongsToTheSample() throws {
    let network = try Network(input: [40], [Population(Noisy())])
    func run(_ samples: [Int]) -> [Float] {
      var pass = Pass(machine: Machine(), dt: .ms(1), parameters: Parameters(zeros: network.layout))
      pass.samples = samples
      let half = Tensor([Float](repeating: 0.5, count: samples.count * 40), [samples.count * 40])
      let input = Signal(half, steps: 3, batch: samples.count, features: [40], isConstant: true)
      let output = network.forward(input, &pass)
      return (0..<3).flatMap { t in
        (0..<40).map { output.values[t * samples.count * 40 + (samples.count - 1) * 40 + $0] }
      }
    }
    #expect(run([7]) == run([3, 9, 7]))
    #expect(run([7]) != run([8]))
  }
}

import Accelerated
import Compute
import Spiking
import TestSupport
import Testing

/// Networks with residual branches.
@Suite struct BranchTests {
  /// conv → smooth neurons, branched: conv → norm → neurons → conv, and back; with an identity or a projection.
  private func network(_ width: Int, stride: Int = 1, readsInput: Bool = false) throws -> Network {
    var network = Network(input: [2, 6, 6])
    if !readsInput {
      try network.append(Convolution(3))
      try network.append(Population(Smooth()))
    }
    let start = network.nodes.count
    try network.append(Convolution(4, stride: stride))
    try network.append(BatchNorm())
    try network.append(Population(Smooth()))
    try network.append(Convolution(width))
    let end = network.nodes.count
    let shortcut = try network.shortcut(from: start, to: network.shape(ofSignal: end))
    try network.join(end, with: shortcut)
    try network.append(Population(Smooth()))
    try network.append(Dense(3))
    return network
  }
  @Test(arguments: [true, false]) func gradients(_ isConstant: Bool) throws {
    let machines = [Machine(), Machine(backend: Native())]
    for network in [
      try network(3), try network(5), try network(5, stride: 2), try network(2, readsInput: true),
      try network(4, readsInput: true),
    ] {
      #expect(
        checkNetwork(network, isConstant: isConstant, isTraining: true, tolerance: 2e-2, machines: machines) == [])
    }
  }
  @Test func namesAndShapes() throws {
    let plain = try network(3), projected = try network(5, stride: 2)
    #expect(plain.nodes.map(\.name).contains("sum1") && plain.nodes.count == 9)
    #expect(projected["conv4"]?.output == [5, 3, 3] && projected["conv4"]?.source == 2)
    #expect(projected["sum1"]?.other == 8 && projected["sum1"]?.source == 6)
    var valid = Network(input: [2, 6, 6])
    try valid.append(Convolution(2, padding: .valid))
    #expect(throws: ShapeError.self) { try valid.shortcut(from: 0, to: valid.output) }
  }
  /// A run in chunks with carried state is the whole run; letting go of signals changes nothing.
  @Test func tracesAndRunsAgree() throws {
    let network = try network(5, stride: 2), random = RandomStream(seed: 2)
    let parameters = Parameters(initial: network.layout, random: random)
    let input = Signal(
      Tensor((0..<4 * 3 * 72).map { random.uniform($0) }, [4 * 3 * 72]), steps: 4, batch: 3, features: [2, 6, 6])
    var pass = Pass(machine: Machine(), dt: .ms(1), parameters: parameters)
    let tape = network.trace(input, &pass)
    #expect(network.forward(input, &pass).values.bits == tape[network.nodes.count].values.bits)
    let read = network.readingOut().forward(input, &pass)
    let output = tape[network.nodes.count].values
    for i in 0..<9 {
      let mean = (0..<4).reduce(Float(0)) { $0 + output[$1 * 9 + i] } / 4
      #expect(abs(read.values[i] - mean) < 1e-5)
    }
  }
  /// What a layer with weights costs is told by the signal that it reads, which behind a branch is not the one before it.
  @Test func operationsFollowTheBranch() throws {
    var network = Network(input: [6, 8])
    for layer in [Convolution(2), Population(Leaky(threshold: 0.1))] as [any Layer] { try network.append(layer) }
    let start = network.nodes.count
    try network.append(Convolution(3, stride: 2))
    try network.append(Population(Leaky(threshold: 0.1)))
    let end = network.nodes.count
    try network.join(end, with: try network.shortcut(from: start, to: network.shape(ofSignal: end)))
    let data = try EncodedData(Toy.bands(), Direct(steps: 3), seed: 1, dt: .ms(1))
    let model = Model(network, input: data.outline, data: data).initialised(seed: 1)
    let execution = try #require(ClockedExecutor().prepare(model, ExecutionOptions(machine: Machine())))
    let recording = execution.record(4, .test, of: data)
    var expected = execution.outcomes([4], .test, of: data)[0].synapticOperations
    for node in network.nodes {
      guard case .linear(let layer) = node.layer.role else { continue }
      let fanOut = layer.fanOut(of: node), read = network.before(node).flatMap { recording[$0.name] } ?? recording.input
      // A still image is multiplied once.
      let steps = node.source == 0 ? 1 : recording.steps
      for i in fanOut.indices {
        expected -= fanOut[i] * (0..<steps).count { sent(read, $0, i) }
      }
    }
    #expect(expected == 0)
  }
  private func sent(_ layer: LayerRecord, _ step: Int, _ neuron: Int) -> Bool {
    layer.name == "input" ? layer.variables[0].values[neuron] != 0 : layer.spikes[step, neuron] != 0
  }
  /// Folded, the network answers the same: a normalisation of the shortcut goes into its convolution.
  @Test func foldingKeepsOutputs() throws {
    let network = try network(5, stride: 2), random = RandomStream(seed: 4)
    var parameters = Parameters(initial: network.layout, random: random)
    for entry in network.layout.entries where entry.spec.role == .statistic {
      parameters.set(entry, (0..<entry.count).map { 0.5 + random.child(entry.name).uniform($0) })
    }
    let folded = try network.folded(), values = try parameters.folded(from: network, to: folded)
    #expect(folded.nodes.count == network.nodes.count - 2 && folded["sum1"] != nil)
    let input = Signal(
      Tensor((0..<2 * 72).map { random.uniform($0) }, [2 * 72]), steps: 3, batch: 2, features: [2, 6, 6],
      isConstant: true)
    var before = Pass(machine: Machine(), dt: .ms(1), parameters: parameters)
    var after = Pass(machine: Machine(), dt: .ms(1), parameters: values)
    for (a, b) in zip(network.forward(input, &before).values.values, folded.forward(input, &after).values.values) {
      #expect(abs(a - b) < 1e-5)
    }
  }
}

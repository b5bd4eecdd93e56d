import Accelerated
import Compute
import Spiking
import TestSupport
import Testing

/// Gradients of layers against finite differences of L = Σ g·y, for values of parameters and of the input.
@Suite struct GradientTests {
  /// In plain Swift, and with the fast loops on two threads.
  func check(
    _ layers: [any Layer], input shape: Shape, batch: Int = 3, steps: Int = 2, isConstant: Bool = false,
    scale: Float = 1, isTraining: Bool = false, skipping roles: Set<ParameterRole> = [], tolerance: Float = 2e-3,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let broken = try checkLayers(
      layers, input: shape, batch: batch, steps: steps, isConstant: isConstant, scale: scale, isTraining: isTraining,
      skipping: roles, tolerance: tolerance, machines: [Machine(), Machine(backend: Native(), threads: 2)])
    #expect(broken == [], sourceLocation: sourceLocation)
  }

  @Test func dense() throws {
    try check([Dense(7)], input: [11])
    try check([Dense(7), Dense(4, bias: false)], input: [3, 5], isConstant: true)
    try check([Dense(70)], input: [130], batch: 70, steps: 1)
  }
  /// The latent weights are trained through their signs; scale, bias and input have true gradients.
  @Test func binaryDense() throws {
    try check([Dense(5, weights: .binary, bias: true)], input: [9], skipping: [.latent])
  }
  @Test func convolution() throws {
    try check([Convolution(3)], input: [5, 6])
    try check(
      [Convolution(4, kernel: 3, stride: 2), Convolution(2, kernel: 2, padding: .valid, bias: false)], input: [2, 7, 6])
    try check([Convolution(2, kernel: 1)], input: [3, 4, 4], isConstant: true)
  }
  @Test func pooling() throws {
    try check([Pool(2)], input: [2, 5, 6])
    try check([Pool(2, .maximum)], input: [4, 4])
    try check([Pool(3, .average, stride: 2), Flatten(), Dense(3)], input: [2, 7, 7])
  }
  @Test func timeMeanAndNeurons() throws {
    for carry in [1, 0, 0.6] { try check([TimeMean(carry: carry), Dense(4)], input: [6], steps: 5) }
    try check([TimeMean(), Dense(4)], input: [6], steps: 5, isConstant: true)
    try check([Dense(6), Population(Smooth()), TimeMean(), Dense(3)], input: [5], steps: 4)
    try check([Dense(6), Population(Smooth()), Dense(3)], input: [5], steps: 4, isConstant: true)
  }
  @Test func batchNorm() throws {
    try check([BatchNorm()], input: [5], batch: 9, scale: 4, isTraining: true, tolerance: 5e-3)
    try check([BatchNorm()], input: [2, 3, 5], scale: 4, isTraining: true, tolerance: 5e-3)
    try check([BatchNorm(), Dense(3)], input: [4, 5], scale: 4, isTraining: true, tolerance: 5e-3)
    try check([BatchNorm()], input: [3, 4, 5], isConstant: true, scale: 4, isTraining: true, tolerance: 5e-3)
    try check([Dense(6), BatchNorm(), Dense(3)], input: [5], batch: 8, scale: 4)
  }
  @Test func dropout() throws {
    try check([Dropout(0.4)], input: [3, 4, 5], isTraining: true)
    try check([Dense(9), Dropout(0.5), Dense(3)], input: [5], isTraining: true)
    try check([Dropout(0.5)], input: [7])
  }
  @Test func rectifier() throws {
    let network = try Network(input: [4], [Rectifier()])
    var pass = Pass(machine: Machine(), dt: .ms(1), parameters: Parameters(zeros: network.layout))
    let x = Signal(Tensor([-1, 0, 2, -3], [4]), steps: 1, batch: 1, features: [4])
    #expect(network.forward(x, &pass).values.values == [0, 0, 2, 0])
    let g = Signal(Tensor([1, 2, 3, 4], [4]), steps: 1, batch: 1, features: [4])
    let back = Rectifier().backward(g, input: x, at: network.nodes[0], &pass, needsInput: true)
    #expect(back?.values.values == [0, 0, 3, 0])
  }
  /// The same bits for one, two and three threads, and for a sample alone and within a batch.
  @Test func bitsDependOnNeitherThreadsNorBatch() throws {
    let network = try Network(
      input: [8, 8],
      [
        Convolution(16), Population(Leaky()), Pool(2), Convolution(32), BatchNorm(), Dense(300), Population(Smooth()),
        Dense(10),
      ])
    let random = RandomStream(seed: 1), parameters = Parameters(initial: network.layout, random: random)
    let batch = 70, values = Tensor((0..<batch * 64).map { 9 * random.uniform($0) }, [batch * 64])
    func run(_ threads: Int, _ values: Tensor, _ batch: Int) -> (output: [UInt32], gradient: [UInt32]) {
      var pass = Pass(
        machine: Machine(backend: Native(), threads: threads), dt: .ms(1), parameters: parameters, gradients: true)
      let input = Signal(values, steps: 3, batch: batch, features: [8, 8], isConstant: true)
      let tape = network.trace(input, &pass)
      network.backward(tape[8], tape, &pass)
      return (tape[8].values.bits, pass.gradients?.flat.bits ?? [])
    }
    let one = run(1, values, batch)
    for threads in 2...3 {
      let other = run(threads, values, batch)
      #expect(other.output == one.output && other.gradient == one.gradient)
    }
    let alone = run(1, Tensor(Array(values.values[5 * 64..<6 * 64]), [64]), 1).output
    var sixth: [UInt32] = []
    for t in 0..<3 { sixth += one.output[(t * batch + 5) * 10..<(t * batch + 6) * 10] }
    #expect(alone == sixth)
  }
}

import Accelerated
import Compute
import Spiking
import Testing

@Suite struct NormalisationTests {
  let machine = Machine(backend: Native(), threads: 2)

  func signal(_ rows: Int, _ features: Shape, steps: Int = 1, isConstant: Bool = false) -> Signal {
    let random = RandomStream(seed: 4), count = rows * features.count
    let values = Tensor((0..<count).map { 3 + Float(2 * random.normal($0)) }, [count])
    return Signal(
      values, steps: steps, batch: isConstant ? rows : rows / steps, features: features, isConstant: isConstant)
  }
  func pass(_ network: Network, isTraining: Bool = true, threads: Int = 2) -> Pass {
    var pass = Pass(
      machine: Machine(backend: Native(), threads: threads), dt: .ms(1),
      parameters: Parameters(initial: network.layout, random: RandomStream(seed: 1)), random: RandomStream(seed: 2))
    pass.isTraining = isTraining
    return pass
  }
  /// Mean and biased variance of a channel, by the definition.
  func moments(_ signal: Signal, _ channel: Int, channels: Int) -> (mean: Double, variance: Double) {
    let places = signal.features.count / channels
    let values = signal.values.values.enumerated().filter { $0.offset / places % channels == channel }.map {
      Double($0.element)
    }
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
  }

  /// In training every channel has mean β and deviation γ, over samples, steps and places together.
  @Test(arguments: [([5], 5), ([3, 4, 6], 3), ([7, 9], 1)] as [(Shape, Int)])
  func channelsAreNormalised(_ features: Shape, _ channels: Int) throws {
    let network = try Network(input: features, [BatchNorm()])
    let input = signal(60, features, steps: 2)
    var pass = pass(network)
    pass.parameters["batchnorm1.scale"] = (0..<channels).map { Float($0) + 0.5 }
    pass.parameters["batchnorm1.shift"] = (0..<channels).map { Float($0) - 1 }
    let output = network.forward(input, &pass)
    for c in 0..<channels {
      let (mean, variance) = moments(output, c, channels: channels)
      #expect(abs(mean - Double(c) + 1) < 1e-5 && abs(variance.squareRoot() - Double(c) - 0.5) < 1e-4)
    }
  }
  /// Running values start at 0 and 1 and move by a tenth; the variance is the unbiased one. A constant signal counts as
  /// many values as it has steps.
  @Test func runningStatistics() throws {
    for (steps, isConstant) in [(2, false), (4, true)] {
      let network = try Network(input: [3, 2, 2], [BatchNorm()])
      let input = signal(12, [3, 2, 2], steps: steps, isConstant: isConstant)
      var pass = pass(network)
      _ = network.forward(input, &pass)
      var parameters = pass.parameters
      #expect(parameters["batchnorm1.mean"] == [0, 0, 0], "a pass does not change the parameters")
      parameters.apply(pass.statistics)
      let n = Double(isConstant ? 12 * 4 * 4 : 12 * 4)
      for c in 0..<3 {
        let (mean, variance) = moments(input, c, channels: 3)
        #expect(abs(Double(parameters["batchnorm1.mean"][c]) - 0.1 * mean) < 1e-6)
        #expect(abs(Double(parameters["batchnorm1.variance"][c]) - 0.9 - 0.1 * variance * n / (n - 1)) < 1e-5)
      }
    }
  }
  /// At inference the running values are taken, nothing is remembered, and the accessor tells the same map.
  @Test func inferenceIsAffine() throws {
    let network = try Network(input: [2], [BatchNorm(epsilon: 1e-3)])
    var pass = pass(network, isTraining: false)
    pass.parameters["batchnorm1.scale"] = [2, -1]
    pass.parameters["batchnorm1.shift"] = [1, 0.5]
    pass.parameters["batchnorm1.mean"] = [3, -2]
    pass.parameters["batchnorm1.variance"] = [4, 0.25]
    let x: [Float] = [1, 0.5, -2, 8]
    let output = network.forward(Signal(Tensor(x, [4]), steps: 1, batch: 2, features: [2]), &pass).values
    let statistics = BatchNorm(epsilon: 1e-3).statistics(of: network.nodes[0], in: pass.parameters)
    #expect(pass.statistics.isEmpty)
    #expect(statistics.mean == [3, -2] && statistics.variance == [4, 0.25] && statistics.epsilon == 1e-3)
    for i in 0..<4 {
      let c = i % 2
      let expected =
        statistics.scale[c] * (x[i] - statistics.mean[c]) / (statistics.variance[c] + 1e-3).squareRoot()
        + statistics.shift[c]
      #expect(abs(output[i] - expected) < 1e-5)
      #expect(abs(statistics.gains[c] * x[i] + statistics.offsets[c] - expected) < 1e-5)
    }
  }
  /// One row or a channel without variance gives no division by zero.
  @Test func degenerateBatchesStayFinite() throws {
    let network = try Network(input: [3], [BatchNorm()])
    var pass = pass(network)
    let output = network.forward(Signal(Tensor([7, -2, 0], [3]), steps: 1, batch: 1, features: [3]), &pass)
    #expect(output.values.values.allSatisfy { abs($0) < 1e-3 })
    #expect(pass.statistics.values.allSatisfy { $0.allSatisfy(\.isFinite) })
  }
  @Test func statisticsAreNotLearnt() throws {
    let network = try Network(input: [4], [BatchNorm()])
    #expect(network.layout.entries.map(\.spec.role) == [.scale, .bias, .statistic, .statistic])
  }

  /// The share of silenced inputs, the gain of the others, and no effect outside training.
  @Test func dropoutKeepsTheMean() throws {
    let network = try Network(input: [500], [Dropout(0.3)])
    let ones = Signal(Tensor([Float](repeating: 1, count: 20_000), [20_000]), steps: 2, batch: 20, features: [500])
    var training = pass(network), inference = pass(network, isTraining: false)
    let dropped = network.forward(ones, &training).values.values
    let share = Float(dropped.count { $0 == 0 }) / 20_000
    #expect(abs(share - 0.3) < 0.02)
    #expect(dropped.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-6 })
    #expect(Array(dropped[..<10_000]) == Array(dropped[10_000...]), "a sample keeps its draw for all steps")
    #expect(dropped[..<500] != dropped[500..<1000])
    #expect(network.forward(ones, &inference).values.values == ones.values.values)
  }
  /// A draw belongs to a sample: its place in a batch does not matter.
  @Test func dropoutBelongsToASample() throws {
    let network = try Network(input: [64], [Dropout()])
    func run(_ samples: [Int], threads: Int) -> [Float] {
      var pass = pass(network, threads: threads)
      pass.samples = samples
      let ones = [Float](repeating: 1, count: 64 * samples.count)
      return network.forward(
        Signal(Tensor(ones, [ones.count]), steps: 1, batch: samples.count, features: [64]), &pass
      ).values.values
    }
    let pair = run([3, 8], threads: 1)
    #expect(pair == run([3, 8], threads: 3))
    #expect(run([8, 5], threads: 2)[..<64] == pair[64...])
  }
}

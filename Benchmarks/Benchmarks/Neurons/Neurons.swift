import Accelerated
import Benchmark
import Classic
import Compute
import Spiking

/// 10 000 leaky integrate-and-fire neurons over 10 000 steps of 0.1 ms: 10⁸ neuron-steps a run, one thread.
let benchmarks: @Sendable () -> Void = {
  Benchmark(
    "10 000 lif neurons, 10 000 steps of 0.1 ms",
    configuration: .init(metrics: [.wallClock, .throughput], scalingFactor: .one, maxDuration: .seconds(5), maxIterations: 20)
  ) { benchmark in
    let neurons = 10_000, steps = 10_000, machine = Machine(backend: Native(), threads: 1)
    let network = try Network(input: [neurons], [Population(LeakyIntegrateAndFire())])
    let parameters = Parameters(zeros: network.layout)
    // Chunks of 100 steps with carried state: the output of a chunk stays in cache, as in a simulation that looks at it.
    let current = Tensor((0..<neurons).map { 0.5 + 1.5 * Float($0) / Float(neurons) }, [neurons])
    var spikes = 0.0
    benchmark.startMeasurement()
    var pass = Pass(machine: machine, dt: .ms(0.1), parameters: parameters)
    pass.carried = [:]
    for chunk in 0..<steps / 100 {
      pass.firstStep = chunk * 100
      let input = Signal(current, steps: 100, batch: 1, features: [neurons], isConstant: true)
      let output = network.forward(input, &pass)
      spikes += Double(output.values[0])
    }
    benchmark.stopMeasurement()
    blackHole(spikes)
  }
}

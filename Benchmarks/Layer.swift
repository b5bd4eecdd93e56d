import Accelerated
import Classic
import Compute
import Foundation
import Spiking

/// One dense layer with one layer of leaky neurons over many steps, forward and backward: the layer benchmark of Open
/// Neuromorphic. `Peers/layer.py` runs the same on the same numbers.
///
///     v[t] = β·v[t−1]·(1 − s[t−1]) + W·x[t] + b,   s[t] = 1 where v[t] ≥ 1,   L = Σ s·u
///
/// β = 0.9, u uniform in ±½, and 1/(1 + π²(v − 1)²) stands for ∂s/∂v. The reset is
/// left out of the gradient.
private struct LayerRun {
  let units = 512, batch = 16, steps = 500, decay = 0.9
  let input: Tensor, upstream: Tensor, weights: [Float], bias: [Float]

  init() {
    let random = RandomStream(seed: 1), count = units * batch * steps
    func uniform(_ name: String, _ n: Int, _ size: Float) -> [Float] {
      let stream = random.child(name)
      return (0..<n).map { size * (2 * stream.uniform($0) - 1) }
    }
    input = Tensor(uniform("input", count, 1), [count])
    upstream = Tensor(uniform("upstream", count, 0.5), [count])
    weights = uniform("weights", units * units, 0.08)
    bias = uniform("bias", units, 0.08)
  }
  private func signal(_ values: Tensor) -> Signal { Signal(values, steps: steps, batch: batch, features: [units]) }

  func network(_ neuron: any Neuron) throws -> Network {
    try Network(input: [units], [Dense(units), Population(neuron)])
  }
  func parameters(_ network: Network, gain: Float) -> Parameters {
    var parameters = Parameters(zeros: network.layout)
    parameters.set(network.layout.entries[0], weights.map { $0 / gain })
    parameters.set(network.layout.entries[1], bias.map { $0 / gain })
    return parameters
  }
  /// Seconds forward and backward, the spikes, and the gradient of the weights.
  func run(_ network: Network, _ parameters: Parameters, threads: Int) -> (
    forward: Double, backward: Double, spikes: Tensor, gradient: [Float]
  ) {
    var pass = Pass(
      machine: Machine(backend: Native(), threads: threads), dt: .ms(1), parameters: parameters, gradients: true)
    var tape: [Signal] = []
    func clock(_ body: () -> Void) -> Double { threads == 1 ? processorSeconds(body) : seconds(body) }
    let forward = clock { tape = network.trace(signal(input), &pass) }
    let spikes = tape[2].values
    let backward = clock { network.backward(signal(upstream), tape, &pass) }
    return (forward, backward, spikes, pass.gradients?.values(of: network.layout.entries[0]) ?? [])
  }
}

/// Milliseconds of the layer, forward and backward.
///
/// - Parameter folder: where input, weights, spikes and gradients are written, for the peer to compare with.
func measureLayer(_ folder: String? = nil) throws {
  let layer = LayerRun()
  var lif = LeakyIntegrateAndFire()
  (lif.tau, lif.surrogate) = (.ms(-1 / log(layer.decay)), Surrogate(.arctan))
  // What the neuron multiplies its current by; the weights undo it.
  let network = try layer.network(lif), gain = 1 - Float(layer.decay),
    parameters = layer.parameters(network, gain: gain)
  for (threads, clock) in [(2, "threads: 2"), (1, "processor time")] {
    var backward: [Double] = []
    let forward = Measurement("layer 512-512, 500 steps, forward, \(clock)", unit: "ms") {
      let run = layer.run(network, parameters, threads: threads)
      backward.append(1000 * run.backward)
      return 1000 * run.forward
    }
    print(forward.line)
    print(
      Measurement("layer 512-512, 500 steps, backward, \(clock)", unit: "ms", figures: Array(backward.dropFirst())).line
    )
  }
  let run = layer.run(network, parameters, threads: 2)
  let files = [
    ("input", layer.input.values), ("upstream", layer.upstream.values), ("weights", layer.weights),
    ("bias", layer.bias), ("spikes", run.spikes.values), ("gradient", run.gradient.map { $0 / gain }),
  ]
  guard let folder else { return }
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  for (name, values) in files { try write(values, to: URL(filePath: folder).appending(path: "\(name).f32")) }
}

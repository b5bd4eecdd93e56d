import Accelerated
import Classic
import Compute
import Foundation
import Spiking
import TernarySpike

/// One dense layer with one layer of leaky neurons over many steps, forward and backward: the layer benchmark of Open
/// Neuromorphic. `Peers/layer.py` runs the same on the same numbers.
///
///     v[t] = β·v[t−1]·(1 − s[t−1]) + W·x[t] + b,   s[t] = 1 where v[t] ≥ 1,   L = Σ s·u
///
/// β = 0.9, u uniform in ±½, and 1/(1 + π²(v − 1)²) stands for ∂s/∂v. `lif` leaves the reset out of the gradient, the
/// binary form of `ternary` has it in.
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

  /// - Parameter gain: what the neuron multiplies its current by; the weights undo it.
  func network(_ neuron: any Neuron) throws -> Network {
    try Network(input: [units], [Dense(units), Population(neuron)])
  }
  func parameters(_ network: Network, gain: Double) -> Parameters {
    var parameters = Parameters(zeros: network.layout)
    parameters.set(network.layout.entries[0], weights.map { $0 / Float(gain) })
    parameters.set(network.layout.entries[1], bias.map { $0 / Float(gain) })
    return parameters
  }
  /// Seconds forward and backward, the spikes, and the gradient of the weights.
  func run(_ network: Network, _ parameters: Parameters, threads: Int) -> (
    forward: Double, backward: Double, spikes: Tensor, gradient: [Float]
  ) {
    var pass = Pass(
      machine: Machine(backend: Native(), threads: threads), dt: .ms(1), parameters: parameters, gradients: true)
    var tape: [Signal] = []
    let forward = seconds { tape = network.trace(signal(input), &pass) }
    let spikes = tape[2].values
    let backward = seconds { network.backward(signal(upstream), tape, &pass) }
    return (forward, backward, spikes, pass.gradients?.values(of: network.layout.entries[0]) ?? [])
  }
}

/// Milliseconds of the layer, forward and backward.
///
/// - Parameter folder: where input, weights, spikes and gradients are written, for the peer to compare with.
func measureLayer(_ folder: String? = nil) throws {
  let layer = LayerRun()
  var lif = LeakyIntegrateAndFire(), attached = TernaryNeuron()
  (lif.tau, lif.surrogate) = (.ms(-1 / log(layer.decay)), Surrogate(.arctan))
  (attached.spikes, attached.decay, attached.threshold, attached.ties) = (.binary, layer.decay, 1, .fire)
  attached.surrogate = Surrogate(.arctan)
  var files: [(String, [Float])] = [
    ("input", layer.input.values), ("upstream", layer.upstream.values), ("weights", layer.weights),
    ("bias", layer.bias),
  ]
  for (name, neuron, gain) in [("lif", lif, 1 - layer.decay), ("attached", attached, 1)]
    as [(String, any Neuron, Double)]
  {
    let network = try layer.network(neuron), parameters = layer.parameters(network, gain: gain)
    for threads in [2, 1] {
      var backward: [Double] = []
      let forward = Measurement("layer 512-512 \(name), 500 steps, forward, threads: \(threads)", unit: "ms") {
        let run = layer.run(network, parameters, threads: threads)
        backward.append(1000 * run.backward)
        return 1000 * run.forward
      }
      print(forward.line)
      backward.removeFirst()
      print(Measurement("… backward", unit: "ms", figures: backward).line)
    }
    let run = layer.run(network, parameters, threads: 2)
    files += [("\(name)-spikes", run.spikes.values), ("\(name)-gradient", run.gradient.map { $0 / Float(gain) })]
  }
  guard let folder else { return }
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  for (name, values) in files { try write(values, to: URL(filePath: folder).appending(path: "\(name).f32")) }
}

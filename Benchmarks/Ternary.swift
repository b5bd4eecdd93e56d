import Accelerated
import Classic
import Compute
import Spiking
import TernarySpike

private func ternary() -> Population {
  var neuron = TernaryNeuron()
  neuron.amplitude = .trainable
  return Population(neuron)
}

/// Networks of ternary neurons whose training is measured; `Peers/ternary.py` trains the same.
private let networks: [(name: String, layers: [any Layer])] = [
  ("784-512-10", [Dense(512), ternary(), Dense(10)]),
  (
    "32c3-bn-p2-64c3-bn-p2-128-10",
    [
      Convolution(32), BatchNorm(), ternary(), Pool(2), Convolution(64), BatchNorm(), ternary(), Pool(2), Dense(128),
      ternary(), Dense(10),
    ]
  ),
]

/// Training images per second, batch 128, SGD with momentum: by the clock with two threads, and by processor time with one.
func measureTernaryTraining(_ dataset: Dataset) throws {
  for (name, layers) in networks {
    for steps in [1, 2, 4] {
      let samples = name.hasPrefix("784") ? 12_800 : 2560
      let data = try EncodedData(dataset.taking(train: samples, test: 1), Direct(steps: steps), seed: 1, dt: .ms(1))
      let model = Model(try Network(input: data.code.features, layers), input: data.outline, data: data)
      var trainer = BackpropagationThroughTime()
      (trainer.options.epochs, trainer.options.batch, trainer.options.optimiser) = (1, 128, .sgd)
      func train(_ threads: Int) throws {
        _ = try trainer.train(model, on: data, TrainingRun(machine: Machine(backend: Native(), threads: threads)))
      }
      let title = "bptt \(name), T = \(steps)"
      print(
        try Measurement("\(title), 2 threads", unit: "images/s", runs: 5) {
          try Double(samples) / seconds { try train(2) }
        }.line)
      print(
        try Measurement("\(title), processor time", unit: "images/s", runs: 3) {
          try Double(samples) / processorSeconds { try train(1) }
        }.line)
    }
  }
}

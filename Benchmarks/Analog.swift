import Accelerated
import Classic
import Compute
import Spiking

/// Networks without spikes whose training is measured; `Peers/pytorch.py` trains the same.
private let networks: [(name: String, layers: [any Layer])] = [
  ("784-1200-1200-10", [Dense(1200), Rectifier(), Dense(1200), Rectifier(), Dense(10)]),
  (
    "16c5-2s-16c5-2s-10",
    [
      Convolution(16, kernel: 5, padding: .valid, bias: false), Rectifier(), Pool(2),
      Convolution(16, kernel: 5, padding: .valid, bias: false), Rectifier(), Pool(2), Dense(10, bias: false),
    ]
  ),
  (
    "32c3-2s-64c3-2s-128-10",
    [
      Convolution(32), Rectifier(), Pool(2), Convolution(64), Rectifier(), Pool(2), Dense(128), Rectifier(), Dense(10),
    ]
  ),
]

/// Training images per second, batch 100: by the clock with two threads, and by processor time with one.
func measureAnalogTraining(_ dataset: Dataset) throws {
  let samples = 3000
  let data = try EncodedData(dataset.taking(train: samples, test: 1), Direct(), seed: 1, dt: .ms(1))
  for (name, layers) in networks {
    let model = Model(try Network(input: data.code.features, layers), input: data.outline, data: data)
    for optimiser in [DescentOptions.Method.sgd, .adam] {
      var trainer = Backpropagation()
      (trainer.options.epochs, trainer.options.optimiser) = (1, optimiser)
      func train(_ threads: Int) throws {
        _ = try trainer.train(model, on: data, TrainingRun(machine: Machine(backend: Native(), threads: threads)))
      }
      let title = "backprop \(name), \(optimiser)"
      let clock = try Measurement("\(title), 2 threads", unit: "images/s", runs: 5) {
        try Double(samples) / seconds { try train(2) }
      }
      print(clock.line)
      let processor = try Measurement("\(title), processor time", unit: "images/s", runs: 5) {
        try Double(samples) / processorSeconds { try train(1) }
      }
      print(processor.line)
    }
  }
}

import Accelerated
import BS4NN
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

/// A layer that reads spikes of a density, and how many of them at a time.
private let readers: [(name: String, layer: any LinearLayer, input: Shape, rows: Int)] = [
  ("512-10", Dense(10), [512], 200), ("512-64", Dense(64), [512], 200), ("3136-128", Dense(128), [3136], 200),
  ("512-512", Dense(512), [512], 200), ("784-1200", Dense(1200), [784], 200),
  ("16→16, 3×3 on 14×14", Convolution(16), [16, 14, 14], 64),
  ("32→64, 3×3 on 14×14", Convolution(64), [32, 14, 14], 64),
  ("64→64, 3×3 on 14×14", Convolution(64), [64, 14, 14], 64),
  ("128→128, 3×3 on 8×8", Convolution(128), [128, 8, 8], 64),
]

/// Microseconds of processor time for one row of spikes, by additions at every density and by the product: where they meet is the
/// break-even of `PackedWeights`.
func measurePackedLayers(_ dataset: Dataset) throws {
  for (name, layer, input, rows) in readers {
    let network = try Network(input: input, [layer, Population(TernaryNeuron())]), random = RandomStream(seed: 1)
    var outline = try EncodedData(dataset.taking(train: 1, test: 1), Direct(), seed: 1, dt: .ms(1)).outline
    (outline.code.features, outline.code.alphabet) = (input, .ternary)
    let model = Model(network, parameters: Parameters(initial: network.layout, random: random), input: outline)
    func measure(_ choice: FormChoice, _ density: Float) {
      guard let packed = model.packed(choice), let values = packed.parameters else {
        fatalError("a layer that is packed")
      }
      let spikes = (0..<rows * input.count).map { i -> Float in
        random.uniform(i) < density ? (random.child(1).uniform(i) < 0.5 ? 1 : -1) : 0
      }
      let signal = Signal(Tensor(spikes, [spikes.count]), steps: 1, batch: rows, features: input)
      let node = packed.network.nodes[0], title = choice == .products ? "product" : "additions, density \(density)"
      var pass = Pass(machine: machine, dt: .ms(1), parameters: values)
      print(
        Measurement("\(name), \(title)", unit: "µs a row", runs: 21) {
          processorSeconds { _ = node.layer.forward(signal, at: node, &pass) } / Double(rows) * 1e6
        }.line)
    }
    measure(.products, 0.3)
    for density in [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6] as [Float] { measure(.additions, density) }
  }
}

/// Test images per second of processor time, from bytes to answers, after an epoch of training on 10 000 images: all products, all
/// additions, and what the densities choose.
func measurePackedInference(_ dataset: Dataset) throws {
  var times = TimeToFirstSpike()
  times.steps = 32
  let sparse: (String, [any Layer]) = (
    "784-512-512-10 behind first spikes",
    [Dense(512), BatchNorm(), ternary(), Dense(512), BatchNorm(), ternary(), Dense(10)]
  )
  for (name, layers) in networks { try measurePacked(name, layers, Direct(steps: 2), dataset) }
  try measurePacked(sparse.0, sparse.1, times, dataset)
}
private func measurePacked(_ name: String, _ layers: [any Layer], _ encoder: some Encoder, _ dataset: Dataset) throws {
  let images = name.hasPrefix("784-512-10") ? 10_000 : 2000
  let data = try EncodedData(dataset.taking(train: 10_000, test: images), encoder, seed: 1, dt: .ms(1))
  var trainer = BackpropagationThroughTime()
  (trainer.options.epochs, trainer.options.batch) = (1, 128)
  let model = try trainer.train(
    Model(try Network(input: data.code.features, layers), input: data.outline, data: data), on: data,
    TrainingRun(machine: Machine(backend: Native(), threads: 2), seed: 1))
  let executors: [(String, any Executor)] = [
    ("products", ClockedExecutor()), ("additions", PackedExecutor(.additions)), ("chosen", PackedExecutor()),
  ]
  for (form, executor) in executors {
    guard let execution = executor.prepare(model, ExecutionOptions(machine: machine)) else {
      fatalError("a network of ternary neurons")
    }
    var right = 0
    let figure = Measurement("\(name), \(form)", unit: "images/s", runs: 7) {
      Double(images)
        / processorSeconds { right = execution.outcomes(Array(0..<images), .test, of: data).count(where: \.isCorrect) }
    }
    print(figure.line + ", \(right) right")
  }
}

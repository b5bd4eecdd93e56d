import Accelerated
import Classic
import Compute
import Foundation
import L4Conversion
import Spiking

/// Networks whose converted form is measured; `Peers/conversion.py` runs the same.
private let networks: [(name: String, layers: [any Layer], steps: Int, images: Int)] = [
  (
    "12c5-2s-64c5-2s-10",
    [
      Convolution(12, kernel: 5, padding: .valid, bias: false), Rectifier(), Pool(2),
      Convolution(64, kernel: 5, padding: .valid, bias: false), Rectifier(), Pool(2), Dense(10, bias: false),
    ], 30, 1000
  ),
  (
    "784-1200-1200-10",
    [Dense(1200, bias: false), Rectifier(), Dense(1200, bias: false), Rectifier(), Dense(10, bias: false)], 50,
    10_000
  ),
]

/// Writes the weights of a converted network, layer by layer in single precision, for `Peers/conversion.py` to run.
private func export(_ model: Model, _ name: String, to folder: String) throws {
  guard let parameters = model.parameters else { return }
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  let weights = parameters.layout.entries.filter { $0.spec.role == .weight }
  for (k, entry) in weights.enumerated() {
    try write(parameters.values(of: entry), to: URL(filePath: folder).appending(path: "\(name)-\(k).f32"))
  }
}

/// Seconds for test images, from bytes to answers. One epoch of training brings the activity of trained networks. Ties go to the
/// first class, as in the peer.
///
/// - Parameter folder: where the converted weights are written.
func measureConversion(_ dataset: Dataset, weights folder: String? = nil) throws {
  let training = try EncodedData(dataset.taking(test: 1), Direct(), seed: 1, dt: .ms(1))
  let data = try EncodedData(dataset, Bernoulli(), seed: 1, dt: .ms(1))
  for (name, layers, steps, images) in networks {
    let two = Machine(backend: Native(), threads: 2)
    var trainer = Backpropagation()
    trainer.options.epochs = 1
    let analog = try trainer.train(
      Model(try Network(input: training.code.features, layers), input: training.outline, data: training), on: training,
      TrainingRun(machine: two, seed: 1))
    var scheme = Robust()
    (scheme.common.steps, scheme.common.ties) = (steps, .first)
    let model = try scheme.convert(analog, ConversionRun(machine: two, seed: 1, data: training))
    if let folder { try export(model, name, to: folder) }
    for threads in [1, 2] {
      let options = ExecutionOptions(machine: Machine(backend: Native(), threads: threads), steps: steps)
      guard let execution = ConvertedExecutor().prepare(model, options) else { fatalError("a converted model") }
      var spikes = 0, right = 0
      let figure = Measurement(
        "\(name), T=\(steps), \(images) images, threads: \(threads)", unit: "s", runs: 3
      ) {
        seconds {
          let outcomes = execution.outcomes(Array(0..<images), .test, of: data)
          spikes = outcomes.reduce(0) { $0 + $1.spikes.reduce(0, +) }
          right = outcomes.count(where: \.isCorrect)
        }
      }
      print(figure.line + ", \(right) right, \(spikes / images) spikes an image")
    }
  }
}

import Accelerated
import Compute
import Foundation
import HybridLMU
import Spiking

/// Operations of training on one image of permuted sequential MNIST at the published size, additions and multiplications:
/// forward q² + q·n + n², backward q² + 2·q·n + 2·n² products a step. The small rest is not counted.
private let products: Int = 2 * 256 * 256 + 3 * 256 * 212 + 3 * 212 * 212
private let operations = Double(2 * 784 * products)

/// Training of the published network on permuted sequential MNIST; `Peers/lmu.py` trains the same.
func measureLMUTraining(_ dataset: Dataset) throws {
  for (text, omegaH, omegaM) in [("numbers", Double.infinity, Double.infinity), ("quanta 2 and 4", 2, 4)] {
    for threads in [1, 2] {
      let images = 100 * 4 * threads
      var pixels = Pixels(), layer = LMU(), trainer = HybridTrainer()
      (pixels.order, layer.units, layer.memory, layer.window) = (.psmnist, 212, 256, .steps(784))
      (layer.initial, layer.omegaH, layer.omegaM) = (.psmnist, omegaH, omegaM)
      (trainer.options.epochs, trainer.options.batch, trainer.course) = (1, 100, .fixed)
      let data = try EncodedData(dataset.taking(train: images, test: 1), pixels, seed: 1, dt: .ms(1))
      let network = try Network(input: [1], [layer, Dense(10)])
      let model = Model(network, input: data.outline, data: data)
      let machine = Machine(backend: Native(), threads: threads)
      func rate(_ watch: (() throws -> Void) throws -> Double) throws -> Double {
        let time = try watch { _ = try trainer.train(model, on: data, TrainingRun(machine: machine)) }
        return Double(images) * operations / time / 1e9
      }
      let title = "lmu 212, q 256, 784 steps, \(text)"
      // Processor time is that of one thread.
      if threads == 1 {
        print(
          try Measurement("\(title), processor time", unit: "GFLOP/s", runs: 5) { try rate(processorSeconds) }.line)
      } else {
        let result = try Measurement("\(title), 2 threads", unit: "GFLOP/s", runs: 5) { try rate(seconds) }
        print(result.line)
        let epoch = 50_000 * operations / (result.figures.last ?? .nan) / 1e9
        print("  an epoch of 50 000 at the maximum: \(String(format: "%.0f", epoch)) s")
      }
    }
  }
}

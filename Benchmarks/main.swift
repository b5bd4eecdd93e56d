import Accelerated
import BS4NN
import Classic
import Compute
import Datasets
import Foundation
import Spiking

// The programs behind the published figures of speed: `make benchmark`. One thread each, in one run; `soma-bench analog`,
// `ternary`, `packed`, `layer`, `equations`, `lmu` and `conversion` measure only that; `layer` and `conversion` write what the
// peer needs to the folder behind them.
// What needs MNIST looks for it in SOMA_DATA and says so when it is not there.

let machine = Machine(backend: Native(), threads: 1)
print(Measurement.header, terminator: "")
let mnist = try? IDXDataset.read(KnownData.mnist, classes: (0...9).map(String.init), in: DataFolder(set: ""))
let folder = CommandLine.arguments.dropFirst(2).first
switch CommandLine.arguments.dropFirst().first {
case "layer":
  try measureLayer(folder)
  exit(0)
case "equations":
  try measureEquations()
  exit(0)
default: break
}
if let mnist, let part = CommandLine.arguments.dropFirst().first {
  switch part {
  case "analog": try measureAnalogTraining(mnist)
  case "ternary": try measureTernaryTraining(mnist)
  case "packed":
    try measurePackedLayers(mnist)
    try measurePackedInference(mnist)
  case "conversion": try measureConversion(mnist, weights: folder)
  case "lmu": try measureLMUTraining(mnist)
  default: print("there is no part '\(part)': analog, ternary, packed, layer, equations, conversion, lmu")
  }
  exit(0)
}

// 10 000 leaky integrate-and-fire neurons, 10 000 steps of 0.1 ms. Chunks of steps with carried state: what a chunk sends
// stays in cache, as in a simulation that looks at it.
let lif = try Measurement("lif, 10 000 neurons × 10 000 steps of 0.1 ms", unit: "neuron-steps/s") {
  let neurons = 10_000, steps = 10_000, chunk = 20
  let network = try Network(input: [neurons], [Population(LeakyIntegrateAndFire())])
  let current = Tensor((0..<neurons).map { 0.5 + 1.5 * Float($0) / Float(neurons) }, [neurons])
  var pass = Pass(machine: machine, dt: .ms(0.1), parameters: Parameters(zeros: network.layout))
  pass.carried = [:]
  var sent: Float = 0
  let time = seconds {
    for first in stride(from: 0, to: steps, by: chunk) {
      pass.firstStep = first
      sent +=
        network.forward(Signal(current, steps: chunk, batch: 1, features: [neurons], isConstant: true), &pass).values[
          neurons - 1]
    }
  }
  precondition(sent >= 0)
  return Double(neurons * steps) / time
}
print(lif.line)
try measureEquations()
try measureLayer()

guard let data = mnist else {
  print("the rest is left out: no MNIST in SOMA_DATA")
  exit(0)
}
try measureAnalogTraining(data)
try measureTernaryTraining(data)
try measurePackedInference(data)
try measureConversion(data)
try measureLMUTraining(data)

let encoded = try EncodedData(data, TimeToFirstSpike(), seed: 1, dt: .ms(1))
let layers: [any Layer] = [
  Dense(600, weights: .binary), Population(IfOnce()), Dense(10, weights: .binary), Population(IfOnce()),
]
var model = Model(try Network(input: encoded.code.features, layers), input: encoded.outline, data: encoded)

// Training: an epoch of 60 000 after the tenth.
var trainer = BS4NN()
trainer.options.epochs = 12
model = try trainer.train(model, on: encoded, TrainingRun(machine: machine, seed: 1))
let late = model.history.filter { $0.epoch > 10 }.compactMap(\.seconds)
print(
  "bs4nn 784-600-10, training epoch after the tenth".padding(toLength: 52, withPad: " ", startingAt: 0)
    + late.sorted().map { String(format: "%12.4g", $0) }.joined() + "  s (each)")

// Inference over the test images, with early exit, from bytes to answers.
guard let execution = SingleSpikeExecutor().prepare(model, ExecutionOptions(machine: machine)) else {
  fatalError("a single-spike model")
}
let indices = Array(0..<encoded.count(.test))
func classifyAll() {
  let correct = execution.outcomes(indices, .test, of: encoded).count(where: \.isCorrect)
  precondition(correct > 9000)
}
for (clock, watch) in [("", seconds), (", processor time", processorSeconds)]
  as [(String, (() throws -> Void) throws -> Double)]
{
  let inference = try Measurement("bs4nn 784-600-10, early exit\(clock)", unit: "µs an image", runs: 21) {
    try watch(classifyAll) / Double(indices.count) * 1e6
  }
  print(inference.line)
}

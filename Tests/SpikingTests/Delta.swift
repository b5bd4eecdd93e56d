import Compute
import Foundation
import Spiking

/// Gradient descent on softmax cross-entropy with momentum, batch by batch: the least that obeys the laws of a trainer.
struct Delta: Trainer {
  var epochs = 3, batch = 16, rate = 0.2
  static let manual = Manual("delta", "Gradient descent with momentum.")
  static let settings: [Setting<Self>] = [Setting("epochs", \.epochs, "Epochs.", in: 0...1e6)]

  func missing(in network: Network) -> [Missing] {
    network.neuronsWithout((any DifferentiableNeuron).self).map { Missing($0, "a surrogate gradient") }
  }
  func train(_ model: Model, on data: EncodedData, _ run: TrainingRun) throws -> Model {
    var model = model.initialised(seed: run.seed)
    guard var parameters = model.parameters else { return model }
    model.parameters = nil
    var state = model.training ?? TrainingState(trainer: kind, seed: run.seed)
    var velocity = Parameters(zeros: model.network.layout)
    if let kept = state.vectors["velocity"] { velocity.flat = Tensor(kept, [kept.count]) }
    let network = model.network.readingOut(), part = data.dataset.learningPart, n = data.count(part)
    let last = state.epoch + epochs
    training: while state.epoch < last {
      let order = RandomStream(seed: state.seed, "order").child(state.epoch).shuffled(n)
      while state.position < n {
        if run.isInterrupted() { break training }
        let chosen = Array(order[state.position..<min(n, state.position + batch)])
        let (loss, correct) = step(network, &parameters, &velocity, data, chosen, part, state.epoch, run)
        state.position += chosen.count
        state.numbers["loss", default: 0] += loss
        state.numbers["correct", default: 0] += Double(correct)
      }
      let (loss, correct) = (state.numbers["loss"] ?? 0, state.numbers["correct"] ?? 0)
      state.epoch += 1
      state.position = 0
      state.numbers = [:]
      model.history.append(EpochRecord(epoch: state.epoch, loss: loss / Double(n), accuracy: correct / Double(n)))
      run.report(Progress(epoch: state.epoch, of: last, fraction: Double(state.epoch) / Double(last)))
    }
    state.vectors["velocity"] = velocity.flat.values
    (model.parameters, model.training, model.trainer) = (parameters, state, kind)
    return model
  }

  /// One batch; returns the sum of the losses and the number of right answers.
  private func step(
    _ network: Network, _ parameters: inout Parameters, _ velocity: inout Parameters, _ data: EncodedData,
    _ chosen: [Int], _ part: Part, _ epoch: Int, _ run: TrainingRun
  ) -> (Double, Int) {
    let labels = data.labels(chosen, part)
    var loss = 0.0, correct = 0, gradients: Parameters?
    do {
      var pass = Pass(machine: run.machine, dt: data.dt, parameters: parameters, gradients: true)
      let tape = network.trace(data.clocked(chosen, part, epoch: epoch, machine: run.machine), &pass)
      var gradient = tape[network.nodes.count]
      let classes = gradient.features.count
      for (row, label) in labels.enumerated() {
        let x = (0..<classes).map { Double(gradient.values[row * classes + $0]) }
        let total = x.reduce(0) { $0 + exp($1) }
        if Outcome(scores: x.map { Float($0) }, label: label).isCorrect { correct += 1 }
        loss += log(total) - x[label]
        for j in 0..<classes {
          gradient.values[row * classes + j] = Float((exp(x[j]) / total - (j == label ? 1 : 0)) / Double(labels.count))
        }
      }
      network.backward(gradient, tape, &pass)
      swap(&gradients, &pass.gradients)
    }
    parameters.flat.write { w in
      velocity.flat.write { v in
        gradients?.flat.read { g in
          run.machine.backend.momentumStep(
            w, velocity: v, gradient: g, count: network.layout.count, rate: Float(rate), momentum: 0.9, decay: 0)
        }
      }
    }
    return (loss, correct)
  }
}

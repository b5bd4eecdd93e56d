internal import Compute
public import Spiking

/// Backpropagation through time for anything that has a gradient; plain backpropagation where there is one step.
///
/// The loss is the cross-entropy of the mean output over time, L = −log softmax(ō)[label]. Spikes use the surrogate
/// derivative of their neuron. Adam (arXiv:1412.6980) or stochastic gradient descent with momentum; the rate falls to 0
/// along a cosine, or stays.
///
/// - Reference: E. O. Neftci, H. Mostafa, F. Zenke, IEEE Signal Process. Mag. 36(6), 2019, arXiv:1901.09948.
public struct BackpropagationThroughTime: Trainer {
  public enum Optimiser: String, Choice { case adam, sgd }
  public enum Schedule: String, Choice { case cosine, constant }
  public var epochs = 5, batch = 64, rate = 0.002, momentum = 0.9, decay = 1e-4
  public var optimiser = Optimiser.adam, schedule = Schedule.cosine, patience: Int?
  public init() {}

  public static let manual = Manual(
    "bptt", "Backpropagation through time with surrogate gradients.",
    equation: "L = −log softmax(mean over t of o[t])[label]", reference: "E. O. Neftci et al., 2019, arXiv:1901.09948",
    details: "patience=n stops when the validation part has not improved for n epochs and returns the best model.",
    examples: [
      "data glyphs | take train=200 test=50 | encode direct steps=4 | dense 30 | neuron lif | dense 10 | train bptt epochs=2"
    ])
  public static let settings: [Setting<Self>] = [
    Setting("epochs", \.epochs, "How often all samples are seen.", in: 1...1e6),
    Setting("batch", \.batch, "Samples per update.", in: 1...1e6),
    Setting("rate", \.rate, "Size of a step at the start.", in: 1e-12...1e3),
    Setting("optimiser", \.optimiser, "How a step is made from a gradient."),
    Setting("momentum", \.momentum, "Share of the last step that is kept, with sgd.", in: 0...0.9999),
    Setting("decay", \.decay, "How fast weights shrink by themselves.", in: 0...1),
    Setting("schedule", \.schedule, "How the rate changes over the run."),
    Setting("patience", \.patience, "Epochs without improvement on the validation part before it stops.", in: 1...1e6),
  ]

  public func missing(in network: Network) -> [Missing] {
    network.neuronsWithout((any DifferentiableNeuron).self).map { Missing($0, "a surrogate gradient") }
      + network.nodes.filter { $0.neuron == nil && !($0.layer is any DifferentiableLayer) }.map {
        Missing($0, "a gradient")
      }
  }

  /// Values, gradients and two vectors of the optimiser; signals and their gradients.
  public func memory(for model: Model) -> Double { 4 * model.valueBytes + 2 * model.signalBytes(batch: batch) }

  public func train(_ model: Model, on data: EncodedData, _ run: TrainingRun) throws -> Model {
    if let first = missing(in: model.network).first { throw first }
    var session = Descent(self, model.initialised(seed: run.seed), data, run)
    return try session.train()
  }
}

/// One run of the trainer: the model under way, the optimiser's state, and where it is.
private struct Descent {
  let trainer: BackpropagationThroughTime, data: EncodedData, run: TrainingRun, network: Network
  var model: Model, parameters: Parameters, gradients: Parameters?, first: Parameters, second: Parameters
  var step = 0, start = 0, position = 0, length = 1
  private let part: Part, samples: Int

  init(_ trainer: BackpropagationThroughTime, _ model: Model, _ data: EncodedData, _ run: TrainingRun) {
    (self.trainer, self.data, self.run, self.model) = (trainer, data, run, model)
    network = model.network.readingOut()
    let layout = model.network.layout
    parameters = model.parameters ?? Parameters(zeros: layout)
    (gradients, first, second) = (Parameters(zeros: layout), Parameters(zeros: layout), Parameters(zeros: layout))
    part = data.dataset.learningPart
    samples = data.count(part)
    length = trainer.epochs
    start = model.epochs
    resume()
  }
  /// Goes on where an interrupted run stopped: its schedule, its optimiser, its place in the epoch.
  private mutating func resume() {
    guard let state = model.training, state.trainer == trainer.kind,
      state.position > 0 || state.numbers["left"] ?? 0 > 0
    else { return }
    (position, step) = (state.position, Int(state.numbers["step"] ?? 0))
    for (name, values) in state.vectors {
      if name == "first" { first.flat = Tensor(values, [values.count]) }
      if name == "second" { second.flat = Tensor(values, [values.count]) }
    }
  }

  mutating func train() throws -> Model {
    var best: (accuracy: Double, parameters: Parameters)?, waited = 0
    for epoch in start..<start + trainer.epochs {
      let started = ContinuousClock.now
      guard let tally = sweep(epoch, started) else { return stopped(epoch) }
      var record = EpochRecord(
        epoch: epoch + 1, loss: tally.loss / Double(max(1, tally.samples)),
        accuracy: Double(tally.correct) / Double(max(1, tally.samples)),
        seconds: started.duration(to: .now).inSeconds)
      if data.count(.validation) > 0 {
        let result = validate()
        (record.validationLoss, record.validationAccuracy) = (result.loss, result.accuracy)
      }
      model.history.append(record)
      finish(epoch + 1, position: 0)
      try run.checkpoint?(model)
      guard let patience = trainer.patience, let accuracy = record.validationAccuracy else { continue }
      if accuracy > best?.accuracy ?? -1 { (best, waited) = ((accuracy, parameters), 0) } else { waited += 1 }
      if waited >= patience { break }
    }
    if trainer.patience != nil, let best { model.parameters = best.parameters }
    return model
  }
  private mutating func finish(_ epoch: Int, position: Int) {
    model.parameters = parameters
    model.training = TrainingState(
      trainer: trainer.kind, epoch: epoch, position: position, seed: run.seed,
      vectors: ["first": first.flat.values, "second": second.flat.values], numbers: ["step": Double(step)])
  }
  private mutating func stopped(_ epoch: Int) -> Model {
    finish(epoch, position: position)
    return model
  }

  private struct Tally { var loss = 0.0, correct = 0, samples = 0 }

  /// One epoch from `position` on, or nil where it was interrupted.
  private mutating func sweep(_ epoch: Int, _ started: ContinuousClock.Instant) -> Tally? {
    let order = run.random("bptt").child(epoch).shuffled(samples)
    var tally = Tally()
    while position < samples {
      if run.isInterrupted() { return nil }
      let indices = Array(order[position..<min(samples, position + trainer.batch)])
      let (loss, correct) = update(indices, epoch)
      (tally.loss, tally.correct, tally.samples) = (
        tally.loss + loss, tally.correct + correct, tally.samples + indices.count
      )
      position += indices.count
      let share = Double(position) / Double(samples), done = Double(epoch - start) + share
      run.report(
        Progress(
          epoch: epoch - start + 1, of: trainer.epochs, fraction: done / Double(trainer.epochs),
          rate: Double(tally.samples) / max(1e-9, started.duration(to: .now).inSeconds),
          accuracy: Double(tally.correct) / Double(tally.samples), loss: tally.loss / Double(tally.samples)))
    }
    position = 0
    return tally
  }

  private mutating func update(_ indices: [Int], _ epoch: Int) -> (loss: Double, correct: Int) {
    let signal = data.clocked(indices, part, epoch: epoch, machine: run.machine), labels = data.labels(indices, part)
    let result: CrossEntropy, statistics: [Int: [Float]]
    do {
      var pass = Pass(
        machine: run.machine, dt: run.dt, parameters: parameters, random: run.random("noise").child(epoch))
      pass.isTraining = true
      pass.samples = data.bankIndices(indices, part)
      swap(&pass.gradients, &gradients)
      let tape = network.trace(signal, &pass)
      result = CrossEntropy(tape[network.nodes.count], labels)
      network.backward(result.gradient, tape, &pass)
      swap(&pass.gradients, &gradients)
      statistics = pass.statistics
    }  // The pass lets go of the values here, so that the update finds them unshared.
    parameters.apply(statistics)
    step += 1
    descend(rate(at: epoch))
    return (result.loss, result.correct)
  }
  private func rate(at epoch: Int) -> Double {
    guard trainer.schedule == .cosine else { return trainer.rate }
    let done = (Double(epoch - start) + Double(position) / Double(max(1, samples))) / Double(max(1, trainer.epochs))
    return trainer.rate * 0.5 * (1 + cosine(.pi * done))
  }

  private mutating func descend(_ rate: Double) {
    guard let gradients else { return }
    let machine = run.machine, backend = machine.backend, piece = 1 << 16
    let adam = AdamCoefficients(step: step, rate: Float(rate), weightDecay: Float(trainer.decay))
    var plain = adam
    plain.weightDecay = 0
    for entry in parameters.layout.entries where entry.spec.role.isLearnt {
      let decays = entry.spec.role == .weight, optimiser = trainer.optimiser
      let momentum = Float(trainer.momentum), decay = decays ? Float(trainer.decay) : 0,
        coefficients = decays ? adam : plain
      parameters.flat.write { w in
        first.flat.write { m in
          second.flat.write { s in
            gradients.flat.read { g in
              nonisolated(unsafe) let (w, m, s, g) = (
                w + entry.offset, m + entry.offset, s + entry.offset, g + entry.offset
              )
              machine.forEachTile(of: entry.count, size: piece) { tile in
                let at = tile.lowerBound
                switch optimiser {
                case .adam:
                  backend.adamStep(
                    w + at, mean: m + at, square: s + at, gradient: g + at, count: tile.count, coefficients)
                case .sgd:
                  backend.momentumStep(
                    w + at, velocity: m + at, gradient: g + at, count: tile.count, rate: Float(rate),
                    momentum: momentum, decay: decay)
                }
              }
            }
          }
        }
      }
    }
  }

  private func validate() -> (loss: Double, accuracy: Double) {
    var loss = 0.0, correct = 0
    let count = data.count(.validation)
    for first in stride(from: 0, to: count, by: 100) {
      let indices = Array(first..<min(count, first + 100))
      var pass = Pass(machine: run.machine, dt: run.dt, parameters: parameters, random: run.random("validate"))
      pass.samples = data.bankIndices(indices, .validation)
      let output = network.forward(data.clocked(indices, .validation, machine: run.machine), &pass)
      let result = CrossEntropy(output, data.labels(indices, .validation))
      (loss, correct) = (loss + result.loss, correct + result.correct)
    }
    return (loss / Double(max(1, count)), Double(correct) / Double(max(1, count)))
  }
}

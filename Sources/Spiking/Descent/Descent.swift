internal import Compute

/// One run of a gradient trainer: the model under way, the state of the optimiser, and where it is.
struct Descent {
  private let options: DescentOptions, kind: String, data: EncodedData, run: TrainingRun
  /// What is differentiated at a share of the run.
  private let differentiated: @Sendable (Double) -> Network, loss: any Loss
  private let part: Part, samples: Int, fingerprint: UInt64
  private var model: Model, parameters: Parameters, gradients: Parameters?
  private var optimiser: Optimiser, patience: Patience?, cycle: TrainingCycle
  /// Epochs finished, samples of the next that are done, and how they went.
  private var epoch: Int, position = 0, tally = Tally()

  private struct Tally {
    var loss = 0.0, correct = 0, answers = 0, samples = 0
    /// Share of right answers, where there are right ones.
    var accuracy: Double? { answers > 0 ? Double(correct) / Double(answers) : nil }
  }

  init(
    _ options: DescentOptions, _ kind: String, _ model: Model, _ data: EncodedData, _ run: TrainingRun,
    _ loss: any Loss, _ differentiated: @escaping @Sendable (Double) -> Network
  ) {
    (self.options, self.kind, self.model, self.run) = (options, kind, model, run)
    self.data = data.shifted(by: options.shift)
    (self.loss, self.differentiated) = (loss, differentiated)
    let layout = model.network.layout
    parameters = model.parameters ?? Parameters(zeros: layout)
    gradients = Parameters(zeros: layout)
    optimiser = Optimiser(options, layout)
    patience = Patience(options.patience)
    part = data.dataset.learningPart
    (samples, fingerprint) = (data.count(part), data.fingerprint(part))
    epoch = model.epochs
    cycle = TrainingCycle(start: epoch, length: options.epochs)
    if let state = model.training, state.trainer == kind, state.epoch == epoch {
      resume(from: state.holding(for: data))
    }
    // The run owns the values: the model would share them, and every step would copy them.
    self.model.parameters = nil
  }
  /// Goes on within a cycle that was interrupted: its schedule, its optimiser, its place in the epoch.
  private mutating func resume(from state: TrainingState) {
    cycle = TrainingCycle(after: state, epochs: options.epochs)
    guard cycle.start < epoch || state.position > 0 else { return }
    position = state.position
    optimiser.resume(from: state)
    patience?.resume(from: state, parameters.layout)
    tally.loss = state.numbers["loss"] ?? 0
    tally.correct = max(0, state.numbers["correct"].flatMap { Int(exactly: $0) } ?? 0)
    tally.answers = max(0, state.numbers["answers"].flatMap { Int(exactly: $0) } ?? position)
    tally.samples = position
  }

  mutating func train() throws -> Model {
    let first = epoch, last = epoch + options.epochs
    while epoch < last {
      if epoch >= cycle.end { startCycle(until: last) }
      let started = ContinuousClock.now
      guard sweep(started, first, last) else { return snapshot() }
      let record = finishEpoch(started)
      model.history.append(record)
      let isOver = patience?.isExhausted(by: record, parameters) ?? false
      if isOver { cycle.length = epoch - cycle.start }
      try run.checkpoint?(snapshot())
      if isOver { break }
    }
    if epoch >= cycle.end, let best = patience?.best { parameters = best }
    return snapshot()
  }
  private mutating func startCycle(until last: Int) {
    cycle = TrainingCycle(start: epoch, length: last - epoch)
    optimiser = Optimiser(options, parameters.layout)
    patience = Patience(options.patience)
  }

  /// The model as it stands, with all it takes to go on; a finished cycle leaves nothing to go on from.
  private func snapshot() -> Model {
    var result = model
    result.parameters = parameters
    var state = TrainingState(trainer: kind, epoch: epoch, position: position, seed: run.seed)
    state.data = fingerprint
    cycle.write(to: &state.numbers)
    if epoch < cycle.end {
      optimiser.write(to: &state)
      patience?.write(to: &state)
      (state.numbers["loss"], state.numbers["correct"]) = (tally.loss, Double(tally.correct))
      state.numbers["answers"] = Double(tally.answers)
    }
    (result.training, result.trainer) = (state, kind)
    return result
  }

  /// The rest of an epoch; false where it was interrupted.
  private mutating func sweep(_ started: ContinuousClock.Instant, _ first: Int, _ last: Int) -> Bool {
    let order = run.random(kind).child(epoch).shuffled(samples), begun = position
    while position < samples {
      if run.isInterrupted() { return false }
      update(Array(order[position..<min(samples, position + options.batch)]))
      let done = Double(epoch - first) + Double(position) / Double(samples), count = Double(tally.samples)
      run.report(
        Progress(
          epoch: epoch - first + 1, of: last - first, fraction: done / Double(last - first),
          rate: Double(position - begun) / max(1e-9, started.duration(to: .now).inSeconds),
          accuracy: tally.accuracy, loss: tally.loss / count))
    }
    return true
  }
  private mutating func finishEpoch(_ started: ContinuousClock.Instant) -> EpochRecord {
    let count = Double(max(1, tally.samples))
    (epoch, position) = (epoch + 1, 0)
    var record = EpochRecord(
      epoch: epoch, loss: tally.loss / count, accuracy: tally.accuracy,
      seconds: started.duration(to: .now).inSeconds)
    if part != .validation, data.count(.validation) > 0 {
      (record.validationLoss, record.validationAccuracy) = validate()
    }
    for node in model.network.nodes where node.neuron != nil {
      for entry in parameters.layout.entries[node.slots] {
        let sum = entry.range.reduce(0.0) { $0 + Double(parameters.flat[$1]) }
        record.extra["\(node.name)_\(entry.spec.name)"] = sum / Double(entry.count)
      }
    }
    tally = Tally()
    return record
  }

  /// Learns from one batch.
  private mutating func update(_ indices: [Int]) {
    let answers = data.answers(indices, part), names = data.bankIndices(indices, part)
    let done = Double(epoch - cycle.start) + Double(position) / Double(max(1, samples))
    let now = differentiated(done / Double(max(1, cycle.length)))
    let network = loss.readsEveryStep ? now : now.readingOut()
    let signal = data.clocked(
      indices, part, epoch: epoch, augmentedBy: run.augmentation(epoch: epoch), machine: run.machine)
    let result: LossResult, statistics: [Int: [Float]]
    do {
      var pass = Pass(
        machine: run.machine, dt: run.dt, parameters: parameters, random: run.random("noise").child(epoch))
      pass.isTraining = true
      pass.samples = names
      swap(&pass.gradients, &gradients)
      let tape = network.trace(signal, &pass)
      result = loss.result(tape[network.nodes.count], answers)
      network.backward(result.gradient, tape, &pass)
      swap(&pass.gradients, &gradients)
      statistics = pass.statistics
    }  // The pass lets go of the values here, so that the step finds them unshared.
    parameters.apply(statistics)
    if let limit = options.clip { gradients?.clip(to: limit) }
    if let gradients {
      optimiser.move(&parameters, along: gradients, rate: options.rate(after: done, of: cycle.length), run.machine)
    }
    position += indices.count
    tally.loss += result.loss
    tally.correct += result.correct
    tally.answers += result.answers
    tally.samples += indices.count
  }

  private func validate() -> (loss: Double, accuracy: Double?) {
    // What is learnt may be another loss than that of the read-out.
    let measure: any Loss = data.dataset.task == .classes ? CrossEntropy() : loss
    let reader = measure.readsEveryStep ? model.network : model.network.readingOut()
    var sum = Tally()
    let count = data.count(.validation)
    for first in stride(from: 0, to: count, by: 100) {
      let indices = Array(first..<min(count, first + 100))
      var pass = Pass(machine: run.machine, dt: run.dt, parameters: parameters, random: run.random("validate"))
      pass.samples = data.bankIndices(indices, .validation)
      let output = reader.forward(data.clocked(indices, .validation, machine: run.machine), &pass)
      let result = measure.result(output, data.answers(indices, .validation))
      sum.loss += result.loss
      sum.correct += result.correct
      sum.answers += result.answers
    }
    return (sum.loss / Double(max(1, count)), sum.accuracy)
  }
}

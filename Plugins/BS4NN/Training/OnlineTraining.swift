internal import BS4NNKernels
internal import Compute
internal import Spiking

/// One call of a trainer: epochs over shuffled samples, one update each.
struct OnlineTraining {
  private var model: Model
  private let data: EncodedData, options: OnlineOptions, run: TrainingRun, trainer: String, isBinary: Bool
  private let layering: Layering, part: Part, labels: [Int], bank: EventBank
  private let recipe: Recipe, network: OnlineNetwork, window: Int, never: Int
  private var state: TrainingState, cycle: TrainingCycle, averaging: WeightAverage
  private let shifter: Shifter?

  init(
    _ model: Model, _ data: EncodedData, _ options: OnlineOptions, _ run: TrainingRun, trainer: String, isBinary: Bool
  ) throws {
    let network = model.parameters == nil ? try model.network.withoutOpenBiases() : model.network
    guard let layering = Layering(network) else {
      throw Missing(layer: "input", kind: "network", capability: "pairs of dense layers and if-once neurons")
    }
    (self.data, self.options, self.run, self.trainer, self.isBinary) = (data, options, run, trainer, isBinary)
    (self.layering, part, window) = (layering, data.dataset.learningPart, data.code.steps)
    // An input at the last step can matter to silent outputs only, so behind a hidden layer it never does.
    never = layering.pairs.count > 1 ? max(1, window - 1) : window
    bank = EventBank(data, part, window: window, never: never)
    labels = data.labels(Array(0..<data.count(part)), part)
    let classes = model.network.output.count
    guard labels.allSatisfy({ $0 < classes }) else {
      throw Missing(
        layer: layering.pairs.last?.name ?? "output", kind: "\(classes) neurons", capability: "a neuron for each class")
    }
    let earlier = model.training.flatMap { $0.trainer == trainer ? $0.holding(for: data) : nil }
    let cycle = TrainingCycle(after: earlier, epochs: options.epochs)
    let continues = earlier.map { cycle.start < $0.epoch || $0.position > 0 } ?? false
    self.cycle = cycle
    recipe = Recipe(
      options,
      Recipe.Situation(
        isBinary: isBinary, inputs: model.network.input.count, units: layering.pairs.map(\.dense.output.count),
        neuronThresholds: layering.pairs.map(\.threshold), activeInputs: bank.meanCount,
        shown: labels.count * cycle.length))
    state = earlier ?? TrainingState(trainer: trainer, seed: run.seed)
    state.data = data.fingerprint(part)
    if !continues {
      state.seed = run.seed
      WeightAverage.forget(&state)
    }
    self.model = model
    self.model.network = network
    let store = WeightStore(layering, recipe, isBinary: isBinary)
    self.network = store.network(for: &self.model, state: state, window: window)
    averaging = WeightAverage(self.network, state, lastEpochs: options.average)
    shifter = options.shifts ? Shifter(data.dataset.shape, capacity: model.network.input.count) : nil
  }
  private var store: WeightStore { WeightStore(layering, recipe, isBinary: isBinary) }

  mutating func train() throws -> Model {
    let target = state.epoch + options.epochs, clock = ContinuousClock()
    var best = Patience(options.patience, model.history, from: cycle.start)
    while state.epoch < target {
      if state.epoch >= cycle.end { cycle = TrainingCycle(start: state.epoch, length: target - state.epoch) }
      let began = clock.now
      var counts = state.position > 0 ? EpochCounts(state.numbers) : EpochCounts()
      guard !labels.isEmpty, runEpoch(&counts, target: target) else { return snapshot(counts) }
      averaging.add(network, epoch: state.epoch, of: cycle)
      (state.epoch, state.position) = (state.epoch + 1, 0)
      if state.epoch == cycle.end { averaging.finish() }
      model = snapshot(nil)
      var record = finished(counts)
      record.seconds = began.duration(to: clock.now).inSeconds
      model.history.append(record)
      try run.checkpoint?(model)
      if best.isExhausted(by: record) {
        cycle.length = state.epoch - cycle.start
        break
      }
    }
    let history = model.history
    model = snapshot(nil)
    model.history = history
    return model
  }

  /// Goes through the samples that are left of the epoch; false where interrupted.
  private mutating func runEpoch(_ counts: inout EpochCounts, target: Int) -> Bool {
    let epoch = state.epoch, random = RandomStream(seed: state.seed, "order").child(epoch)
    let moves = RandomStream(seed: state.seed, "shift").child(epoch)
    let order = random.shuffled(labels.count)
    let rates = layering.pairs.indices.map { recipe.rate($0, epoch: epoch - cycle.start, of: cycle.length) }
    var changed = ChangedEvents(data, part, window: window, never: never, order, random.child("augment"))
    var meter = Meter(epoch: epoch, target: target, first: target - options.epochs, run.report)
    for position in state.position..<order.count {
      if run.isInterrupted() { return false }
      let sample = order[position]
      let (bank, place) = changed?.events(at: position) ?? (bank, sample)
      let verdict = bank.read(place) { events in
        let events = shifter?.shifted(events, by: moves.integer(below: 5, counter: position)) ?? events
        return network.learn(events, label: labels[sample], recipe, rates: rates)
      }
      counts.add(verdict)
      state.position = position + 1
      meter.tick(position + 1, of: order.count, counts)
    }
    return true
  }

  /// The model with the weights as they are, and all it takes to go on.
  private func snapshot(_ counts: EpochCounts?) -> Model {
    var result = model, state = state
    state.numbers = [:]
    state.vectors = [:]
    cycle.write(to: &state.numbers)
    counts?.write(to: &state.numbers)
    store.write(network, averaging, to: &result, &state)
    (result.training, result.trainer) = (state, trainer)
    return result
  }
  private func finished(_ counts: EpochCounts) -> EpochRecord {
    var record = counts.record(epoch: state.epoch)
    for (l, layer) in network.layers.enumerated() where isBinary {
      record.extra["alpha\(l + 1)"] = Double(layer.alpha)
      if case .at(let n) = layer.firing { record.extra["threshold\(l + 1)"] = Double(n) }
    }
    if network.scaleGuards > 0 { record.extra["alpha_guards"] = Double(network.scaleGuards) }
    let held = data.count(.validation)
    if held > 0, part != .validation,
      let execution = SingleSpikeExecution(model, ExecutionOptions(machine: run.machine), ties: .potential)
    {
      let outcomes = execution.outcomes(Array(0..<held), .validation, of: data)
      record.validationAccuracy = Double(outcomes.count(where: \.isCorrect)) / Double(held)
    }
    return record
  }
}

/// The spikes of an epoch in which samples are changed: made as they are needed, some at a time.
private struct ChangedEvents {
  private let data: EncodedData, part: Part, window: Int, never: Int, order: [Int], draws: RandomStream
  private var bank: EventBank?, piece = -1
  private static let size = 256

  /// Nil where samples are shown as they are.
  init?(_ data: EncodedData, _ part: Part, window: Int, never: Int, _ order: [Int], _ draws: RandomStream) {
    guard !data.dataset.augmentation.isNone else { return nil }
    (self.data, self.part, self.window, self.never) = (data, part, window, never)
    (self.order, self.draws) = (order, draws)
  }
  /// The bank that holds the sample of a position in the order, and its place there.
  mutating func events(at position: Int) -> (EventBank, Int) {
    let wanted = position / Self.size
    if let bank, wanted == piece { return (bank, position % Self.size) }
    let samples = order[wanted * Self.size..<min(order.count, (wanted + 1) * Self.size)]
    let made = EventBank(data, Array(samples), part, window: window, never: never, augmentedBy: draws)
    (bank, piece) = (made, wanted)
    return (made, position % Self.size)
  }
}

extension Network {
  /// Dense layers whose bias was left open have none: nothing here would learn it.
  fileprivate func withoutOpenBiases() throws(ShapeError) -> Network {
    var result = Network(input: input)
    result.carry = carry
    for node in nodes {
      var layer = node.layer
      if var dense = layer as? Dense, dense.bias == nil {
        dense.bias = false
        layer = dense
      }
      try result.append(layer, name: node.name)
    }
    return result
  }
}

/// Stops a run whose accuracy has not risen for a number of epochs.
private struct Patience {
  let limit: Int
  private var best = -1.0, waited = 0
  init(_ limit: Int, _ history: [EpochRecord], from start: Int) {
    self.limit = limit
    for record in history where record.epoch > start { _ = isExhausted(by: record) }
  }
  mutating func isExhausted(by record: EpochRecord) -> Bool {
    let accuracy = record.validationAccuracy ?? record.accuracy ?? 0
    if accuracy > best { (best, waited) = (accuracy, 0) } else { waited += 1 }
    return limit > 0 && waited >= limit
  }
}

/// Reports a few times per second.
private struct Meter {
  let epoch: Int, target: Int, first: Int, report: @Sendable (Progress) -> Void
  private let began = ContinuousClock.now
  private var last = ContinuousClock.now, done = 0
  init(epoch: Int, target: Int, first: Int, _ report: @escaping @Sendable (Progress) -> Void) {
    (self.epoch, self.target, self.first, self.report) = (epoch, target, first, report)
  }
  mutating func tick(_ position: Int, of count: Int, _ counts: EpochCounts) {
    done += 1
    guard done % 32 == 0 || position == count else { return }
    let now = ContinuousClock.now
    guard position == count || last.duration(to: now) > .milliseconds(200) else { return }
    last = now
    let elapsed = began.duration(to: now) / .seconds(1)
    report(
      Progress(
        epoch: epoch + 1, of: target,
        fraction: (Double(epoch - first) + Double(position) / Double(count)) / Double(max(1, target - first)),
        rate: elapsed > 0 ? Double(done) / elapsed : nil, accuracy: counts.accuracy,
        loss: counts.loss / max(1, counts.samples)))
  }
}

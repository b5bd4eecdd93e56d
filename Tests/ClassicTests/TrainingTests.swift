import Accelerated
import Compute
import Foundation
import Laws
import Spiking
import Synchronization
import TestSupport
import Testing

@testable import Classic

/// Counts from 1.
private final class Counter: Sendable {
  private let count = Mutex(0)
  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
private func lif(_ change: (inout LeakyIntegrateAndFire) -> Void) -> LeakyIntegrateAndFire {
  var neuron = LeakyIntegrateAndFire()
  change(&neuron)
  return neuron
}

/// Trainers that go down a gradient: what they share is tested with `backprop`.
@Suite struct TrainingTests {
  typealias Method = DescentOptions.Method
  private let machine = Machine(backend: Native())

  private func spiking(_ steps: Int = 3) throws -> Model {
    let data = try EncodedData(Toy.bands(), Direct(steps: steps), seed: 1, dt: .ms(1))
    let layers: [any Layer] = [
      Dense(16), BatchNorm(),
      Population(
        lif {
          $0.tau = .ms(2)
          $0.threshold = 0.2
        }), Dropout(0.2), Dense(3),
    ]
    return Model(try Network(input: data.code.features, layers), input: data.outline, data: data)
  }
  private func analog(_ dataset: Dataset = Toy.bands(), _ layers: [any Layer]? = nil) throws -> Model {
    let data = try EncodedData(dataset, Direct(steps: 1), seed: 1, dt: .ms(1))
    let usual: [any Layer] = [
      Convolution(4, bias: false), BatchNorm(), Rectifier(), Pool(2), Dropout(0.2), Dense(12), Rectifier(), Dense(3),
    ]
    return Model(try Network(input: data.code.features, layers ?? usual), input: data.outline, data: data)
  }
  private func split() -> Dataset { Toy.bands().splitting(validation: 0.3, random: RandomStream(seed: 1)) }
  private func backprop(_ change: (inout DescentOptions) -> Void) -> Backpropagation {
    var trainer = Backpropagation()
    (trainer.options.epochs, trainer.options.batch) = (3, 16)
    change(&trainer.options)
    return trainer
  }
  private func train(_ trainer: some Trainer, _ model: Model, stop: Int = .max) throws -> Model {
    let polls = Counter()
    let run = TrainingRun(machine: machine, isInterrupted: { polls.next() > stop })
    return try trainer.train(model, on: try #require(model.data), run)
  }

  @Test(arguments: [Method.adam, .sgd]) func theLawsHoldThroughTime(_ method: Method) throws {
    var trainer = BackpropagationThroughTime()
    (trainer.options.optimiser, trainer.options.batch) = (method, 8)
    trainer.options.rate = method == .adam ? 0.01 : 0.1
    let broken = try checkTrainer(
      trainer, model: spiking(), machine: { Machine(backend: Native(), threads: $0) },
      epochs: { [trainer] in
        var copy = trainer
        copy.options.epochs = $0
        return copy
      }
    ).broken
    #expect(broken == [])
  }
  @Test(arguments: [Method.adam, .sgd]) func theLawsHoldForAnalogNetworks(_ method: Method) throws {
    func trainer(_ epochs: Int) -> Backpropagation {
      backprop { ($0.optimiser, $0.batch, $0.shift, $0.epochs) = (method, 8, 1, epochs) }
    }
    let broken = try checkTrainer(
      trainer(4), model: analog(), machine: { Machine(backend: Native(), threads: $0) }, epochs: trainer
    ).broken
    #expect(broken == [])
  }
  @Test func declarations() {
    #expect(checkDeclared(Backpropagation.self) == [])
    #expect(checkDeclared(BackpropagationThroughTime.self) == [])
  }

  /// Stopped in any epoch, with patience and a schedule, a run that goes on ends in the same values and the same history.
  @Test(arguments: [2, 6, 11, 15]) func anInterruptedRunGoesOn(_ stop: Int) throws {
    func trainer(_ epochs: Int) -> Backpropagation {
      backprop { ($0.epochs, $0.patience, $0.shift, $0.schedule) = (epochs, 50, 1, .cosine) }
    }
    let model = try analog(split()), whole = try train(trainer(4), model)
    let part = try train(trainer(4), model, stop: stop)
    #expect(part.parameters?.flat.bits != whole.parameters?.flat.bits)
    let rest = try train(trainer(4 - part.epochs), part)
    #expect(rest.parameters?.flat.bits == whole.parameters?.flat.bits)
    #expect(rest.history.map(\.loss) == whole.history.map(\.loss))
    #expect(rest.history.map(\.validationAccuracy) == whole.history.map(\.validationAccuracy))
  }
  /// The state survives being written to bytes, as in a file.
  @Test func anInterruptedRunGoesOnFromBytes() throws {
    let model = try analog(), whole = try train(backprop { $0.shift = 1 }, model)
    var part = try train(backprop { $0.shift = 1 }, model, stop: 9)
    part.training = TrainingState(bytes: try #require(part.training?.bytes))
    let rest = try train(backprop { ($0.shift, $0.epochs) = (1, 3 - part.epochs) }, part)
    #expect(rest.parameters?.flat.bits == whole.parameters?.flat.bits)
  }
  /// A finished run that is trained again starts a cycle at the full rate and counts on.
  @Test func trainingGoesOnWithANewCycle() throws {
    let first = try train(backprop { $0.epochs = 2 }, try analog())
    #expect(first.training?.vectors.isEmpty == true)
    let second = try train(backprop { $0.epochs = 3 }, first)
    #expect(second.history.map(\.epoch) == [1, 2, 3, 4, 5])
    #expect(second.training?.numbers["cycle.start"] == 2)
  }

  @Test func everySettingMatters() throws {
    let model = try analog(split())
    func values(_ change: (inout DescentOptions) -> Void) throws -> [UInt32]? {
      try train(backprop(change), model).parameters?.flat.bits
    }
    let base = try values { _ in }, stepped = try values { $0.schedule = .step },
      sgd = try values { $0.optimiser = .sgd }
    let changes: [(String, [UInt32]?, (inout DescentOptions) -> Void)] = [
      ("epochs", base, { $0.epochs = 2 }), ("batch", base, { $0.batch = 8 }), ("rate", base, { $0.rate = 0.02 }),
      ("optimiser", base, { $0.optimiser = .sgd }), ("decay", base, { $0.decay = 0.5 }),
      ("schedule", base, { $0.schedule = .constant }), ("step", base, { $0.schedule = .step }),
      ("shift", base, { $0.shift = 1 }), ("every", stepped, { ($0.schedule, $0.every) = (.step, 2) }),
      ("factor", stepped, { ($0.schedule, $0.factor) = (.step, 0.5) }),
      ("momentum", sgd, { ($0.optimiser, $0.momentum) = (.sgd, 0.5) }),
      ("sgd decay", sgd, { ($0.optimiser, $0.decay) = (.sgd, 0.5) }),
    ]
    for (name, before, change) in changes { #expect(try values(change) != before, "\(name)") }
  }
  /// Without a gradient weights shrink by rate·decay a step, and nothing else moves.
  @Test func onlyWeightsDecay() throws {
    let data = try EncodedData(Toy.bands(count: 1), Direct(), seed: 1, dt: .ms(1))
    // A constant output that is right beyond doubt: its gradient is 0.
    var layer = Dense(3)
    layer.initial = .constant(0.5)
    var model = Model(
      try Network(input: data.code.features, [BatchNorm(), layer]), input: data.outline, data: data
    ).initialised(seed: 1)
    model.parameters?["dense1.bias"] = [200, 0, 0]
    let trained = try train(
      backprop { ($0.epochs, $0.schedule, $0.rate, $0.decay, $0.optimiser) = (1, .constant, 0.1, 0.2, .sgd) }, model)
    let values = try #require(trained.parameters)
    #expect(values["dense1.weight"].allSatisfy { abs($0 - 0.5 * (1 - 0.1 * 0.2)) < 1e-6 })
    #expect(values["dense1.bias"] == [200, 0, 0])
    #expect(values["batchnorm1.scale"] == [1] && values["batchnorm1.shift"] == [0])
    #expect(values["batchnorm1.mean"] != [0] && values["batchnorm1.variance"] != [1])
  }
  @Test func schedules() {
    func rates(_ change: (inout DescentOptions) -> Void, _ length: Int = 9) -> [Double] {
      var options = DescentOptions()
      options.rate = 2
      change(&options)
      return [0, 2.9, 3, 4.5, 8].map { options.rate(after: $0, of: length) }
    }
    #expect(rates { $0.schedule = .constant } == [2, 2, 2, 2, 2])
    #expect(zip(rates { $0.schedule = .step }, [2, 2, 0.2, 0.2, 0.02]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(rates { ($0.schedule, $0.every, $0.factor) = (.step, 4, 0.5) } == [2, 2, 2, 1, 0.5])
    let cosine = rates { $0.schedule = .cosine }
    #expect(cosine[0] == 2 && abs(cosine[3] - 1) < 1e-12 && cosine[4] < 0.1)
    var open = DescentOptions()
    #expect(open.rate(after: 0, of: 3) == 0.001)
    open.optimiser = .sgd
    #expect(open.rate(after: 0, of: 3) == 0.05)
  }
  @Test func settingsThatDoNotBelongAreRefused() {
    for (name, value) in [("momentum", 0.5), ("every", 2), ("factor", 0.5)] {
      #expect(throws: SettingProblem.self) {
        try Backpropagation().applying([(name, .quantity(Quantity(value)))])
      }
    }
  }

  private func augmented(_ model: Model, _ change: (inout Augmentation) -> Void) throws -> Model {
    var model = model
    let data = try #require(model.data)
    var dataset = data.dataset
    change(&dataset.augmentation)
    model.data = try EncodedData(dataset, data.encoder, seed: data.seed, dt: data.dt)
    return model
  }
  /// The setting of the trainer is that of the data.
  @Test func shiftIsAnAugmentation() throws {
    let model = try analog(), own = try train(backprop { $0.shift = 2 }, model).parameters?.flat.bits
    #expect(try train(backprop { _ in }, augmented(model) { $0.shift = 2 }).parameters?.flat.bits == own)
    #expect(try train(backprop { $0.shift = 1 }, augmented(model) { $0.shift = 2 }).parameters?.flat.bits == own)
    #expect(try train(backprop { _ in }, model).parameters?.flat.bits != own)
  }
  @Test func theLawsHoldForImagesThatChange() throws {
    func trainer(_ epochs: Int) -> Backpropagation { backprop { $0.epochs = epochs } }
    let machine = { Machine(backend: Native(), threads: $0) }
    #expect(try checkAugmentation(trainer(2), model: analog(), machine: machine, epochs: trainer) == [])
    var through = BackpropagationThroughTime()
    (through.options.epochs, through.options.batch) = (2, 16)
    let broken = try checkAugmentation(through, model: spiking(), machine: machine) { [through] in
      var copy = through
      copy.options.epochs = $0
      return copy
    }
    #expect(broken == [])
  }
  /// What is held out is measured as it is, whatever is shown in training.
  @Test func whatIsHeldOutStaysAsItIs() throws {
    let model = try augmented(analog(split())) { ($0.shift, $0.flip, $0.cutout) = (3, true, 5) }
    let trained = try train(backprop { $0.epochs = 2 }, model)
    let plain = try EncodedData(split(), Direct(steps: 1), seed: 1, dt: .ms(1))
    let executor = try #require(ClockedExecutor().prepare(trained, ExecutionOptions(machine: machine)))
    let held = executor.outcomes(Array(0..<plain.count(.validation)), .validation, of: plain)
    #expect(
      trained.history.last?.validationAccuracy == Double(held.count(where: \.isCorrect)) / Double(held.count))
  }
  @Test func shiftsNeedImages() throws {
    let trainer = backprop { $0.shift = 1 }
    var model = try analog()
    #expect(trainer.missing(in: model.input, encoder: nil) == [])
    model.input.dataset = Dataset.Outline(name: "series", shape: [48], classes: [], counts: [:])
    #expect(
      trainer.missing(in: model.input, encoder: nil) == [
        Missing(layer: "input", kind: "direct", capability: "images to shift")
      ])
  }

  @Test func patienceStopsAndReturnsTheBest() throws {
    let model = try analog(split(), [Dense(3)])
    func trainer(_ epochs: Int) -> Backpropagation {
      backprop { ($0.epochs, $0.patience, $0.rate) = (epochs, 2, 0.05) }
    }
    let trained = try train(trainer(200), model), history = trained.history, batches = 5
    #expect(history.count < 200)
    let accuracies = history.compactMap(\.validationAccuracy), best = try #require(accuracies.max())
    #expect(accuracies.firstIndex(of: best) == accuracies.count - 3)
    // A run that is stopped there has the values that are returned.
    let upTo = try train(trainer(200), model, stop: (history.count - 2) * batches)
    #expect(upTo.epochs == history.count - 2)
    #expect(upTo.parameters?.flat.bits == trained.parameters?.flat.bits)
    // Interrupted while it waits, it knows how long it has waited and for what.
    let part = try train(trainer(200), model, stop: (history.count - 1) * batches - 2)
    let rest = try train(trainer(200 - part.epochs), part)
    #expect(rest.history.count == history.count)
    #expect(rest.parameters?.flat.bits == trained.parameters?.flat.bits)
  }
  @Test func patienceWithoutAValidationPartLooksAtTheTrainingPart() throws {
    let trained = try train(backprop { ($0.epochs, $0.patience) = (300, 3) }, try analog(Toy.bands(), [Dense(3)]))
    #expect(trained.history.count < 300 && trained.history.allSatisfy { $0.validationAccuracy == nil })
  }

  @Test func whatIsMissing() throws {
    #expect(Backpropagation().missing(in: try analog().network) == [])
    #expect(
      Backpropagation().missing(in: try spiking().network) == [
        Missing(layer: "neuron1", kind: "lif", capability: "a true derivative")
      ])
  }

  /// The read-out goes with the model: the last step alone, or a leaky average, answers otherwise than the mean.
  @Test func readOutsAreKeptAndUsed() throws {
    var results: [[UInt32]] = [], carries: [Double] = []
    for readout in [nil, BackpropagationThroughTime.ReadOutKind.last, .membrane] {
      var trainer = BackpropagationThroughTime()
      (trainer.options.epochs, trainer.options.batch, trainer.readout) = (2, 16, readout)
      let model = try train(trainer, try spiking(5))
      results.append(try #require(model.parameters?.flat.bits))
      carries.append(model.network.carry)
      let again = try train(BackpropagationThroughTime(), model)
      #expect(again.network.carry == model.network.carry)
    }
    #expect(carries == [1, 0, exp(-1.0 / 20)] && Set(results).count == 3)
  }
  @Test func surrogatesAndLossesChangeTheRun() throws {
    var results: Set<[UInt32]> = []
    var changes: [(inout BackpropagationThroughTime) -> Void] = [
      { _ in }, { $0.sharpness = 2 }, { $0.loss = .steps }, { ($0.loss, $0.lambda) = (.steps, 0.5) },
      { $0.loss = .rate },
    ]
    for shape in Surrogate.Shape.allCases where shape != .triangle { changes.append { $0.surrogate = shape } }
    for change in changes {
      var trainer = BackpropagationThroughTime()
      (trainer.options.epochs, trainer.options.batch) = (1, 32)
      change(&trainer)
      results.insert(try #require(try train(trainer, try spiking()).parameters?.flat.bits))
    }
    #expect(results.count == changes.count)
  }
}

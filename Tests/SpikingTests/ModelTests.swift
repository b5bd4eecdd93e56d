import Accelerated
import Compute
import Laws
import Spiking
import TestSupport
import Testing

@Suite struct ModelTests {
  func model(_ encoder: any Encoder = Direct(steps: 4), seed: UInt64 = 1) throws -> Model {
    let data = try EncodedData(Toy.bands(), encoder, seed: seed, dt: .ms(1))
    return try Model(data).appending(Dense(20)).appending(Population(Leaky())).appending(Dense(3))
  }

  @Test func lawsOfTraining() throws {
    var trainer = Delta()
    trainer.rate = 0.3
    #expect(
      try checkTrainer(trainer, model: model(), machine: { Machine(backend: Native(), threads: $0) }) {
        var t = trainer
        t.epochs = $0
        return t
      }.broken == [])
    #expect(checkDeclared(Delta.self) == [])
  }
  @Test func theLawsNoticeATrainerThatForgets() throws {
    struct Forgetful: Trainer {
      var base = Delta()
      static let manual = Manual("forgetful", "Starts its epochs anew.")
      func missing(in network: Network) -> [Missing] { [] }
      func train(_ model: Model, on data: EncodedData, _ run: TrainingRun) throws -> Model {
        var model = model
        model.training?.position = 0
        return try base.train(model, on: data, run)
      }
    }
    let broken = try checkTrainer(Forgetful(), model: model()) {
      var t = Forgetful()
      t.base.epochs = $0
      return t
    }.broken
    #expect(
      broken == [
        "interrupted after 1 polls, training ends in other values",
        "interrupted after 3 polls, training ends in other values",
      ])
  }
  @Test func whatATrainerMisses() throws {
    let network = try Network(input: [4], [Dense(3), Population(Noisy())])
    #expect(
      Delta().missing(in: network) == [Missing(layer: "neuron1", kind: "noisy", capability: "a surrogate gradient")])
  }

  @Test func tablesOfLayers() throws {
    let untrained = try model()
    #expect(
      untrained.layerTable.map(\.summary) == ["dense 20", "leaky", "dense 3"])
    #expect(untrained.layerTable.map(\.parameters) == [980, 0, 63] && untrained.parameterCount == 1043)
    #expect(!untrained.isTrained && untrained.initialised(seed: 1).isTrained)
    let binary = try Model(input: untrained.input).appending(Dense(16, weights: .binary))
    #expect(binary.layerTable[0].bytes == 48 * 16 / 8 + 4)
  }
  /// What has been learnt stays when a layer is added.
  @Test func layersBehindATrainedModel() throws {
    let trained = try model().initialised(seed: 5), longer = try trained.appending(Dense(2), seed: 6)
    #expect(longer.parameters?["dense1.weight"] == trained.parameters?["dense1.weight"])
    #expect(longer.parameters?.layout == longer.network.layout)
  }

  @Test func stateSurvivesItsBytes() {
    let state = TrainingState(
      trainer: "délta", epoch: 3, position: 17, seed: .max, vectors: ["v": [1, -0.0, .infinity], "": []],
      numbers: ["loss": 0.1])
    #expect(TrainingState(bytes: state.bytes) == state)
    for cut in 0..<state.bytes.count { #expect(TrainingState(bytes: Array(state.bytes.prefix(cut))) == nil) }
    #expect(TrainingState(bytes: state.bytes + [0]) == nil)
    // A count that lies about the length must not make it allocate or trap.
    for position in stride(from: 0, to: state.bytes.count, by: 8) {
      var damaged = state.bytes
      for k in position..<min(position + 8, damaged.count) { damaged[k] = 0xFF }
      _ = TrainingState(bytes: damaged)
    }
  }
}

@Suite struct ExecutorTests {
  func trained(_ encoder: any Encoder = Direct(steps: 4)) throws -> Model {
    let data = try EncodedData(Toy.bands(), encoder, seed: 1, dt: .ms(1))
    var neuron = Leaky(), trainer = Delta()
    neuron.tau = .ms(3)
    trainer.epochs = 8
    let model = try Model(data).appending(Dense(20)).appending(Population(neuron)).appending(Dense(3))
    return try trainer.train(model, on: data, TrainingRun(machine: Machine(backend: Native())))
  }

  @Test func outcomesDependOnNeitherBatchNorThreads() throws {
    let model = try trained(), data = try #require(model.data)
    var options = ExecutionOptions(machine: Machine(backend: Native()))
    let indices = Array(0..<96)
    let whole = try #require(ClockedExecutor().prepare(model, options)).outcomes(indices, .test, of: data)
    options.batch = 7
    options.machine.threads = 2
    let pieces = try #require(ClockedExecutor().prepare(model, options)).outcomes(indices, .test, of: data)
    #expect(whole == pieces)
    let evaluation = Evaluation(whole, steps: 4, rule: "")
    #expect(evaluation.accuracy > 0.9 && evaluation.samples == 96)
    #expect(whole.allSatisfy { $0.spikes.count == 2 })
    // Dense layers: every value that is not 0 costs one addition per unit.
    #expect(whole.allSatisfy { $0.synapticOperations == $0.spikes[0] * 20 + $0.spikes[1] * 3 })
  }
  @Test func aRecordingIsTheRunItself() throws {
    let model = try trained(), data = try #require(model.data)
    let execution = try #require(
      ClockedExecutor().prepare(model, ExecutionOptions(machine: Machine(backend: Native()))))
    let outcome = execution.outcomes([5], .test, of: data)[0], recording = execution.record(5, .test, of: data)
    #expect(recording.layers.map(\.name) == ["dense1", "neuron1", "dense2"])
    #expect(recording["neuron1"]?.spikes.count == outcome.spikes[1])
    #expect(recording["neuron1"]?.threshold == 1 && recording["neuron1"]?.kind == "leaky")
    #expect(recording["neuron1"]?["membrane"]?.values.count == 4 * 20)
    let outputs = recording["dense2"]?["output"]?.values ?? []
    for j in 0..<3 {
      let mean = (0..<4).reduce(0.0) { $0 + outputs[$1 * 3 + j] } / 4
      #expect(abs(mean - Double(outcome.scores[j])) < 1e-6)
    }
  }
  @Test func accuracyOverTimeEndsInTheAccuracy() throws {
    let model = try trained(Chance()), data = try #require(model.data)
    var options = ExecutionOptions(machine: Machine(backend: Native()))
    options.steps = 12
    let execution = try #require(ClockedExecutor().prepare(model, options)), indices = Array(0..<96)
    let curve = execution.curve(indices, .test, of: data)
    #expect(curve.count == 12 && curve.last == execution.evaluation(indices, .test, of: data).accuracy)
  }
  @Test func interruptionKeepsWholeBatches() throws {
    let model = try trained(), data = try #require(model.data)
    var options = ExecutionOptions(machine: Machine(), isInterrupted: { true })
    #expect(ClockedExecutor().prepare(model, options)?.outcomes([1, 2], .test, of: data).isEmpty == true)
    options.isInterrupted = { false }
    #expect(ClockedExecutor().prepare(model, options)?.outcomes([], .test, of: data).isEmpty == true)
  }
  @Test func tiesAndSilence() {
    let tie = Outcome(scores: [1, 3, 3], label: 2)
    #expect(tie.answer == 1 && tie.isTied && tie.labelAmongFirst && !tie.isCorrect)
    let silent = Outcome(scores: [0, 0, 0], label: 0, isSilent: true)
    #expect(silent.answer == nil && !silent.isTied && !silent.labelAmongFirst)
    let evaluation = Evaluation([tie, silent, Outcome(scores: [0, 1], label: 1)], steps: 5, rule: "largest")
    #expect(evaluation.accuracy == 1 / 3.0 && evaluation.accuracyTied == 2 / 3.0)
    #expect(evaluation.tieShare == 1 / 3.0 && evaluation.silentShare == 1 / 3.0 && evaluation.meanDecisionTime == nil)
  }
}

import Compute
import Foundation
import Spiking
import Testing

/// Losses of data sets with an answer for every step, and data and descent around them.
@Suite struct StepLossTests {
  private let steps = 4, batch = 3

  private func signal(_ width: Int, isConstant: Bool) -> Signal {
    let random = RandomStream(seed: 3), count = (isConstant ? 1 : steps) * batch * width
    return Signal(
      Tensor((0..<count).map { Float(random.normal($0)) }, [count]), steps: steps, batch: batch, features: [width],
      isConstant: isConstant)
  }
  /// The gradient is that of the mean over samples, by central differences of the definition.
  private func check(
    _ loss: any Loss, _ output: Signal, _ answers: Answers, _ definition: (_ value: (Int, Int, Int) -> Double) -> Double
  ) {
    let found = loss.result(output, answers), width = output.features.count
    func value(_ values: [Double]) -> Double {
      definition { t, sample, j in values[((output.isConstant ? 0 : t) * batch + sample) * width + j] }
    }
    let x = output.values.values.map(Double.init)
    #expect(abs(found.loss / Double(batch) - value(x)) < 1e-5)
    for i in x.indices {
      var (up, down) = (x, x)
      up[i] += 1e-5
      down[i] -= 1e-5
      #expect(abs(Double(found.gradient.values[i]) - (value(up) - value(down)) / 2e-5) < 1e-5)
    }
    #expect(loss.readsEveryStep)
  }
  @Test(arguments: [false, true]) func squares(_ isConstant: Bool) {
    let random = RandomStream(seed: 4), wanted = (0..<steps * batch * 2).map { Float(random.normal($0)) }
    let answers = Answers(labels: [0, 0, 0], values: Tensor(wanted, [wanted.count]), width: 2)
    check(MeanSquares(), signal(2, isConstant: isConstant), answers) { value in
      var sum = 0.0
      for t in 0..<steps {
        for sample in 0..<batch {
          for j in 0..<2 {
            let apart = value(t, sample, j) - Double(wanted[(t * batch + sample) * 2 + j])
            sum += apart * apart
          }
        }
      }
      return sum / Double(steps * batch * 2)
    }
  }
  @Test(arguments: [false, true]) func stepsWithoutAClassDoNotCount(_ isConstant: Bool) {
    let wanted: [Float] = [0, 2, -1, 1, 1, 0, -1, -1, 2, 0, 1, -1]
    let answers = Answers(labels: [0, 0, 0], values: Tensor(wanted, [12])), output = signal(3, isConstant: isConstant)
    check(StepCrossEntropy(), output, answers) { value in
      var sum = 0.0, count = 0.0
      for t in 0..<steps {
        for sample in 0..<batch where wanted[t * batch + sample] >= 0 {
          let row = (0..<3).map { exp(value(t, sample, $0)) }
          sum -= log(row[Int(wanted[t * batch + sample])] / row.reduce(0, +))
          count += 1
        }
      }
      return sum / count
    }
    let result = StepCrossEntropy().result(output, answers)
    #expect(result.answers == 8 && result.correct <= 8)
  }

  /// Samples whose every step asks for the value of the step, doubled.
  private func doubling(classes: Bool = false) -> Dataset {
    let random = RandomStream(seed: 2), count = 40
    let values = (0..<count * steps).map { Float(random.normal($0)) }
    var bank = SampleBank(shape: [steps, 1], labels: Array(repeating: 0, count: count), floats: values)
    bank.targets = Targets(
      steps: steps, areClasses: classes, values: values.map { classes ? ($0 > 0 ? 1 : 0) : 2 * $0 })
    return Dataset(
      name: "doubling", classes: classes ? ["low", "high"] : [], shape: [steps, 1],
      parts: [.train: .init(bank), .test: .init(bank)])
  }
  private func trainer(_ rate: Double) -> some GradientTrainer { Descending(rate) }
  /// The plainest of gradient trainers.
  private struct Descending: GradientTrainer {
    var options = DescentOptions()
    init() {}
    init(_ rate: Double) { (options.rate, options.epochs, options.batch, options.decay) = (rate, 60, 10, 0) }
    static let manual = Manual("descending", "Goes down.")
    static let settings: [Setting<Self>] = commonSettings
    func missing(in network: Network) -> [Missing] { [] }
  }
  @Test(arguments: [false, true]) func everyStepIsLearnt(_ classes: Bool) throws {
    let data = try EncodedData(doubling(classes: classes), Frames(), seed: 1, dt: .ms(1))
    let model = try Model(data).appending(Dense(classes ? 2 : 1))
    let trained = try trainer(0.05).train(model, on: data, TrainingRun(machine: Machine()))
    let execution = try #require(ClockedExecutor().prepare(trained, ExecutionOptions(machine: Machine())))
    let result = execution.evaluation(Array(0..<40), .test, of: data)
    if classes {
      #expect(result.accuracy > 0.95 && result.normalisedError == nil)
      #expect((trained.history.last?.accuracy ?? 0) > 0.95)
    } else {
      #expect((result.normalisedError ?? 1) < 0.02 && (result.loss ?? 1) < 0.01)
      #expect(trained.history.last?.accuracy == nil)
      #expect(abs((trained.parameters?["dense1.weight"].first ?? 0) - 2) < 0.05)
    }
  }
  @Test func aCodeWithoutAStepForEachAnswerIsRefused() throws {
    let data = try EncodedData(doubling(), Direct(steps: 3), seed: 1, dt: .ms(1))
    let model = try Model(data).appending(Dense(1))
    #expect(throws: Missing(layer: "input", kind: "direct", capability: "a step for each of 4 answers")) {
      try trainer(0.1).train(model, on: data, TrainingRun(machine: Machine()))
    }
  }
  /// A gradient that is too long is shortened to the norm, all entries alike.
  @Test func clippingBoundsTheStep() throws {
    let data = try EncodedData(doubling(), Frames(), seed: 1, dt: .ms(1))
    let model = try Model(data).appending(Dense(1)).initialised(seed: 1)
    func moved(_ clip: Double?) throws -> Double {
      var trainer = Descending(1)
      (trainer.options.optimiser, trainer.options.momentum, trainer.options.clip) = (.sgd, 0, clip)
      (trainer.options.epochs, trainer.options.batch, trainer.options.schedule) = (1, 40, .constant)
      let trained = try trainer.train(model, on: data, TrainingRun(machine: Machine()))
      let before = model.parameters?.flat.values ?? [], after = trained.parameters?.flat.values ?? []
      return zip(before, after).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }.squareRoot()
    }
    #expect(try abs(moved(0.01) - 0.01) < 1e-6)
    #expect(try moved(nil) > 0.1 && moved(1e6) == moved(nil))
  }
  @Test func linearScheduleEndsAtATenth() {
    var options = DescentOptions()
    (options.schedule, options.rate) = (.linear, 2)
    for (done, rate) in [(0.0, 2.0), (5, 1.1), (10, 0.2), (11, 0.2)] {
      #expect(abs(options.rate(after: done, of: 10) - rate) < 1e-12)
    }
  }
}

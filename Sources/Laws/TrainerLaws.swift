public import Compute
public import Spiking
internal import Synchronization

extension Law {
  static let needs = Law("needs", "it takes the network that it says it takes")
  static let learning = Law("learning", "the loss falls or the accuracy rises")
  static let interruption = Law("interruption", "an interrupted training goes on to the same bits")
  static let otherSeeds = Law("other seeds", "another seed gives other values")
}

/// Laws of a trainer on a toy set: the loss falls or the accuracy rises, the same seed gives the same bits on one and on
/// two threads, another seed gives others, and an interrupted training that goes on ends in the same bits.
///
/// - Parameters:
///   - model: untrained, with data behind it.
///   - machine: makes the machine for a number of threads.
///   - isInterrupted: ends the trainings early; what is found then says nothing.
///   - epochs: the same trainer for a number of epochs.
public func checkTrainer<T: Trainer>(
  _ trainer: T, model: Model, machine: (Int) -> Machine = { Machine(threads: $0) },
  isInterrupted: @escaping @Sendable () -> Bool = { false }, epochs: (Int) -> T
) throws -> Laws {
  var laws = Laws()
  guard let data = model.data else {
    laws.require(.needs, false, "a model without data")
    return laws
  }
  laws.require(
    .needs, trainer.missing(in: model.network).isEmpty, "the network lacks \(trainer.missing(in: model.network))")
  func train(_ trainer: T, _ model: Model, threads: Int = 1, seed: UInt64 = 1, stop: Int = .max) throws -> Model {
    let polls = Mutex(0)
    let run = TrainingRun(
      machine: machine(threads), dt: model.input.dt, seed: seed,
      isInterrupted: {
        polls.withLock {
          $0 += 1
          return $0 > stop || isInterrupted()
        }
      })
    return try trainer.train(model, on: data, run)
  }
  let whole = try train(trainer, model), bits = whole.parameters?.flat.bits
  laws.require(.finite, bits != nil, "a trained model has no values")
  laws.require(.finite, whole.parameters?.isFinite == true, "a value is not finite")
  if let first = whole.history.first, let last = whole.history.last, whole.history.count > 1 {
    let falls = (last.loss ?? .infinity) < (first.loss ?? -.infinity)
    let rises = (last.accuracy ?? 0) > (first.accuracy ?? 1) || (last.accuracy ?? 0) >= 0.99
    laws.require(.learning, falls || rises, "neither does the loss fall nor the accuracy rise: \(first), then \(last)")
  } else {
    laws.require(.learning, false, "a history of fewer than two epochs")
  }
  laws.require(.seeds, try train(trainer, model).parameters?.flat.bits == bits, "the same seed gives other values")
  laws.require(
    .threads, try train(trainer, model, threads: 2).parameters?.flat.bits == bits, "two threads give other values")
  laws.require(
    .otherSeeds, try train(trainer, model, seed: 2).parameters?.flat.bits != bits, "another seed gives the same values")

  let total = whole.epochs
  for stop in [1, 3] {
    let part = try train(trainer, model, stop: stop)
    let rest = part.epochs < total ? try train(epochs(total - part.epochs), part) : part
    laws.require(
      .interruption, rest.parameters?.flat.bits == bits,
      "interrupted after \(stop) polls, training ends in other values")
  }
  return laws
}

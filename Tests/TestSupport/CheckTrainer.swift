public import Compute
public import Spiking
internal import Synchronization

/// Laws of a trainer on a toy set: the loss falls or the accuracy rises, the same seed gives the same bits on one and on
/// two threads, another seed gives others, and an interrupted training that goes on ends in the same bits.
///
/// - Parameters:
///   - model: untrained, with data behind it.
///   - machine: makes the machine for a number of threads.
///   - epochs: the same trainer for a number of epochs.
public func checkTrainer<T: Trainer>(
  _ trainer: T, model: Model, machine: (Int) -> Machine = { Machine(threads: $0) }, epochs: (Int) -> T
) throws -> [String] {
  var laws = Laws()
  guard let data = model.data else { return ["a model without data"] }
  laws.require(trainer.missing(in: model.network).isEmpty, "the network lacks \(trainer.missing(in: model.network))")
  func train(_ trainer: T, _ model: Model, threads: Int = 1, seed: UInt64 = 1, stop: Int = .max) throws -> Model {
    let polls = Mutex(0)
    let run = TrainingRun(
      machine: machine(threads), dt: model.input.dt, seed: seed,
      isInterrupted: {
        polls.withLock {
          $0 += 1
          return $0 > stop
        }
      })
    return try trainer.train(model, on: data, run)
  }
  let whole = try train(trainer, model), bits = whole.parameters?.flat.bits
  laws.require(bits != nil, "a trained model has no values")
  laws.require(whole.parameters?.isFinite == true, "a value is not finite")
  if let first = whole.history.first, let last = whole.history.last, whole.history.count > 1 {
    let falls = (last.loss ?? .infinity) < (first.loss ?? -.infinity)
    let rises = (last.accuracy ?? 0) > (first.accuracy ?? 1) || (last.accuracy ?? 0) >= 0.99
    laws.require(falls || rises, "neither does the loss fall nor the accuracy rise: \(first), then \(last)")
  } else {
    laws.require(false, "a history of fewer than two epochs")
  }
  laws.require(try train(trainer, model).parameters?.flat.bits == bits, "the same seed gives other values")
  laws.require(try train(trainer, model, threads: 2).parameters?.flat.bits == bits, "two threads give other values")
  laws.require(try train(trainer, model, seed: 2).parameters?.flat.bits != bits, "another seed gives the same values")

  let total = whole.epochs
  for stop in [1, 3] {
    let part = try train(trainer, model, stop: stop)
    let rest = try train(epochs(total - part.epochs), part)
    laws.require(rest.parameters?.flat.bits == bits, "interrupted after \(stop) polls, training ends in other values")
  }
  return laws.broken
}

public import Compute
internal import Laws
public import Spiking
internal import Synchronization

/// Laws of a trainer on images that change from showing to showing: it sees them, the same seed gives the same bits on one
/// and on two threads, and an interrupted training goes on to the same bits.
public func checkAugmentation<T: Trainer>(
  _ trainer: T, model: Model, machine: (Int) -> Machine = { Machine(threads: $0) }, epochs: (Int) -> T
) throws -> [String] {
  var laws = Laws()
  guard let plain = model.data else { return ["a model without data"] }
  var dataset = plain.dataset
  dataset.augmentation = Augmentation(shift: 2, flip: true, cutout: 2)
  let changed = try EncodedData(dataset, plain.encoder, seed: plain.seed, dt: plain.dt)
  func train(_ trainer: T, _ model: Model, _ data: EncodedData, threads: Int = 1, stop: Int = .max) throws -> Model {
    let polls = Mutex(0)
    let run = TrainingRun(
      machine: machine(threads), dt: model.input.dt, seed: 1,
      isInterrupted: {
        polls.withLock {
          $0 += 1
          return $0 > stop
        }
      })
    return try trainer.train(model, on: data, run)
  }
  let whole = try train(trainer, model, changed), bits = whole.parameters?.flat.bits
  laws.require(bits != nil && whole.parameters?.isFinite == true, "no values, or none that are finite")
  laws.require(try train(trainer, model, plain).parameters?.flat.bits != bits, "it does not see the changes")
  laws.require(try train(trainer, model, changed, threads: 2).parameters?.flat.bits == bits, "two threads differ")
  let part = try train(trainer, model, changed, stop: 3)
  let rest = try train(epochs(whole.epochs - part.epochs), part, changed)
  laws.require(rest.parameters?.flat.bits == bits, "interrupted, it ends in other values")
  return laws.broken
}

internal import Compute

extension TrainingState {
  /// The state as far as it holds for some data: where they are others, the epoch and the cycle that were cut are over.
  ///
  /// The place in an epoch, the schedule and what was counted belong to the samples they were made with.
  public func holding(for data: EncodedData) -> TrainingState {
    let part = data.dataset.learningPart, known = data.fingerprint(part)
    guard position < 0 || position > data.count(part) || (self.data ?? known) != known else {
      return self
    }
    var state = self
    (state.position, state.data) = (0, known)
    TrainingCycle.forget(&state.numbers)
    return state
  }
  /// Where a run was cut: the epoch of its cycle, counted from 1, and how many samples of that epoch are done.
  public var interruption: (epoch: Int, of: Int, samples: Int)? {
    guard let cycle = TrainingCycle(storedIn: self), position > 0 || epoch < cycle.end else { return nil }
    return (epoch - cycle.start + 1, cycle.length, position)
  }
}

extension EncodedData {
  /// A number that tells the samples of a part from others: how many, who and with which labels, and what some look like.
  public func fingerprint(_ part: Part) -> UInt64 {
    // FNV-1a, word by word.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01b3 }
    add(UInt64(part.rawValue.utf8.first ?? 0))
    guard let view = dataset[part] else { return hash }
    for extent in dataset.shape.extents { add(UInt64(extent)) }
    add(UInt64(view.count))
    for index in 0..<view.count {
      add(UInt64(truncatingIfNeeded: view.bankIndex(index)))
      add(UInt64(truncatingIfNeeded: view.label(index)))
    }
    for index in stride(from: 0, to: view.count, by: max(1, view.count / 16)) {
      for value in view.sample(index) { add(UInt64(value.bitPattern)) }
    }
    return hash
  }
}

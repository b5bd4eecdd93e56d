internal import Spiking

/// What is counted over the samples of an epoch; saved with an interrupted run.
struct EpochCounts: Equatable {
  var right = 0.0, tiedRight = 0.0, silent = 0.0, tied = 0.0, updates = 0.0, flips = 0.0, loss = 0.0, time = 0.0,
    samples = 0.0

  mutating func add(_ v: OnlineNetwork.Verdict) {
    samples += 1
    if v.isCorrect { right += 1 }
    if v.isTiedCorrect { tiedRight += 1 }
    if v.isSilent { silent += 1 }
    if v.isTied { tied += 1 }
    if v.isUpdated { updates += 1 }
    flips += Double(v.flips)
    loss += v.loss
    time += Double(v.firstTime)
  }
  private static let paths: [(name: String, path: any WritableKeyPath<EpochCounts, Double> & Sendable)] = [
    ("right", \.right), ("tiedRight", \.tiedRight), ("silent", \.silent), ("tied", \.tied), ("updates", \.updates),
    ("flips", \.flips), ("loss", \.loss), ("time", \.time), ("samples", \.samples),
  ]
  init() {}
  init(_ numbers: [String: Double]) {
    for (name, path) in Self.paths { self[keyPath: path] = numbers["count.\(name)"] ?? 0 }
  }
  func write(to numbers: inout [String: Double]) {
    for (name, path) in Self.paths { numbers["count.\(name)"] = self[keyPath: path] }
  }
  var accuracy: Double { right / max(1, samples) }

  func record(epoch: Int) -> EpochRecord {
    let n = max(1, samples)
    return EpochRecord(
      epoch: epoch, loss: loss / n, accuracy: right / n, accuracyTied: tiedRight / n,
      extra: [
        "updates": updates / n, "flips": flips, "silent": silent / n, "ties": tied / n, "first_time": time / n,
      ])
  }
}

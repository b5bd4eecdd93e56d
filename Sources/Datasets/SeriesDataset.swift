public import Compute
public import Spiking

/// Data sets whose samples are series of one number a step, to be answered with the number so many steps ahead.
public enum SeriesDataset {
  /// Samples out of series, each of which has `ahead` values more than a sample has steps.
  public static func bank(_ series: [[Double]], ahead: Int, offset: Double = 0, scale: Double = 1) -> SampleBank {
    let steps = max(0, (series.first?.count ?? 0) - ahead)
    func scaled(_ value: Double) -> Float { Float((value - offset) * scale) }
    var bank = SampleBank(
      shape: [steps, 1], labels: Array(repeating: 0, count: series.count),
      floats: series.flatMap { $0.prefix(steps).map(scaled) })
    bank.targets = Targets(steps: steps, values: series.flatMap { $0.dropFirst(ahead).map(scaled) })
    return bank
  }
  /// The series of Mackey and Glass from different beginnings; the mean of all is taken off.
  ///
  /// - Returns: nil where it was interrupted.
  public static func mackeyGlass(
    train: Int, test: Int, steps: Int, ahead: Int, delay: Int, random: RandomStream,
    isInterrupted: () -> Bool = { false }
  ) -> Dataset? {
    var all: [[Double]] = []
    for k in 0..<train + test {
      if isInterrupted() { return nil }
      all.append(MackeyGlass.series(steps + ahead, delay: delay, random: random.child(k)))
    }
    let mean = all.reduce(0) { $0 + $1.reduce(0, +) } / Double(max(1, all.count * (steps + ahead)))
    return Dataset(
      name: "mackey-glass", origin: "made by the program, delay \(delay)", classes: [], shape: [steps, 1],
      parts: [
        .train: .init(bank(Array(all.prefix(train)), ahead: ahead, offset: mean)),
        .test: .init(bank(Array(all.dropFirst(train)), ahead: ahead, offset: mean)),
      ])
  }
  /// One long series in pieces of `steps`, the last share of them for testing; scaled by mean and deviation of the others.
  ///
  /// - Returns: nil where the series is too short for a piece of either part.
  public static func pieces(
    of values: [Double], name: String, origin: String, steps: Int, ahead: Int, test: Double
  ) -> Dataset? {
    let pieces = stride(from: 0, through: values.count - steps - ahead, by: steps).map {
      Array(values[$0..<$0 + steps + ahead])
    }
    let tested = max(1, Int((Double(pieces.count) * test).rounded())), learnt = pieces.count - tested
    guard learnt > 0 else { return nil }
    let known = values.prefix(learnt * steps), count = Double(known.count)
    let mean = known.reduce(0, +) / count
    let deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    let scale = deviation > 0 ? 1 / deviation : 1
    func bank(_ pieces: ArraySlice<[Double]>) -> SampleBank {
      self.bank(Array(pieces), ahead: ahead, offset: mean, scale: scale)
    }
    return Dataset(
      name: name, origin: origin, classes: [], shape: [steps, 1],
      parts: [.train: .init(bank(pieces[..<learnt])), .test: .init(bank(pieces[learnt...]))])
  }
}

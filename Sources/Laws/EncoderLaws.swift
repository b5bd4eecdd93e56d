internal import Compute
public import Spiking

extension Law {
  static let shape = Law("shape", "a signal has the steps of its code, and finite numbers")
  static let threads = Law("threads", "any number of threads gives the same bits")
  static let batch = Law("batch", "the code of a sample does not depend on the others")
  static let times = Law("times", "spike times and raster agree")
  static let monotony = Law("monotony", "brighter is never later or fewer")
  static let decoding = Law("decoding", "what is read back is nearer to the values than their mean")
}

/// Laws of an encoder: a sample has the same code alone and in a batch, in any order and on any number of threads;
/// brighter is never later (one spike) or fewer (`Encoder.isMonotone`); times and raster agree; nothing is outside the window.
public func checkEncoder(_ encoder: any Encoder, dt: Time = .ms(1)) -> Laws {
  var laws = Laws()
  let shape: Shape = [4, 8], n = 24
  let random = RandomStream(seed: 31)
  let bytes = (0..<n * shape.count).map { UInt8(random.integer(below: 256, counter: $0)) }
  let bank = SampleBank(shape: shape, labels: Array(repeating: 0, count: n), bytes: bytes)
  let dataset = Dataset(name: "toy", classes: ["a"], shape: shape, parts: [.train: .init(bank)])
  guard let data = try? EncodedData(dataset, encoder, seed: 5, dt: dt) else {
    laws.require(.shape, false, "it refuses images")
    return laws
  }
  let all = Array(0..<n), whole = data.clocked(all, .train), code = data.code
  laws.require(.shape, code.steps > 0 && whole.steps == code.steps, "a signal of other steps than its code")
  laws.require(.shape, whole.values.values.allSatisfy(\.isFinite), "a value is not finite")
  laws.require(.seeds, data.clocked(all, .train).values == whole.values, "the same seed gives another code")
  let parallel = data.clocked(all, .train, machine: Machine(threads: 3))
  laws.require(.threads, parallel.values == whole.values, "the code depends on threads")
  for (row, index) in [0, n - 1].enumerated() {
    let pair = data.clocked([0, n - 1], .train)
    laws.require(.batch, slice(pair, row) == slice(whole, index), "the code of sample \(index) depends on its batch")
  }
  if let times = data.times(all, .train) {
    for sample in 0..<n {
      laws.require(
        .times, SpikeRaster(times, sample: sample) == SpikeRaster(whole, sample: sample), "times and raster disagree")
    }
  }
  if encoder.isMonotone { checkBrightness(encoder, dt, &laws) }
  checkDecoding(data, &laws)
  return laws
}

/// What is read back from a code without randomness is nearer to the values than their mean is.
private func checkDecoding(_ data: EncodedData, _ laws: inout Laws) {
  guard !type(of: data.encoder).drawsAtRandom, let decoded = data.decoded(machine: Machine()),
    let (before, after) = data.dataset[.train].flatMap({ view in decoded[.train].map { (view, $0) } })
  else { return }
  let values = (0..<data.count(.train)).flatMap { before.sample($0) }
  let read = (0..<data.count(.train)).flatMap { after.sample($0) }
  let mean = values.reduce(0, +) / Float(values.count)
  let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  let error = zip(values, read).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  laws.require(.decoding, error < spread, "what is read back is off by \(error), the values vary by \(spread)")
}

/// The values of one sample of a batch.
private func slice(_ signal: Signal, _ row: Int) -> [Float] {
  let n = signal.features.count
  return (0..<signal.storedSteps).flatMap { t in (0..<n).map { signal.values[t * signal.neurons + row * n + $0] } }
}

/// Grey levels in order, each many times: the mean number of spikes may not fall, nor the first spike come later.
private func checkBrightness(_ encoder: any Encoder, _ dt: Time, _ laws: inout Laws) {
  let levels = 8, copies = 64
  let bytes = (0..<levels).flatMap { [UInt8](repeating: UInt8($0 * 36), count: copies) }
  let bank = SampleBank(shape: [levels, copies], labels: [0], bytes: bytes)
  let dataset = Dataset(name: "grey", classes: ["a"], shape: [levels, copies], parts: [.train: .init(bank)])
  guard let data = try? EncodedData(dataset, encoder, seed: 6, dt: dt) else { return }
  let signal = data.clocked([0], .train)
  guard signal.features.count == levels * copies else { return }
  let sums = (0..<levels).map { level in
    (0..<signal.storedSteps).reduce(0.0) { sum, t in
      (0..<copies).reduce(sum) { $0 + Double(signal.values[t * signal.neurons + level * copies + $1]) }
    }
  }
  // Counts of random codes scatter, by far less than the step between two levels.
  let slack = 3 * Double(copies * signal.storedSteps).squareRoot() / 8
  for (dark, bright) in zip(sums, sums.dropFirst()) {
    laws.require(.monotony, bright >= dark - slack, "a brighter value has fewer spikes: \(dark), then \(bright)")
  }
  guard let times = data.times([0], .train) else { return }
  let firsts = (0..<levels).map { times.times[$0 * copies] }
  laws.require(.monotony, firsts == firsts.sorted(by: >), "a brighter value spikes later: \(firsts)")
}

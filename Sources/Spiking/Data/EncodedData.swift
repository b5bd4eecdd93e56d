public import Compute

/// A data set behind an encoder: nothing is computed until a batch is asked for, in whichever form the consumer can use.
public struct EncodedData: Sendable {
  public private(set) var dataset: Dataset
  public let encoder: any Encoder, dt: Time
  /// Start of the random numbers of the code, and of neurons that are shown it.
  public var seed: UInt64
  /// The form of the code; `steps` may be changed to show a sample for longer or shorter.
  public var code: Code

  /// Works out the form of the code and encodes nothing.
  public init(_ dataset: Dataset, _ encoder: any Encoder, seed: UInt64, dt: Time) throws(ShapeError) {
    (self.dataset, self.encoder, self.dt, self.seed) = (dataset, encoder, dt, seed)
    code = try encoder.code(of: dataset.outline, dt: dt)
  }
  /// What a network was, or will be, shaped for.
  public var outline: InputOutline {
    InputOutline(
      dataset: dataset.outline, encoderKind: encoder.kind, encoderText: encoder.settingsText, code: code, dt: dt,
      seed: seed)
  }
  /// The same data, moved while they are learnt by up to so many pixels, or as far as they are already.
  public func shifted(by pixels: Int) -> EncodedData {
    var copy = self
    copy.dataset.augmentation.shift = max(pixels, dataset.augmentation.shift)
    return copy
  }
  public func count(_ part: Part) -> Int { dataset.count(part) }
  /// Bytes of one sample as a signal over time.
  public var sampleBytes: Double { code.sampleBytes }
  /// The stream of a sample: it belongs to the sample in its bank, so a view shows the same spikes as the whole.
  public func random(_ index: Int, _ part: Part, epoch: Int) -> RandomStream {
    let sample = dataset[part].map { $0.bankIndex(index) } ?? index
    return RandomStream(seed: seed, "encode").child(part.rawValue).child(epoch).child(sample)
  }
  public func labels(_ indices: [Int], _ part: Part) -> [Int] {
    guard let view = dataset[part] else { return [] }
    return indices.map(view.label)
  }
  /// Numbers of samples within their bank, for the noise of layers.
  public func bankIndices(_ indices: [Int], _ part: Part) -> [Int] {
    guard let view = dataset[part] else { return [] }
    return indices.map(view.bankIndex)
  }

  /// A batch as a signal over time. Random codes are drawn anew for each `epoch`.
  ///
  /// - Parameter draws: of a training and its epoch, which sees samples changed as the data set asks (``Augmentation``);
  ///   without them samples are shown as they are.
  public func clocked(
    _ indices: [Int], _ part: Part, epoch: Int = 0, augmentedBy draws: RandomStream? = nil,
    machine: Machine = Machine()
  ) -> Signal {
    guard let view = dataset[part] else { preconditionFailure("samples of a part that exists") }
    let n = code.features.count, inputs = dataset.shape.count, batch = indices.count, code = code
    let showing = Showing(view, of: dataset, augmentedBy: draws)
    var values = Tensor(zeros: [(code.isConstant ? 1 : code.steps) * batch * n])
    values.write { out in
      nonisolated(unsafe) let out = out
      machine.forEach(batch) { row in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * inputs) { memory in
          guard let sample = memory.baseAddress else { return }
          showing.read(indices[row], into: sample, scratch: sample + inputs)
          encoder.encode(
            UnsafeBufferPointer(start: sample, count: inputs), code, into: out + row * n, stride: batch * n,
            random: random(indices[row], part, epoch: epoch))
        }
      }
    }
    return Signal(
      values, steps: code.steps, batch: batch, features: code.features, isConstant: code.isConstant,
      alphabet: code.alphabet)
  }

  /// A batch as spike times, or nil where the code has more than one spike per input.
  ///
  /// - Parameter draws: as for ``clocked(_:_:epoch:augmentedBy:machine:)``.
  public func times(_ indices: [Int], _ part: Part, augmentedBy draws: RandomStream? = nil) -> SpikeTimes? {
    guard let encoder = encoder as? any TimeEncoder, let view = dataset[part] else { return nil }
    let n = dataset.shape.count, window = code.steps, showing = Showing(view, of: dataset, augmentedBy: draws)
    func clamped(_ value: Float) -> UInt16 { UInt16(min(window, max(0, encoder.time(value, code)))) }
    var result = SpikeTimes(samples: indices.count, features: n, window: window)
    // Bytes have 256 values, so their times are looked up.
    var table: [UInt16] = []
    if case .bytes = view.bank.values { table = (0..<256).map { clamped(Float($0) / 255) } }
    for (row, index) in indices.enumerated() {
      if let bytes = showing.bytes(index) {
        for i in 0..<n { result.times[row * n + i] = table[Int(bytes[i])] }
      } else {
        for (i, value) in showing.sample(index).enumerated() { result.times[row * n + i] = clamped(value) }
      }
    }
    return result
  }
}

/// What is known of the input of a model without any samples: kept with the model, and all that a check needs.
public struct InputOutline: Sendable, Equatable {
  /// The data set, where there was one.
  public var dataset: Dataset.Outline?
  public var encoderKind: String, encoderText: String
  public var code: Code, dt: Time
  /// Start of the random numbers of its code and noise, where one was chosen.
  public var seed: UInt64?

  public init(
    dataset: Dataset.Outline?, encoderKind: String, encoderText: String = "", code: Code, dt: Time, seed: UInt64? = nil
  ) {
    (self.dataset, self.encoderKind, self.encoderText) = (dataset, encoderKind, encoderText)
    (self.code, self.dt, self.seed) = (code, dt, seed)
  }
}

public import Compute

/// Capability: the values of a sample can be estimated from its spikes.
public protocol DecodableEncoder: Encoder {
  /// Writes the estimate of a sample from its code, [steps][features] with `stride` between steps.
  func decoded(_ spikes: UnsafePointer<Float>, stride: Int, _ code: Code, into sample: UnsafeMutablePointer<Float>)
}

extension EncodedData {
  /// The data set of what can be read back from the spikes; nil where the code cannot be read, or when interrupted.
  public func decoded(machine: Machine, isInterrupted: () -> Bool = { false }) -> Dataset? {
    guard let decoder = encoder as? any DecodableEncoder else { return nil }
    var parts: [Part: Dataset.View] = [:]
    for part in Part.allCases {
      let count = count(part), size = dataset.shape.count
      guard count > 0 else { continue }
      var values = [Float](repeating: 0, count: count * size)
      // A batch stays below a gigabyte where samples allow it.
      let batch = max(1, min(64, Int(1e9 / sampleBytes)))
      for first in stride(from: 0, to: count, by: batch) {
        if isInterrupted() { return nil }
        let indices = Array(first..<min(count, first + batch)), signal = clocked(indices, part, machine: machine)
        signal.values.read { spikes in
          values.withUnsafeMutableBufferPointer { target in
            nonisolated(unsafe) let (spikes, target) = (spikes, target)
            machine.forEach(indices.count) { row in
              guard let base = target.baseAddress else { return }
              decoder.decoded(
                spikes + row * signal.features.count, stride: signal.stride, code, into: base + (first + row) * size)
            }
          }
        }
      }
      parts[part] = Dataset.View(
        SampleBank(shape: dataset.shape, labels: labels(Array(0..<count), part), floats: values))
    }
    var result = dataset.holding(parts)
    (result.origin, result.checksum) = ("decoded from \(encoder.kind)", "")
    if !(encoder is any ExactEncoder) { result.alphabet = .graded }
    return result
  }
}

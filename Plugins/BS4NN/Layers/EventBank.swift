internal import BS4NNKernels
internal import Compute
internal import Spiking

/// Input spikes of many samples, each sorted by time, then by number of the input: four bytes per spike.
struct EventBank: Sendable {
  private var offsets = [0], index: [UInt16] = [], time: [UInt16] = []
  var count: Int { offsets.count - 1 }
  /// Mean number of spikes per sample.
  var meanCount: Double { count == 0 ? 0 : Double(index.count) / Double(count) }

  init(_ times: SpikeTimes) { append(times, never: times.window) }
  /// - Parameter never: spikes of this time or later are left out.
  init(_ data: EncodedData, _ part: Part, window: Int, never: Int) {
    self.init(data, Array(0..<data.count(part)), part, window: window, never: never)
  }
  /// Some samples, changed by the draws of a training where there are some.
  init(
    _ data: EncodedData, _ indices: [Int], _ part: Part, window: Int, never: Int, augmentedBy draws: RandomStream? = nil
  ) {
    offsets.reserveCapacity(indices.count + 1)
    var data = data
    data.code.steps = window
    for first in stride(from: 0, to: indices.count, by: 256) {
      let piece = Array(indices[first..<min(indices.count, first + 256)])
      guard let times = data.times(piece, part, augmentedBy: draws) else { return }
      append(times, never: never)
    }
  }
  private mutating func append(_ times: SpikeTimes, never: Int) {
    let n = times.features
    var counts = [UInt32](repeating: 0, count: never + 1), spikes = [UInt16](repeating: 0, count: n), when = spikes
    for sample in 0..<times.samples {
      let found = times.times.withUnsafeBufferPointer { t in
        t.baseAddress.map { soma_bs4nn_sort($0 + sample * n, n, UInt32(never), &counts, &spikes, &when) } ?? 0
      }
      index.append(contentsOf: spikes[0..<found])
      time.append(contentsOf: when[0..<found])
      offsets.append(index.count)
    }
  }
  /// Calls `body` with the spikes of a sample.
  func read<R>(_ sample: Int, _ body: (soma_bs4nn_events) throws -> R) rethrows -> R {
    let first = offsets[sample], count = offsets[sample + 1] - first
    return try index.withUnsafeBufferPointer { index in
      try time.withUnsafeBufferPointer { time in
        guard let i = index.baseAddress, let t = time.baseAddress else {
          return try body(soma_bs4nn_events(index: nil, time: nil, count: 0))
        }
        return try body(soma_bs4nn_events(index: i + first, time: t + first, count: count))
      }
    }
  }
}

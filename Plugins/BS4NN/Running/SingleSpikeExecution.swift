internal import BS4NNKernels
internal import Compute
internal import Spiking

/// A network of single-spike layers with its weights laid out for the kernels.
struct SingleSpikeExecution: Execution {
  struct Layer: Sendable {
    var name: String, matrix: SynapseMatrix, firing: SynapseMatrix.Firing, threshold: Double
    /// What a unit of the integer potential is worth; 1 for real weights.
    var scale: Double
  }
  let layers: [Layer], steps: Int, dt: Time, classes: Int, options: ExecutionOptions, ties: TieRule

  /// Untrained models run with initial values. Nil where the network is of another sort, or has a bias or a scale that
  /// is not above 0.
  init?(_ model: Model, _ options: ExecutionOptions, ties: TieRule) {
    let steps = options.steps ?? model.input.code.steps
    guard let layering = Layering(model.network), (1...SpikeTimes.longestWindow).contains(steps) else { return nil }
    if let encoder = model.data?.encoder, !(encoder is any TimeEncoder) { return nil }
    let model = model.initialised(seed: 0)
    guard let parameters = model.parameters else { return nil }
    var layers: [Layer] = []
    for pair in layering.pairs {
      guard let synapses = pair.synapses(in: parameters), synapses.bias.allSatisfy({ $0 == 0 }) else { return nil }
      guard !synapses.isBinary || synapses.scale > 0 else { return nil }
      let matrix = SynapseMatrix(synapses)
      layers.append(
        Layer(
          name: pair.name, matrix: matrix, firing: matrix.firing(threshold: pair.threshold, scale: synapses.scale),
          threshold: pair.threshold, scale: synapses.isBinary ? Double(synapses.scale) : 1))
    }
    (self.layers, self.steps, self.options, self.ties) = (layers, steps, options, ties)
    (dt, classes) = (model.input.dt, model.network.output.count)
  }
  var rule: String {
    let tie = ties == .potential ? "the highest potential at that moment, then the lowest" : "the lowest"
    return "the first output; on a tie \(tie); if none fired the highest potential at step \(max(0, steps - 3))"
  }
  /// Samples that one thread runs at a time.
  static let tile = 256

  func outcomes(_ indices: [Int], _ part: Part, of data: EncodedData) -> [Outcome] {
    let labels = data.labels(indices, part), fast = FastClassifier(self, data, part)
    var results = [Outcome](repeating: Outcome(answer: nil, label: 0), count: indices.count), done = 0
    let size = Self.tile, wave = size * max(1, options.machine.threads) * 4
    for first in stride(from: 0, to: indices.count, by: wave) {
      if options.isInterrupted() { break }
      let count = min(wave, indices.count - first)
      results.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let buffer = buffer
        options.machine.forEachTile(of: count, size: size) { tile in
          let range = (first + tile.lowerBound)..<(first + tile.upperBound)
          if let fast {
            fast.run(indices[range], labels[range]) { buffer[range.lowerBound + $0] = $1 }
          } else {
            let found = runTile(Array(indices[range]), labels[range], part, data)
            for (k, outcome) in zip(range, found) { buffer[k] = outcome }
          }
        }
      }
      done += count
      options.report(Double(done) / Double(indices.count))
    }
    results.removeLast(indices.count - done)
    return results
  }

  /// The spikes of samples; those of the last step are left out where they cannot matter.
  private func events(_ indices: [Int], _ part: Part, _ data: EncodedData) -> EventBank {
    var data = data
    data.code.steps = steps
    var times =
      data.times(indices, part) ?? SpikeTimes(samples: indices.count, features: layers[0].matrix.inputs, window: steps)
    times.window = max(1, steps - 1)
    return EventBank(times)
  }
  private func runTile(_ indices: [Int], _ labels: ArraySlice<Int>, _ part: Part, _ data: EncodedData) -> [Outcome] {
    let bank = events(indices, part, data), worker = Worker(self)
    return zip(0..<indices.count, labels).map { sample, label in bank.read(sample) { worker.outcome($0, label) } }
  }

  /// Share of right answers if the run had ended after each step: the answer known by then, else the highest potential.
  func curve(_ indices: [Int], _ part: Part, of data: EncodedData) -> [Double] {
    var right = [Int](repeating: 0, count: steps), seen = 0
    let worker = Worker(self)
    for first in stride(from: 0, to: indices.count, by: Self.tile) {
      if options.isInterrupted() { break }
      let chosen = Array(indices[first..<min(indices.count, first + Self.tile)])
      let bank = events(chosen, part, data), labels = data.labels(chosen, part)
      for (sample, label) in labels.enumerated() { bank.read(sample) { worker.addDeadlines($0, label, to: &right) } }
      seen += chosen.count
      options.report(Double(seen) / Double(indices.count))
    }
    return right.map { Double($0) / Double(max(1, seen)) }
  }
}

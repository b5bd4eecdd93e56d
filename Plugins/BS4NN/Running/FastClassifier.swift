internal import BS4NNKernels
internal import Compute
internal import Spiking

/// Two binary layers on images of bytes: early exit, no potentials but those of the outputs.
struct FastClassifier: Sendable {
  private let network: Prepared, view: Dataset.View, ties: TieRule, scale: Float
  private let form: Int32

  /// The kernel's description with the memory it points to.
  private final class Prepared: @unchecked Sendable {
    var raw = soma_bs4nn_network()
    let matrix: SynapseMatrix, columns: AlignedBuffer<Int8>, positive: AlignedBuffer<UInt64>

    init(_ hidden: SynapseMatrix, _ output: SynapseMatrix) {
      matrix = hidden
      columns = AlignedBuffer(zeros: output.inputs * output.stride)
      positive = AlignedBuffer(zeros: (output.inputs + 63) / 64 * 16)
      for i in 0..<output.inputs {
        for j in 0..<output.outputs {
          let isNegative = output.negative[i * output.stride + j] == 1
          columns[i * output.stride + j] = isNegative ? -1 : 1
          if !isNegative, j < 16 { positive[i / 64 * 16 + j] |= 1 << UInt64(i % 64) }
        }
      }
      raw.inputs = hidden.inputs
      (raw.hidden, raw.hidden_stride) = (hidden.outputs, hidden.stride)
      (raw.outputs, raw.output_stride) = (output.outputs, output.stride)
      raw.negative = UnsafePointer(hidden.negative.base)
      raw.column = UnsafePointer(columns.base)
      raw.positive = UnsafePointer(positive.base)
    }
    /// Times of the 256 bytes, by rank. False where a brighter byte would come later.
    func setTimes(_ times: [Int], window: Int) -> Bool {
      guard zip(times, times.dropFirst()).allSatisfy({ $0 >= $1 }) else { return false }
      raw.first_active = Int32(times.firstIndex { $0 < window - 1 } ?? 256)
      var rank = -1, last = -1
      for byte in (Int(raw.first_active)..<256).reversed() {
        if times[byte] != last { (rank, last) = (rank + 1, times[byte]) }
        withUnsafeMutableBytes(of: &raw.rank) { $0[byte] = UInt8(rank) }
        withUnsafeMutableBytes(of: &raw.time) {
          $0.storeBytes(of: UInt16(last), toByteOffset: 2 * rank, as: UInt16.self)
        }
      }
      return raw.first_active < 256
    }
  }

  /// Nil where the network, the data or the code are of another sort.
  init?(_ execution: SingleSpikeExecution, _ data: EncodedData, _ part: Part, form: Int32 = Int32(SOMA_BS4NN_FASTEST)) {
    guard execution.layers.count == 2, execution.steps >= 3, let encoder = data.encoder as? any TimeEncoder,
      let view = data.dataset[part], case .bytes = view.bank.values
    else { return nil }
    let hidden = execution.layers[0], output = execution.layers[1]
    guard case .at(let first) = hidden.firing, case .at(let second) = output.firing, hidden.matrix.outputs < 32_768
    else { return nil }
    network = Prepared(hidden.matrix, output.matrix)
    (network.raw.hidden_threshold, network.raw.output_threshold) = (first, second)
    network.raw.window = UInt32(execution.steps)
    var code = data.code
    code.steps = execution.steps
    let times = (0..<256).map { min(execution.steps, max(0, encoder.time(Float($0) * (1 / 255), code))) }
    guard second < 32_768, network.setTimes(times, window: execution.steps) else { return nil }
    (self.view, ties, scale, self.form) = (view, execution.ties, Float(output.scale), form)
  }

  func outcomes(_ indices: ArraySlice<Int>, _ labels: ArraySlice<Int>) -> [Outcome] {
    [Outcome](unsafeUninitializedCapacity: indices.count) { buffer, count in
      run(indices, labels) { buffer.initializeElement(at: $0, to: $1) }
      count = indices.count
    }
  }
  /// Calls `body` with each sample's place and what came of it.
  func run(_ indices: ArraySlice<Int>, _ labels: ArraySlice<Int>, _ body: (Int, consuming Outcome) -> Void) {
    let scratch = AlignedBuffer<UInt8>(zeros: soma_bs4nn_classify_scratch(&network.raw))
    let potentials = AlignedBuffer<Int16>(zeros: network.raw.outputs)
    var decision = soma_bs4nn_decision(), place = 0
    for (index, label) in zip(indices, labels) {
      _ = view.bank.withBytes(view.bankIndex(index)) {
        soma_bs4nn_classify(&network.raw, $0.baseAddress, 1, &decision, potentials.base, scratch.base, form)
      }
      body(place, outcome(decision, potentials.base, label))
      place += 1
    }
  }
  @inline(__always)
  private func outcome(_ d: soma_bs4nn_decision, _ potentials: UnsafePointer<Int16>, _ label: Int) -> Outcome {
    let isSilent = d.first == 0, answer = Int(ties == .potential || isSilent ? d.highest : d.lowest)
    let input = Int(d.input_spikes), hidden = Int(d.hidden_spikes), classes = network.raw.outputs
    return Outcome(
      answer: answer, label: label, isTied: d.first > 1,
      labelAmongFirst: isSilent ? answer == label : Int32(potentials[label]) >= network.raw.output_threshold,
      isSilent: isSilent, decisionTime: isSilent ? nil : Int(d.time), spikes: [input, hidden, Int(d.first)],
      synapticOperations: input * network.raw.hidden + hidden * classes,
      scores: [Float](unsafeUninitializedCapacity: classes) { scores, count in
        for c in 0..<classes { scores.initializeElement(at: c, to: Float(potentials[c]) * scale) }
        count = classes
      })
  }
}

import BS4NNKernels
import Compute
import Spiking

@testable import BS4NN

/// Small random nets and inputs.
struct Toy {
  let random: RandomStream
  init(_ seed: UInt64) { random = RandomStream(seed: seed) }

  func matrix(_ inputs: Int, _ outputs: Int, isBinary: Bool, layer: Int = 0, positive: Float = 0.6) -> SynapseMatrix {
    let stream = random.child(layer), matrix = SynapseMatrix(inputs: inputs, outputs: outputs, isBinary: isBinary)
    for i in 0..<inputs {
      for j in 0..<outputs { matrix.weights[i * matrix.stride + j] = stream.uniform(i * outputs + j) - (1 - positive) }
    }
    matrix.refreshSigns()
    return matrix
  }
  /// Times below `below`, a share of the inputs silent.
  func times(_ inputs: Int, window: Int, below: Int? = nil, silent: Float = 0.3, sample: Int = 0) -> SpikeTimes {
    let stream = random.child(1000 + sample)
    return SpikeTimes(
      (0..<inputs).map {
        stream.uniform(2 * $0) < silent ? window : stream.integer(below: below ?? window, counter: 2 * $0 + 1)
      }, window: window)
  }
}
extension SynapseMatrix {
  /// Times, in whichever form of the kernel.
  func times(_ input: SpikeTimes, _ firing: Firing, form: Int = SOMA_BS4NN_FASTEST) -> [Int] {
    let response = LayerResponse(self)
    EventBank(input).read(0) { respond(to: $0, firing, window: input.window, into: response, form: Int32(form)) }
    return (0..<outputs).map { Int(response.time[$0]) }
  }
  /// The same worked out step by step.
  func steppedTimes(_ input: SpikeTimes, _ firing: Firing) -> [Int] {
    (0..<outputs).map { j in
      var v: Double = 0
      for k in 0..<input.window {
        for i in 0..<inputs where input[0, i] == k { v += Double(weight(i, j)) }
        switch firing {
        case .at(let n) where v >= Double(n): return min(k + 1, input.window)
        case .above(let threshold) where Float(v) > threshold: return min(k + 1, input.window)
        default: continue
        }
      }
      return input.window
    }
  }
  func with(_ change: (SynapseMatrix) -> Void) -> SynapseMatrix {
    let copy = SynapseMatrix(inputs: inputs, outputs: outputs, isBinary: isBinary)
    copy.weights.base.update(from: weights.base, count: weights.count)
    change(copy)
    copy.refreshSigns()
    return copy
  }
}
/// Images of bytes as encoded data.
func imageData(
  _ samples: Int, inputs: Int, seed: UInt64, active: Float = 0.4, classes: Int = 10,
  encoder: TimeToFirstSpike = TimeToFirstSpike()
) throws -> EncodedData {
  let random = RandomStream(seed: seed)
  let bytes = (0..<samples * inputs).map { k in
    // Each class has its own likely inputs.
    let (sample, i) = (k / inputs, k % inputs), isLikely = random.child(sample % classes).uniform(i) < active
    let share: Float = isLikely ? 0.8 : active * 0.2 / max(0.1, 1 - active)
    return random.uniform(2 * k) < share ? UInt8(random.integer(below: 256, counter: 2 * k + 1)) : 0
  }
  let bank = SampleBank(shape: [inputs], labels: (0..<samples).map { $0 % classes }, bytes: bytes)
  let set = Dataset(name: "toy", classes: (0..<classes).map(String.init), shape: [inputs], parts: [.train: .init(bank)])
  return try EncodedData(set, encoder, seed: 1, dt: .ms(1))
}
/// A binary network with whole thresholds.
func binaryModel(_ data: EncodedData, _ units: [Int], thresholds: [Int], seed: UInt64, positive: Float = 0.6) throws
  -> Model
{
  var model = try network(data, units, isBinary: true).initialised(seed: seed)
  for (l, n) in thresholds.enumerated() {
    model.parameters?["dense\(l + 1).scale"] = [IntegerThreshold.scale(for: n, threshold: 100)]
    let name = "dense\(l + 1).weight", random = RandomStream(seed: seed).child(l)
    let count = model.parameters?[name].count ?? 0
    model.parameters?[name] = (0..<count).map { random.uniform($0) < positive ? 1 : -1 }
  }
  return model
}

internal import BS4NNKernels
internal import Compute
internal import Spiking

/// The weights of a layer in padded rows, one per input, and beside them the bytes of their signs where only these count.
final class SynapseMatrix: Sendable {
  let inputs: Int, outputs: Int, stride: Int, isBinary: Bool
  let weights: AlignedBuffer<Float>
  /// 1 where negative.
  let negative: AlignedBuffer<UInt8>

  init(inputs: Int, outputs: Int, isBinary: Bool) {
    (self.inputs, self.outputs, self.isBinary) = (inputs, outputs, isBinary)
    stride = soma_bs4nn_stride(outputs)
    weights = AlignedBuffer(zeros: inputs * stride)
    negative = AlignedBuffer(zeros: isBinary ? inputs * stride : 0)
  }
  convenience init(_ synapses: Synapses) {
    self.init(inputs: synapses.inputs, outputs: synapses.outputs, isBinary: synapses.isBinary)
    synapses.withWeights { read($0) }
  }
  /// Takes over weights that lie inputs × outputs.
  func read(_ from: UnsafePointer<Float>) {
    for i in 0..<inputs { (weights.base + i * stride).update(from: from + i * outputs, count: outputs) }
    refreshSigns()
  }
  /// Writes the weights inputs × outputs.
  func write(_ to: UnsafeMutablePointer<Float>, times scale: Float = 1) {
    for i in 0..<inputs {
      for j in 0..<outputs { to[i * outputs + j] = weights[i * stride + j] * scale }
    }
  }
  func refreshSigns() {
    guard isBinary else { return }
    for k in 0..<inputs * stride { negative[k] = weights[k] < 0 ? 1 : 0 }
  }
  /// Multiplies every weight and keeps it within ±`bound`.
  func rescale(by factor: Float, bound: Float = .infinity) {
    for k in 0..<inputs * stride { weights[k] = max(-bound, min(bound, weights[k] * factor)) }
  }
  /// The value of a stored weight as the forward pass sees it, without scale.
  func weight(_ i: Int, _ j: Int) -> Float {
    isBinary ? (negative[i * stride + j] == 1 ? -1 : 1) : weights[i * stride + j]
  }

  /// Where neurons fire: V > θ for real weights; at a whole number for signs, because V/α is one.
  enum Firing: Sendable {
    case above(Float)
    case at(Int32)
    /// The potential at the middle between firing and not: n - 1/2, or θ.
    var middle: Double {
      switch self {
      case .above(let x): Double(x)
      case .at(let n): Double(n) - 0.5
      }
    }
  }
  /// V > θ for signs times α is V/α ≥ ⌊θ/α⌋ + 1.
  func firing(threshold: Double, scale: Float) -> Firing {
    isBinary ? .at(IntegerThreshold.value(threshold: threshold, scale: Double(scale))) : .above(Float(threshold))
  }

  /// Spikes of the layer; with `traces` also the potentials at crossing, at window - 3 and at the end.
  func respond(
    to events: soma_bs4nn_events, _ firing: Firing, window: Int, into r: LayerResponse, traces: Bool = false,
    form: Int32 = Int32(SOMA_BS4NN_FASTEST)
  ) {
    switch firing {
    case .at(let n):
      soma_bs4nn_forward_signs(
        negative.base, outputs, stride, n, UInt32(window), events, &r.raw, traces ? r.crossing.base : nil,
        traces ? r.probe.base : nil, traces ? r.end.base : nil, form)
    case .above(let threshold):
      soma_bs4nn_forward_reals(
        weights.base, outputs, stride, threshold, UInt32(window), events, &r.raw, traces ? r.realCrossing.base : nil,
        traces ? r.realProbe.base : nil, traces ? r.realEnd.base : nil)
    }
    (r.isReal, r.window) = (!isBinary, window)
  }
}

/// What a layer did for one sample.
final class LayerResponse {
  var raw: soma_bs4nn_response
  var isReal = false, window = 0
  private let times: AlignedBuffer<UInt16>, index: AlignedBuffer<UInt16>, order: AlignedBuffer<UInt16>
  private let scratch: AlignedBuffer<UInt8>
  fileprivate let crossing: AlignedBuffer<Int32>, probe: AlignedBuffer<Int32>, end: AlignedBuffer<Int32>
  fileprivate let realCrossing: AlignedBuffer<Float>, realProbe: AlignedBuffer<Float>, realEnd: AlignedBuffer<Float>

  init(_ matrix: SynapseMatrix) {
    let n = matrix.stride
    (times, index, order) = (AlignedBuffer(zeros: n), AlignedBuffer(zeros: n + 64), AlignedBuffer(zeros: n + 64))
    scratch = AlignedBuffer(zeros: soma_bs4nn_scratch(n))
    (crossing, probe, end) = (AlignedBuffer(zeros: n), AlignedBuffer(zeros: n), AlignedBuffer(zeros: n))
    (realCrossing, realProbe, realEnd) = (AlignedBuffer(zeros: n), AlignedBuffer(zeros: n), AlignedBuffer(zeros: n))
    raw = soma_bs4nn_response(
      time: times.base, spike_index: index.base, spike_time: order.base, spikes: 0, scratch: scratch.base)
  }
  var time: UnsafePointer<UInt16> { UnsafePointer(times.base) }
  var spikes: Int { raw.spikes }
  /// The spikes in order, as the next layer takes them.
  var events: soma_bs4nn_events { soma_bs4nn_events(index: index.base, time: order.base, count: raw.spikes) }
  func potentialAtCrossing(_ j: Int) -> Double? {
    if isReal { return realCrossing[j].isNaN ? nil : Double(realCrossing[j]) }
    return crossing[j] == .min ? nil : Double(crossing[j])
  }
  func potentialAtProbe(_ j: Int) -> Double { isReal ? Double(realProbe[j]) : Double(probe[j]) }
  func potentialAtEnd(_ j: Int) -> Double { isReal ? Double(realEnd[j]) : Double(end[j]) }
}

/// Whole thresholds of layers whose weights are α·sign(W).
public enum IntegerThreshold {
  /// The smallest sum of signs with α · sum > θ: n = ⌊θ/α⌋ + 1.
  public static func value(threshold: Double, scale: Double) -> Int32 {
    let ratio = threshold / scale
    guard ratio.isFinite, ratio < 1e9 else { return 1_000_000_000 }
    return Int32(max(-1e9, ratio.rounded(.down))) + 1
  }
  /// The α that stands for n: θ/(n - ½), half a sign away from the neighbours, so no rounding can reach them.
  public static func scale(for n: Int, threshold: Double) -> Float {
    threshold > 0 ? Float(threshold / (Double(n) - 0.5)) : 1
  }
}

internal import BS4NNKernels
internal import Compute

/// A layer under training: weights, the response to the present sample, errors.
final class OnlineLayer {
  let matrix: SynapseMatrix, response: LayerResponse, threshold: Double
  /// Scale of the signs; 1 for real weights.
  var alpha: Float { didSet { refreshFiring() } }
  /// What all stored weights are to be multiplied by: decay of every weight at every sample, without touching them.
  var shrinkage: Double = 1 { didSet { refreshFiring() } }
  private(set) var firing: SynapseMatrix.Firing
  /// dL/dV per neuron.
  let delta: AlignedBuffer<Float>
  private let masked: AlignedBuffer<Float>

  init(_ matrix: SynapseMatrix, threshold: Double, alpha: Float) {
    (self.matrix, self.threshold, self.alpha) = (matrix, threshold, alpha)
    response = LayerResponse(matrix)
    (delta, masked) = (AlignedBuffer(zeros: matrix.stride), AlignedBuffer(zeros: matrix.stride))
    firing = matrix.firing(threshold: threshold, scale: alpha)
  }
  private func refreshFiring() {
    firing = matrix.firing(threshold: matrix.isBinary ? threshold : threshold / shrinkage, scale: alpha)
  }
  func clearErrors() { delta.base.update(repeating: 0, count: matrix.stride) }

  /// W ← clip((W - rate δ H) keep), and the errors of the layer below where `below` is given. Returns sign changes.
  func change(
    _ events: soma_bs4nn_events, _ rule: soma_bs4nn_rule, below: OnlineLayer?,
    signSum: UnsafeMutablePointer<Double>? = nil
  ) -> Int {
    below?.clearErrors()
    return soma_bs4nn_update(
      matrix.weights.base, matrix.isBinary ? matrix.negative.base : nil, matrix.stride, events, response.time,
      delta.base,
      rule, below?.delta.base, signSum, masked.base, Int32(SOMA_BS4NN_FASTEST))
  }
  /// Scales the errors to length 1. Returns false where they are all 0.
  func normaliseErrors() -> Bool {
    var sum = 0.0
    for j in 0..<matrix.outputs { sum += Double(delta[j]) * Double(delta[j]) }
    guard sum > 0 else { return false }
    let norm = sum.squareRoot()
    for j in 0..<matrix.outputs { delta[j] = Float(Double(delta[j]) / norm) }
    return true
  }
  /// Multiplies the shrinkage into the weights when it gets small.
  func foldShrinkage(below limit: Double = 1e-3) {
    guard shrinkage < limit else { return }
    matrix.rescale(by: Float(shrinkage))
    shrinkage = 1
  }
}

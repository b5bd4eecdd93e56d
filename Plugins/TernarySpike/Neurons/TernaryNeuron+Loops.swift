internal import Compute
public import Spiking
internal import TernarySpikeKernels

/// The loops in C, with the same sums in the same order as the rule. What is rare goes by the rule: records, smooth spikes,
/// other surrogates than the clamp.
extension TernaryNeuron {
  private func raw(_ parameters: UnsafePointer<Float>?) -> ternary_rule {
    let rule = rule(dt: .ms(1), parameters: parameters)
    return ternary_rule(
      decay: rule.decay, threshold: rule.threshold, height: rule.height, is_ternary: rule.isTernary ? 1 : 0,
      fires_at_tie: rule.firesAtTie ? 1 : 0, sharpness: Float(surrogate.sharpness), is_open: rule.isOpen ? 1 : 0,
      is_attached: rule.isAttached ? 1 : 0)
  }
  public func advance(_ block: PopulationBlock) {
    guard amplitude == .channels else { return advanceAlike(block) }
    block.forEachChannel { neurons, channel in
      var part = block[neurons]
      part.parameters = block.parameters.map { $0 + channel }
      advanceAlike(part)
    }
  }
  public func pullback(_ block: PullbackBlock) {
    guard amplitude == .channels else { return pullbackAlike(block) }
    block.forward.forEachChannel { neurons, channel in
      var part = block[neurons]
      part.forward.parameters = block.forward.parameters.map { $0 + channel }
      part.parameterGradients = block.parameterGradients.map { $0 + channel }
      pullbackAlike(part)
    }
  }

  /// Neurons of one height.
  private func advanceAlike(_ block: PopulationBlock) {
    guard block.record == nil, !smooth else { return advanceByRule(block) }
    var rule = raw(block.parameters)
    ternary_forward(
      &rule, block.current, block.currentStride, block.output, block.outputStride, block.state, block.count, block.steps
    )
  }
  private func pullbackAlike(_ block: PullbackBlock) {
    guard !smooth, surrogate.shape == .clamp else { return pullbackByRule(block) }
    let f = block.forward, strip = PullbackBlock.strip
    var rule = raw(f.parameters)
    block.scratch.update(repeating: 0, count: strip)
    for first in Swift.stride(from: 0, to: f.count, by: strip) {
      let n = min(strip, f.count - first)
      ternary_backward(
        &rule, f.current + first, f.currentStride, f.state + first, block.outputGradient + first,
        block.outputGradientStride, block.currentGradient + first, block.currentGradientStride, block.scratch,
        block.tape, n, f.steps)
    }
    if let out = block.parameterGradients { for i in 0..<strip { out[0] += block.scratch[i] } }
  }
}

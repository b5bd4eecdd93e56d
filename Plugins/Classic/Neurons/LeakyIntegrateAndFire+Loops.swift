internal import ClassicKernels
internal import Compute
public import Spiking

/// The loops in C, with the same sums in the same order as the rule. What is rare goes by the rule: records, delayed resets.
extension LeakyIntegrateAndFire {
  private func raw(_ dt: Time) -> classic_lif_rule {
    let rule = rule(dt: dt, parameters: nil)
    return classic_lif_rule(
      decay: rule.decay, gain: rule.gain, threshold: rule.firing.threshold, keep: rule.firing.keep,
      refractory: rule.firing.pause)
  }
  public func advance(_ block: PopulationBlock) {
    guard block.record == nil, reset != .delayed else { return advanceByRule(block) }
    var rule = raw(block.dt)
    classic_lif(
      &rule, block.current, block.currentStride, block.output, block.outputStride, block.state,
      block.state + block.stateStride, block.count, block.steps)
  }
  public func pullback(_ block: PullbackBlock) {
    guard reset != .delayed else { return pullbackByRule(block) }
    let f = block.forward, strip = PullbackBlock.strip
    var rule = raw(f.dt)
    for first in Swift.stride(from: 0, to: f.count, by: strip) {
      let n = min(strip, f.count - first), state = f.state + first
      classic_lif_tape(
        &rule, f.current + first, f.currentStride, state, state + f.stateStride, block.tape, n, f.steps)
      sweep(block, &rule, from: first, n)
    }
  }
  /// Back over the tape of a strip.
  private func sweep(_ block: PullbackBlock, _ rule: inout classic_lif_rule, from first: Int, _ n: Int) {
    let strip = PullbackBlock.strip, isSummed = block.currentGradientStride == 0
    let adjoints = block.scratch, slopes = block.scratch + strip
    adjoints.update(repeating: 0, count: strip)
    if isSummed { (block.currentGradient + first).update(repeating: 0, count: n) }
    for t in stride(from: block.forward.steps - 1, through: 0, by: -1) {
      let row = block.tape + 2 * strip * t
      classic_lif_distances(&rule, row, slopes, n)
      surrogate.replace(slopes, count: n)
      classic_lif_pullback(
        &rule, row, slopes, block.outputGradient + t * block.outputGradientStride + first, adjoints,
        block.currentGradient + t * block.currentGradientStride + first, n, isSummed ? 1 : 0)
    }
  }
}

extension DifferentiableNeuron where Self: SteppedNeuron, Rule: DifferentiableRule {
  public var gradientCount: Int { MemoryLayout<Rule.Gradients>.size / 4 }

  @inlinable public func pullback(_ block: PullbackBlock) { pullbackByRule(block) }

  /// The sweep derived from the rule, for neurons whose own `pullback` covers only some cases.
  ///
  /// Works on strips of 128 neurons whose adjoints, sums and results lie side by side at fixed distances in the scratch,
  /// so that the compiler can see what overlaps. Sums are kept per lane of the strips and added up at the end of the block:
  /// a running sum of floats has an order.
  @inlinable public func pullbackByRule(_ block: PullbackBlock) {
    let f = block.forward, rule = rule(dt: f.dt, parameters: f.parameters), strip = PullbackBlock.strip
    let variables = MemoryLayout<Rule.State>.size / 4, learnt = MemoryLayout<Rule.Gradients>.size / 4
    let state = block.scratch, sums = state + variables &* strip
    for i in 0..<strip { store(rule.noGradients, sums, strip, i) }
    for first in Swift.stride(from: 0, to: f.count, by: strip) {
      let n = min(strip, f.count &- first)
      tape(f, rule, from: first, n, state, block.tape)
      sweep(block, rule, from: first, n)
    }
    if let out = block.parameterGradients {
      for k in 0..<learnt { for i in 0..<strip { out[k] += sums[k &* strip &+ i] } }
    }
  }

  /// Runs a strip forward and keeps the state before every step.
  @inlinable @inline(__always)
  func tape(
    _ f: PopulationBlock, _ rule: Rule, from first: Int, _ n: Int, _ state: UnsafeMutablePointer<Float>,
    _ tape: UnsafeMutablePointer<Float>
  ) {
    let rest = rule.rest, variables = MemoryLayout<Rule.State>.size / 4, strip = PullbackBlock.strip
    for i in 0..<n { store(load(rest, f.state + first, f.stateStride, i), state, strip, i) }
    for t in 0..<f.steps {
      let current = f.current + t &* f.currentStride + first
      (tape + t &* variables &* strip).update(from: state, count: variables &* strip)
      for i in 0..<n {
        var s = rule.integrate(load(rest, state, strip, i), current[i])
        _ = rule.fire(&s)
        store(s, state, strip, i)
      }
    }
  }

  /// Goes back over the tape of a strip. Scratch: adjoints, sums of parameters, result and slopes of one step.
  @inlinable @inline(__always)
  func sweep(_ block: PullbackBlock, _ rule: Rule, from first: Int, _ n: Int) {
    let f = block.forward, rest = rule.rest, zero = rule.zeroAdjoint
    let strip = PullbackBlock.strip
    let variables = MemoryLayout<Rule.State>.size / 4, learnt = MemoryLayout<Rule.Gradients>.size / 4
    let adjoints = block.scratch, sums = adjoints + variables &* strip, result = sums + learnt &* strip
    let slopes = result + strip, surrogate = surrogate
    let accumulates = block.currentGradientStride == 0, keep: Float = accumulates ? 1 : 0
    for i in 0..<n {
      store(zero, adjoints, strip, i)
      result[i] = 0
    }
    for t in (0..<f.steps).reversed() {
      let current = f.current + t &* f.currentStride + first
      let row = UnsafePointer(block.tape + t &* variables &* strip)
      let upstream = block.outputGradient + t &* block.outputGradientStride + first
      for i in 0..<n { slopes[i] = rule.distance(rule.integrate(load(rest, row, strip, i), current[i])) }
      surrogate.replace(slopes, count: n)
      for i in 0..<n {
        let before = load(rest, row, strip, i)
        var adjoint = load(zero, adjoints, strip, i), gradients = load(rule.noGradients, sums, strip, i)
        let g = rule.pullback(
          before: before, integrated: rule.integrate(before, current[i]), current: current[i], slope: slopes[i],
          output: upstream[i], adjoint: &adjoint, gradients: &gradients)
        store(adjoint, adjoints, strip, i)
        store(gradients, sums, strip, i)
        result[i] = keep * result[i] + g
      }
      if !accumulates {
        (block.currentGradient + t &* block.currentGradientStride + first).update(from: result, count: n)
      }
    }
    if accumulates { (block.currentGradient + first).update(from: result, count: n) }
  }
}

/// A neuron written as the rule of one neuron; the population loops are derived and specialised where it is declared.
public protocol SteppedNeuron: FineNeuron, Declared {
  associatedtype Rule: NeuronRule where Rule.Real == Float
  associatedtype FineRule: NeuronRule
  /// The dynamics for one dt, worked out in double precision and rounded once.
  ///
  /// - Parameter parameters: learnt values, or nil where their initial ones count.
  func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Rule
  /// The same in double precision, for `drive`.
  func fineRule(dt: Time) -> FineRule
}
extension SteppedNeuron where FineRule == Rule {
  @inlinable public func fineRule(dt: Time) -> Rule { rule(dt: dt, parameters: nil) }
}

/// The state of neuron `i`, gathered from variable-major memory. `fill` only says what a state looks like.
@inlinable @inline(__always)
func load<State: BitwiseCopyable>(_ fill: State, _ base: UnsafePointer<Float>, _ stride: Int, _ i: Int) -> State {
  var state = fill
  withUnsafeMutableBytes(of: &state) { bytes in
    for k in 0..<(MemoryLayout<State>.size / 4) {
      bytes.storeBytes(of: base[k &* stride &+ i], toByteOffset: 4 &* k, as: Float.self)
    }
  }
  return state
}
@inlinable @inline(__always)
func load<State: BitwiseCopyable>(
  _ fill: State, _ base: UnsafeMutablePointer<Float>, _ stride: Int, _ i: Int
) -> State {
  load(fill, UnsafePointer(base), stride, i)
}
/// Scatters the state of neuron `i` to variable-major memory.
@inlinable @inline(__always)
func store<State: BitwiseCopyable>(_ state: State, _ base: UnsafeMutablePointer<Float>, _ stride: Int, _ i: Int) {
  var state = state
  withUnsafeMutableBytes(of: &state) { bytes in
    for k in 0..<(MemoryLayout<State>.size / 4) {
      base[k &* stride &+ i] = bytes.load(fromByteOffset: 4 &* k, as: Float.self)
    }
  }
}

// The block calls are requirements with inlinable defaults, not generic functions of this module: the witness is
// specialised in the module of the author, which makes it a hundred times faster.
extension SteppedNeuron {
  public var variables: [Variable] { Rule.variables }

  @inlinable public func rest(_ block: PopulationBlock) {
    let rest = rule(dt: block.dt, parameters: block.parameters).rest
    for i in 0..<block.count { store(rest, block.state, block.stateStride, i) }
  }

  @inlinable public func advance(_ block: PopulationBlock) { advanceByRule(block) }

  /// The loop derived from the rule, for neurons whose own `advance` covers only some cases.
  @inlinable public func advanceByRule(_ block: PopulationBlock) {
    let rule = rule(dt: block.dt, parameters: block.parameters)
    let rest = rule.rest, variables = MemoryLayout<Rule.State>.size / 4, n = block.count
    let state = block.state, stride = block.stateStride
    for t in 0..<block.steps {
      let current = block.current + t &* block.currentStride, output = block.output + t &* block.outputStride
      if let record = block.record {
        let row = record + t &* variables &* block.recordStride
        for i in 0..<n {
          var s = rule.integrate(load(rest, state, stride, i), current[i])
          store(s, row, block.recordStride, i)
          output[i] = rule.fire(&s)
          store(s, state, stride, i)
        }
      } else {
        for i in 0..<n {
          var s = rule.integrate(load(rest, state, stride, i), current[i])
          output[i] = rule.fire(&s)
          store(s, state, stride, i)
        }
      }
    }
  }

  @inlinable public func trace(current: [Double], dt: Time, poll: () throws -> Void) rethrows -> FineTrace {
    let rule = fineRule(dt: dt), width = MemoryLayout<FineRule.Real>.size
    let variables = MemoryLayout<FineRule.State>.size / width
    var state = rule.rest, output: [Double] = [], values = [[Double]](repeating: [], count: variables)
    let start = withUnsafeBytes(of: state) { bytes in
      (0..<variables).map { Double(bytes.load(fromByteOffset: width * $0, as: FineRule.Real.self)) }
    }
    output.reserveCapacity(current.count)
    for k in values.indices { values[k].reserveCapacity(current.count) }
    for (step, input) in current.enumerated() {
      if step & 15 == 0 { try poll() }
      state = rule.integrate(state, FineRule.Real(input))
      withUnsafeBytes(of: state) { bytes in
        for k in 0..<variables {
          values[k].append(Double(bytes.load(fromByteOffset: width * k, as: FineRule.Real.self)))
        }
      }
      output.append(Double(rule.fire(&state)))
    }
    return FineTrace(values: values, output: output, start: start)
  }
}

internal import Compute
public import Spiking

/// Neurons that are worked on at a time, at most: their registers stay in the first-level cache.
private let strip = 512

extension EquationNeuron {
  private var variableCount: Int { model.states.count + (model.counts ? 1 : 0) }

  public func rest(_ block: PopulationBlock) {
    for (k, value) in programs(block.dt).start.enumerated() {
      (block.state + k * block.stateStride).update(repeating: Float(value), count: block.count)
    }
  }

  public func advance(_ block: PopulationBlock) {
    let programs = programs(block.dt), program = block.record == nil ? programs.forward : programs.recorded
    for first in stride(from: 0, to: block.count, by: strip) {
      let n = min(strip, block.count - first)
      program.withRegisters(strip) { registers in
        withNoise(program, registers) { draw in
          advance(block, program, registers, from: first, n, draw)
        }
      }
    }
  }
  private func advance(
    _ block: PopulationBlock, _ program: Program, _ registers: Registers, from first: Int, _ n: Int, _ draw: Draw
  ) {
    let variables = variableCount, shift = block.record == nil ? 0 : variables
    for k in 0..<variables {
      let state = block.state + k * block.stateStride + first
      if let leaf = program.states[k] { registers[leaf] = state }
      registers[program.results[shift + k]] = state
    }
    for t in 0..<block.steps {
      if let leaf = program.current { registers[leaf] = current(block, t, first) }
      if let record = block.record {
        for k in 0..<variables {
          registers[program.results[k]] = record + (t * variables + k) * block.recordStride + first
        }
      }
      registers[program.results[shift + variables]] = block.output + t * block.outputStride + first
      draw(block.place, t, first, n)
      program.run(registers, n)
    }
  }

  public func pullback(_ block: PullbackBlock) {
    let f = block.forward, variables = variableCount, spikes = model.spikes.count, programs = programs(f.dt)
    // As wide as the tape that the caller has made.
    let width = min(strip, max(PullbackBlock.strip, f.count))
    withUnsafeTemporaryAllocation(of: Float.self, capacity: (2 * variables + spikes + 2) * width) { memory in
      guard let base = memory.baseAddress else { return }
      let scratch = Scratch(base, width: width, variables: variables, spikes: spikes)
      for first in stride(from: 0, to: f.count, by: width) {
        let n = min(width, f.count - first)
        tape(block, programs.forward, scratch, from: first, n)
        sweep(block, programs, scratch, from: first, n)
      }
    }
  }
  /// Memory of a pullback: states, adjoints, distances, and what nobody asked for.
  private struct Scratch {
    let states: UnsafeMutablePointer<Float>, adjoints: UnsafeMutablePointer<Float>
    let distances: UnsafeMutablePointer<Float>, sent: UnsafeMutablePointer<Float>
    let width: Int
    init(_ base: UnsafeMutablePointer<Float>, width: Int, variables: Int, spikes: Int) {
      (self.width, states) = (width, base)
      adjoints = base + variables * width
      distances = adjoints + variables * width
      sent = distances + spikes * width
    }
  }
  /// Runs a strip forward and keeps the states before every step.
  private func tape(_ block: PullbackBlock, _ program: Program, _ scratch: Scratch, from first: Int, _ n: Int) {
    let f = block.forward, variables = variableCount
    for k in 0..<variables {
      (scratch.states + k * scratch.width).update(from: f.state + k * f.stateStride + first, count: n)
    }
    program.withRegisters(scratch.width) { registers in
      for k in 0..<variables {
        if let leaf = program.states[k] { registers[leaf] = scratch.states + k * scratch.width }
        registers[program.results[k]] = scratch.states + k * scratch.width
      }
      registers[program.results[variables]] = scratch.sent
      withNoise(program, registers) { draw in
        for t in 0..<f.steps {
          (block.tape + t * variables * scratch.width).update(from: scratch.states, count: variables * scratch.width)
          if let leaf = program.current { registers[leaf] = current(f, t, first) }
          draw(f.place, t, first, n)
          program.run(registers, n)
        }
      }
    }
  }
  private func current(_ f: PopulationBlock, _ t: Int, _ first: Int) -> UnsafeMutablePointer<Float> {
    UnsafeMutablePointer(mutating: f.current + t * f.currentStride + first)
  }
  /// Goes back over the tape: distances become slopes, and those gradients.
  private func sweep(_ block: PullbackBlock, _ programs: Programs, _ scratch: Scratch, from first: Int, _ n: Int) {
    let f = block.forward, isSummed = block.currentGradientStride == 0
    scratch.adjoints.update(repeating: 0, count: variableCount * scratch.width)
    if isSummed { (block.currentGradient + first).update(repeating: 0, count: n) }
    let ahead = programs.distances, back = programs.backward
    ahead.withRegisters(scratch.width) { a in
      back.withRegisters(scratch.width) { b in
        point(a, b, programs, at: scratch)
        withNoise(ahead, a) { drawAhead in
          withNoise(back, b) { drawBack in
            for t in stride(from: f.steps - 1, through: 0, by: -1) {
              point(a, of: ahead, at: block, scratch.width, t, first)
              drawAhead(f.place, t, first, n)
              ahead.run(a, n)
              for k in model.spikes.indices { surrogate.replace(scratch.distances + k * scratch.width, count: n) }
              point(b, of: back, at: block, scratch.width, t, first)
              let row = block.currentGradient + t * block.currentGradientStride + first
              b[back.results[model.states.count]] = isSummed ? scratch.sent : row
              drawBack(f.place, t, first, n)
              back.run(b, n)
              if isSummed { for i in 0..<n { row[i] += scratch.sent[i] } }
            }
          }
        }
      }
    }
  }
  /// Points what stays: distances, which become slopes, and adjoints, which move to the step before.
  private func point(_ ahead: Registers, _ back: Registers, _ programs: Programs, at scratch: Scratch) {
    for k in model.spikes.indices {
      ahead[programs.distances.results[k]] = scratch.distances + k * scratch.width
      if let leaf = programs.backward.slopes[k] { back[leaf] = scratch.distances + k * scratch.width }
    }
    for k in model.states.indices {
      if let leaf = programs.backward.adjoints[k] { back[leaf] = scratch.adjoints + k * scratch.width }
      back[programs.backward.results[k]] = scratch.adjoints + k * scratch.width
    }
  }
  /// Points what belongs to a step: states before it, current, and what arrives.
  private func point(
    _ registers: Registers, of program: Program, at block: PullbackBlock, _ width: Int, _ t: Int, _ first: Int
  ) {
    for k in 0..<variableCount {
      if let leaf = program.states[k] { registers[leaf] = block.tape + (t * variableCount + k) * width }
    }
    if let leaf = program.current { registers[leaf] = current(block.forward, t, first) }
    if let leaf = program.upstream {
      registers[leaf] = UnsafeMutablePointer(
        mutating: block.outputGradient + t * block.outputGradientStride + first)
    }
  }

  // MARK: Noise

  typealias Registers = UnsafeMutablePointer<UnsafeMutablePointer<Float>?>
  typealias Draw = (_ place: PopulationBlock.Place, _ step: Int, _ first: Int, _ count: Int) -> Void

  /// Gives every noisy variable a register of normal numbers, drawn anew for each step by the function that `body` gets.
  private func withNoise(_ program: Program, _ registers: Registers, _ body: (Draw) -> Void) {
    let noisy = model.states.indices.filter { program.normals[$0] != nil }
    guard !noisy.isEmpty else { return body { _, _, _, _ in } }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: noisy.count * strip) { memory in
      guard let base = memory.baseAddress else { return }
      for (row, k) in noisy.enumerated() {
        if let leaf = program.normals[k] { registers[leaf] = base + row * strip }
      }
      body { place, t, first, n in
        for i in 0..<n {
          let stream = place.stream(of: first + i), counter = place.counter(of: first + i, step: t)
          for (row, k) in noisy.enumerated() { base[row * strip + i] = Float(stream.child(k).normal(counter)) }
        }
      }
    }
  }
}

public import Compute

/// A layer of neurons of one kind. The only place where `any Neuron` meets a loop: one call per block and run.
public struct Population: DifferentiableLayer {
  public var neuron: any Neuron
  public init(_ neuron: any Neuron) { self.neuron = neuron }

  public var kind: String { "neuron" }
  public var summary: String {
    let settings = (neuron as? any Declared)?.changedSettings ?? neuron.settingsText
    return ([neuron.kind] + [settings].filter { !$0.isEmpty }).joined(separator: " ")
  }
  public var role: LayerRole { .neurons(neuron) }
  public func features(after features: Shape) throws(ShapeError) -> Shape { features }
  public func parameters(for features: Shape) -> [ParameterSpec] {
    neuron.parameters(channels: Self.channels(features))
  }
  /// Images have channels, a row of units one in each; images [height, width] are one channel.
  private static func channels(_ features: Shape) -> Int { features.rank == 2 || features.rank == 0 ? 1 : features[0] }

  /// Neurons per block going forward; going backward as many as keep the tape in cache. Functions of the shape only.
  static let forwardBlock = 2048
  static func backwardBlock(steps: Int, variables: Int) -> Int {
    max(PullbackBlock.strip, min(2048, 32768 / max(1, steps * variables) / 64 * 64))
  }

  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    var output = input.unwritten(input.features, constant: false)
    output.alphabet = neuron.alphabet
    let n = input.neurons, variables = neuron.variables.count, steps = input.steps
    let fresh = pass.carried?[node.index] == nil, keepsState = pass.carried != nil
    // A state that nobody asks for stays in the cache, block by block.
    var state = pass.carried?[node.index] ?? Tensor(zeros: keepsState ? [variables, n] : [0])
    // Writing must find the state unshared.
    pass.carried?[node.index] = nil
    var record = Tensor(zeros: pass.records == nil ? [0] : [steps, variables, n])
    let records = pass.records != nil, neuron = neuron, dt = pass.dt, machine = pass.machine, stride = input.stride
    let slot = neuron.parameters.isEmpty ? 0 : pass.offset(node.slots.lowerBound)
    let place = place(node, input, pass)
    withSamples(pass.samples) { samples in
      pass.parameters.flat.read { p in
        input.values.read { x in
          output.values.write { y in
            state.write { s in
              record.write { r in
                nonisolated(unsafe) let (p, x, y, s, r, samples) = (p, x, y, s, r, samples)
                machine.forEachTile(of: n, size: Self.forwardBlock) { tile in
                  let first = tile.lowerBound, scratch = keepsState ? 0 : variables * tile.count
                  withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, scratch)) { memory in
                    guard let own = memory.baseAddress else { return }
                    own.initialize(repeating: 0, count: scratch)
                    var block = PopulationBlock(
                      steps: steps, count: tile.count, dt: dt, current: x + first, currentStride: stride,
                      output: y + first, outputStride: n, state: keepsState ? s + first : own,
                      stateStride: keepsState ? n : tile.count, parameters: p + slot,
                      record: records ? r + first : nil, recordStride: n, place: place)
                    block.place.first = first
                    block.place.samples = samples
                    if fresh { neuron.rest(block) }
                    neuron.advance(block)
                  }
                }
              }
            }
          }
        }
      }
    }
    if keepsState { pass.carried?[node.index] = state }
    if records { keep(record, steps: steps, neurons: n, node, &pass) }
    return output
  }

  /// Splits a record [steps][variables][neurons] into one tensor per variable.
  private func keep(_ record: Tensor, steps: Int, neurons n: Int, _ node: Node, _ pass: inout Pass) {
    let variables = neuron.variables
    for (k, variable) in variables.enumerated() {
      var values = Tensor(zeros: [steps, n])
      record.read { from in
        values.write { to in
          for t in 0..<steps { (to + t * n).update(from: from + (t * variables.count + k) * n, count: n) }
        }
      }
      pass.records?["\(node.name).\(variable.name)"] = values
    }
  }
  private func place(_ node: Node, _ input: Signal, _ pass: Pass) -> PopulationBlock.Place {
    var place = PopulationBlock.Place(
      features: input.features.count, firstStep: pass.firstStep, random: pass.random.child(node.name))
    place.channelSize = place.features / max(1, Self.channels(input.features))
    return place
  }
  private func withSamples<R>(_ samples: [Int]?, _ body: (UnsafePointer<Int>?) -> R) -> R {
    guard let samples else { return body(nil) }
    return samples.withUnsafeBufferPointer { body($0.baseAddress) }
  }

  /// - Precondition: the neuron has the capability `DifferentiableNeuron`.
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    guard let neuron = neuron.capability((any DifferentiableNeuron).self) else {
      preconditionFailure("the neuron of '\(node.name)' has no surrogate gradient")
    }
    var result = input.unwritten(input.features)
    let n = input.neurons, variables = neuron.variables.count, steps = input.steps
    let learnt = pass.parameters.layout.entries[node.slots].reduce(0) { $0 + $1.count }
    let size = Self.backwardBlock(steps: steps, variables: variables)
    var partial = Tensor(zeros: [(n + size - 1) / size, max(1, learnt)])
    let slot = learnt == 0 ? 0 : pass.offset(node.slots.lowerBound)
    let machine = pass.machine, dt = pass.dt, stride = input.stride, upstream = gradient.stride
    let place = place(node, input, pass)
    withSamples(pass.samples) { samples in
      pass.parameters.flat.read { p in
        input.values.read { x in
          gradient.values.read { g in
            result.values.write { r in
              partial.write { sums in
                nonisolated(unsafe) let (p, x, g, r, sums, samples) = (p, x, g, r, sums, samples)
                machine.forEachTile(of: n, size: size) { tile in
                  let first = tile.lowerBound, count = tile.count
                  let tape = PullbackBlock.tapeCount(steps: steps, variables: variables, count: count)
                  let scratch = PullbackBlock.scratchCount(variables: variables, learnt: neuron.gradientCount)
                  withUnsafeTemporaryAllocation(of: Float.self, capacity: variables * count + tape + scratch) {
                    memory in
                    guard let state = memory.baseAddress else { return }
                    var block = PullbackBlock(
                      forward: PopulationBlock(
                        steps: steps, count: count, dt: dt, current: x + first, currentStride: stride, output: r,
                        outputStride: 0, state: state, stateStride: count, parameters: p + slot, place: place),
                      outputGradient: g + first, outputGradientStride: upstream, currentGradient: r + first,
                      currentGradientStride: stride,
                      parameterGradients: learnt > 0 ? sums + tile.lowerBound / size * learnt : nil,
                      tape: state + variables * count, scratch: state + variables * count + tape)
                    block.forward.place.first = first
                    block.forward.place.samples = samples
                    neuron.rest(block.forward)
                    neuron.pullback(block)
                  }
                }
              }
            }
          }
        }
      }
    }
    add(partial, learnt, node, &pass)
    return result
  }
  /// Adds the sums of the blocks in order, so that the number of threads cannot matter.
  private func add(_ partial: Tensor, _ learnt: Int, _ node: Node, _ pass: inout Pass) {
    let places = pass.parameters.layout.entries[node.slots].flatMap(\.range)
    for (k, place) in places.enumerated() {
      let sum = (0..<partial.count / learnt).reduce(Float(0)) { $0 + partial[$1 * learnt + k] }
      pass.gradients?.flat[place] = sum
    }
  }
}

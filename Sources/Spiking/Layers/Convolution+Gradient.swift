internal import Compute

extension Convolution {
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    precondition(gradient.isConstant == input.isConstant, "a constant input has a gradient summed over time")
    if pass.gradients != nil { weightGradient(gradient, input, node, &pass) }
    guard needsInput else { return nil }
    var result = input.unwritten(input.features)
    let window = window(node), size = node.output.count, channels = channels, machine = pass.machine
    let weight = pass.offset(node.slots.lowerBound)
    pass.parameters.flat.read { p in
      gradient.values.read { g in
        result.values.write { r in
          nonisolated(unsafe) let (p, g, r) = (p, g, r)
          machine.forEachTile(of: input.rows, size: Self.tile) { rows in
            withScratch(window) { scratch in
              machine.backend.convolveBackward(
                g + rows.lowerBound * size, p + weight, count: rows.count, outputs: channels, window,
                into: r + rows.lowerBound * window.inputCount, scratch: scratch)
            }
          }
        }
      }
    }
    return result
  }

  /// Images are summed in at most eight runs of neighbours, and the runs are added up in order.
  private func weightGradient(_ gradient: Signal, _ input: Signal, _ node: Node, _ pass: inout Pass) {
    let window = window(node), size = node.output.count, channels = channels, machine = pass.machine
    let rows = input.rows, pieces = max(1, min(8, rows)), count = channels * window.depth
    let weight = pass.offset(node.slots.lowerBound), bias = biasSlot(node).map(pass.offset)
    var partial = Tensor(zeros: [pieces, count + channels])
    gradient.values.read { g in
      input.values.read { x in
        partial.write { sums in
          nonisolated(unsafe) let (g, x, sums) = (g, x, sums)
          machine.forEach(pieces) { piece in
            let weights = sums + piece * (count + channels), biases = weights + count
            let images = piece * rows / pieces..<(piece + 1) * rows / pieces
            withScratch(window) { scratch in
              machine.backend.convolveWeights(
                g + images.lowerBound * size, x + images.lowerBound * window.inputCount, count: images.count,
                outputs: channels, window, into: weights, scratch: scratch)
            }
            guard bias != nil else { return }
            machine.backend.totalChannels(
              g + images.lowerBound * size,
              ChannelShape(rows: images.count, channels: channels, places: window.places), into: biases)
          }
        }
      }
    }
    partial.read { sums in
      pass.gradients?.flat.write { d in
        let view = MatrixView(sums, pieces, count, stride: count + channels)
        (d + weight).update(repeating: 0, count: count)
        machine.backend.sumRows(view, into: d + weight)
        guard let bias else { return }
        (d + bias).update(repeating: 0, count: channels)
        machine.backend.sumRows(MatrixView(sums + count, pieces, channels, stride: count + channels), into: d + bias)
      }
    }
  }

  public func scaleOutputs(by gains: [Float], of node: Node, in parameters: inout Parameters, bias: Bool) {
    precondition(gains.count == channels, "one gain per channel")
    let entry = parameters.layout.entries[node.slots.lowerBound], row = entry.count / channels
    parameters.flat.write { p in for i in 0..<entry.count { p[entry.offset + i] *= gains[i / row] } }
    guard bias, let slot = biasSlot(node) else { return }
    let offset = parameters.layout.entries[slot].offset
    for o in 0..<channels { parameters.flat[offset + o] *= gains[o] }
  }
  public func scaleInputs(by gains: [Float], of node: Node, in parameters: inout Parameters) {
    let window = window(node), entry = parameters.layout.entries[node.slots.lowerBound]
    precondition(gains.count == window.channels, "one gain per channel of the input")
    let taps = kernel * kernel
    parameters.flat.write { p in
      for i in 0..<entry.count { p[entry.offset + i] *= gains[i / taps % window.channels] }
    }
  }
  public func synapses(of node: Node, in parameters: Parameters) -> Synapses? { nil }
  /// Kernel places that lie over each input, times channels.
  public func fanOut(of node: Node) -> [Int] {
    let w = window(node)
    func over(_ i: Int, _ before: Int, _ places: Int) -> Int {
      (0..<places).count { (0..<kernel).contains(i + before - $0 * w.stride) }
    }
    let rows = (0..<w.height).map { over($0, w.top, w.outputHeight) }
    let columns = (0..<w.width).map { over($0, w.left, w.outputWidth) }
    let one = rows.flatMap { row in columns.map { row * $0 * channels } }
    return (0..<w.channels).flatMap { _ in one }
  }
}

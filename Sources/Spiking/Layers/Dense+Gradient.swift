internal import Compute

extension Dense {
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    precondition(gradient.isConstant == input.isConstant, "a constant input has a gradient summed over time")
    let (weights, first) = effective(node, pass.parameters)
    if pass.gradients != nil { weightGradient(gradient, input, node, &pass) }
    guard needsInput else { return nil }
    var result = input.unwritten(input.features)
    let rows = input.rows, depth = input.features.count, units = units, machine = pass.machine
    weights.read { w in
      gradient.values.read { g in
        result.values.write { r in
          nonisolated(unsafe) let (w, g, r) = (w + first, g, r)
          Self.forEachTile(of: rows, machine) { tile in
            machine.backend.multiply(
              MatrixView(g + tile.lowerBound * units, tile.count, units), MatrixView(w, depth, units, transposed: true),
              into: MutableMatrixView(r + tile.lowerBound * depth, tile.count, depth), beta: 0)
          }
        }
      }
    }
    return result
  }

  /// ∂L/∂W = xᵀ·g and ∂L/∂b = Σ g, written over what was there.
  private func weightGradient(_ gradient: Signal, _ input: Signal, _ node: Node, _ pass: inout Pass) {
    let rows = input.rows, depth = input.features.count, units = units, machine = pass.machine
    let weight = pass.offset(node.slots.lowerBound), bias = biasSlot(node).map(pass.offset)
    gradient.values.read { g in
      input.values.read { x in
        pass.gradients?.flat.write { d in
          nonisolated(unsafe) let (g, x, d) = (g, x, d)
          // Cut over rows of the result, never over the sum.
          let pieces = max(1, min(8, depth / 64))
          machine.forEach(pieces) { piece in
            let first = piece * depth / pieces, count = (piece + 1) * depth / pieces - first
            machine.backend.multiply(
              MatrixView(x + first, rows, count, stride: depth, transposed: true), MatrixView(g, rows, units),
              into: MutableMatrixView(d + weight + first * units, count, units), beta: 0)
          }
          if let bias {
            (d + bias).update(repeating: 0, count: units)
            machine.backend.sumRows(MatrixView(g, rows, units), into: d + bias)
          }
        }
      }
    }
    if weights == .binary { straightThrough(node, &pass) }
  }

  /// From the gradient of α·sign(W) to those of W, passed straight through the sign, and of α.
  private func straightThrough(_ node: Node, _ pass: inout Pass) {
    guard let slot = scaleSlot(node) else { return }
    let entry = pass.parameters.layout.entries[node.slots.lowerBound], at = pass.offset(slot)
    let scale = pass.parameters.flat[at]
    pass.parameters.flat.read { p in
      pass.gradients?.flat.write { d in
        let w = p + entry.offset, g = d + entry.offset
        var sum = 0.0
        for i in 0..<entry.count {
          sum += Double(w[i] < 0 ? -g[i] : g[i])
          g[i] *= scale
        }
        d[at] = Float(sum)
      }
    }
  }

  public func scaleOutputs(by gains: [Float], of node: Node, in parameters: inout Parameters, bias: Bool) {
    precondition(gains.count == units, "one gain per unit")
    let entry = parameters.layout.entries[node.slots.lowerBound]
    parameters.flat.write { p in
      for i in 0..<entry.count { p[entry.offset + i] *= gains[i % units] }
    }
    guard bias, let slot = biasSlot(node) else { return }
    let offset = parameters.layout.entries[slot].offset
    for j in 0..<units { parameters.flat[offset + j] *= gains[j] }
  }
  public func scaleInputs(by gains: [Float], of node: Node, in parameters: inout Parameters) {
    let entry = parameters.layout.entries[node.slots.lowerBound]
    // A gain per channel counts for all places of the channel.
    let places = node.input.count / gains.count
    precondition(places * gains.count == node.input.count, "one gain per input or channel")
    parameters.flat.write { p in
      for i in 0..<entry.count { p[entry.offset + i] *= gains[i / units / places] }
    }
  }
  public func synapses(of node: Node, in parameters: Parameters) -> Synapses? {
    let entries = parameters.layout.entries
    return Synapses(
      inputs: node.input.count, outputs: units, parameters: parameters.flat,
      offset: entries[node.slots.lowerBound].offset, isBinary: weights == .binary,
      scale: scaleSlot(node).map { parameters.flat[entries[$0].offset] } ?? 1,
      bias: biasSlot(node).map { parameters.values(of: entries[$0]) } ?? [])
  }
  public func fanOut(of node: Node) -> [Int] { Array(repeating: units, count: node.input.count) }
}

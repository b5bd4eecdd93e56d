internal import Compute

extension Model {
  /// Bytes of all signals of a run: what a trainer must keep for its way back.
  ///
  /// - Parameter steps: those of the code where nil.
  public func signalBytes(steps: Int? = nil, batch: Int) -> Double {
    let steps = Double(steps ?? input.code.steps)
    var isConstant = input.code.isConstant, floats = (isConstant ? 1 : steps) * Double(network.input.count)
    for node in network.nodes {
      if node.neuron != nil || node.layer is any RecurrentLayer { isConstant = false }
      floats += (isConstant ? 1 : steps) * Double(node.output.count)
      if let layer = node.layer as? any RecurrentLayer { floats += steps * Double(layer.keptPerStep(for: node.input)) }
    }
    return 4 * floats * Double(batch)
  }
  /// Bytes of a recording of one sample: signals, and every variable in single and in double precision.
  public func recordingBytes(steps: Int? = nil) -> Double {
    let steps = Double(steps ?? input.code.steps)
    let values = network.nodes.reduce(Double(network.input.count)) { sum, node in
      sum + Double(node.output.count) * Double(max(1, node.neuron?.variables.count ?? 1))
    }
    return signalBytes(steps: Int(steps), batch: 1) + (8 + 4 + 1) * steps * values
  }
  /// Bytes of its values.
  public var valueBytes: Double { 4 * Double(network.layout.count) }
}

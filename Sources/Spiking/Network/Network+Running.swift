internal import Compute

extension Network {
  /// Runs the layers in order; a signal is let go of behind its last reader.
  public func forward(_ input: Signal, _ pass: inout Pass) -> Signal {
    var tape: [Signal?] = [input], last = [Int](repeating: -1, count: nodes.count + 1)
    for node in nodes {
      last[node.source] = node.index
      if let other = node.other { last[other] = node.index }
    }
    for node in nodes {
      let output = output(of: node, tape[node.source], node.other.flatMap { tape[$0] }, &pass)
      for signal in [node.source, node.other].compactMap({ $0 }) where last[signal] == node.index { tape[signal] = nil }
      tape.append(output)
    }
    return tape[nodes.count] ?? input
  }
  /// The input, then the output of every layer: the whole tape.
  public func trace(_ input: Signal, _ pass: inout Pass) -> [Signal] {
    var tape = [input]
    for node in nodes { tape.append(output(of: node, tape[node.source], node.other.map { tape[$0] }, &pass)) }
    return tape
  }
  private func output(of node: Node, _ first: Signal?, _ second: Signal?, _ pass: inout Pass) -> Signal {
    guard let first else { preconditionFailure("'\(node.name)' reads a signal that is gone") }
    return node.layer.forward(second.map { first.adding($0) } ?? first, at: node, &pass)
  }

  /// Fills `pass.gradients` from the gradient of the output and the tape of `trace`, and returns that of the input where it
  /// is wanted.
  ///
  /// - Precondition: every layer is a `DifferentiableLayer`; trainers find out with `missing(in:)`.
  @discardableResult
  public func backward(
    _ gradient: Signal, _ tape: consuming [Signal], _ pass: inout Pass, needsInput: Bool = false,
    observing: ((_ node: Node, _ inputGradient: Signal) -> Void)? = nil
  ) -> Signal? {
    var gradients = [Signal?](repeating: nil, count: nodes.count + 1)
    gradients[nodes.count] = gradient
    for node in nodes.reversed() {
      guard let layer = node.layer as? any DifferentiableLayer else {
        preconditionFailure("layer '\(node.name)' has no gradient")
      }
      guard let upstream = gradients[node.index + 1] else { continue }
      gradients[node.index + 1] = nil
      let sent = layer.backward(
        upstream, input: tape[node.source], at: node, &pass, needsInput: needsInput || node.source > 0)
      guard let sent else { continue }
      observing?(node, sent)
      for signal in [node.source, node.other].compactMap({ $0 }) where needsInput || signal > 0 {
        let share = tape[signal].isConstant ? sent.summedOverTime : sent
        gradients[signal] = gradients[signal].map { $0.adding(share) } ?? share
      }
    }
    return gradients[0]
  }
}

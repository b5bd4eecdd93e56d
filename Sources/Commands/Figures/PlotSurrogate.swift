internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot surrogate`: what stands in for a spike and for its derivative, against the membrane.
struct PlotSurrogate: Plot {
  var shapes: [String] = [], sharpness = 1.0, frame = PlotFrame()
  static let accepts: [ValueType] = [.neuron]
  static let manual = Manual(
    "plot surrogate", "Draws what stands in for a spike's derivative, and the curve it is the derivative of.",
    equation: "∂(spike)/∂v = b·s(b·x)/θ,  x = (v − θ)/θ",
    reference: "E. O. Neftci et al., 2019, arXiv:1901.09948",
    details: "All shapes by default. Neurons that also send negative spikes take |v| for v.",
    examples: ["neuron lif | plot surrogate", "neuron ternary | plot surrogate shapes=[clamp tanh]"])
  static let plotSettings: [Setting<Self>] = [
    Setting(
      "shapes", \.shapes, "Which are drawn.", form: .list(.choice(Surrogate.Shape.allCases.map(\.rawValue)))),
    Setting("sharpness", \.sharpness, "How narrow and high they are, b.", in: 1e-3...1e3),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .neuron(let neuron) = input { _ = try threshold(of: neuron) }
    return .figure
  }
  private func threshold(of neuron: any Neuron) throws -> Double {
    guard neuron.capability((any DifferentiableNeuron).self) != nil, let threshold = neuron.firingThreshold else {
      throw Diagnostic(
        "capability", "'\(neuron.kind)' has no surrogate gradient", help: "lif, if, cuba, alif and ternary have one")
    }
    return threshold
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let neuron = try input.neuron(), threshold = try threshold(of: neuron), isTernary = neuron.alphabet == .ternary
    let drawn = Surrogate.Shape.allCases.filter { shapes.isEmpty || shapes.contains($0.rawValue) }
    let v = (isTernary ? -300...300 : -100...300).map { Double($0) / 100 * threshold }
    func x(_ v: Double) -> Double { ((isTernary ? abs(v) : v) - threshold) / threshold }
    var values: [Mark] = [], slopes: [Mark] = []
    for (k, shape) in drawn.enumerated() {
      let surrogate = Surrogate(shape, sharpness: sharpness)
      values.append(
        .line(
          x: v,
          y: v.map { v in
            guard isTernary else { return surrogate.value(x(v)) }
            return (v < 0 ? -1 : 1) * (surrogate.value(x(v)) - surrogate.value(-1))
          }, tint: .palette(k)))
      slopes.append(
        .line(x: v, y: v.map { surrogate.slope(x($0)) / threshold }, label: shape.rawValue, tint: .palette(k)))
    }
    let marks: [Mark] = [.rule(x: threshold, label: "θ", style: .dotted)]
    let both = isTernary ? marks + [.rule(x: -threshold, label: "−θ", style: .dotted)] : marks
    return Figure(
      panels: [
        Panel(x: Axis("membrane"), y: Axis("in place of the spike"), marks: values + both),
        Panel(x: Axis("membrane"), y: Axis("derivative"), marks: slopes + both),
      ], columns: 2, size: Figure.Size(width: 1000, height: 420))
  }
}

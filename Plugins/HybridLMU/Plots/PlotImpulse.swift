internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot impulse`: what one pulse leaves in a memory, beside what an ideal window would hold.
struct PlotImpulse: Plot {
  var count = 4, frame = PlotFrame()
  static let accepts: [ValueType] = [.neuron]
  static let manual = Manual(
    "plot impulse",
    "Draws what a pulse of area 1 leaves in each coefficient of a memory, and the ideal as a dashed line.",
    equation: "ideal: hᵢ(t) = (2i+1)/window·P̃ᵢ(t/window) within the window, 0 behind it",
    examples: ["lmu-memory order=6 window=50ms | plot impulse"])
  static let plotSettings: [Setting<Self>] = [
    Setting("count", \.count, "How many coefficients are drawn, from the lowest on.", in: 1...20)
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .neuron(let neuron) = input { _ = try neuron.memory("plot impulse") }
    return .figure
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let memory = try input.memory("plot impulse"), shown = min(count, memory.order), dt = context.dt
    let steps = max(2, Int((1.5 * (memory.window / dt)).rounded(.up)))
    guard steps * memory.order <= 20_000_000 else {
      throw Diagnostic(
        "drive.length", "a window of \(memory.window.argument.written) is too long for steps of this size")
    }
    let area = 1 / dt.seconds
    let trace = try memory.trace(
      current: [area] + Array(repeating: 0, count: steps - 1), dt: dt, poll: context.poll)
    let scale = TimeScale(Double(steps) * dt), times = (0..<steps).map { scale((Double($0) + 0.5) * dt) }
    let ideal = (0..<steps).map { step -> [Double] in
      let r = (Double(step) + 0.5) * dt / memory.window
      guard r <= 1 else { return Array(repeating: 0, count: shown) }
      let values = LegendrePolynomials.values(order: shown, at: r)
      return values.indices.map { Double(2 * $0 + 1) / memory.window.seconds * values[$0] }
    }
    let marks = (0..<shown).flatMap { i -> [Mark] in
      [
        .line(x: times, y: trace.values[i], label: "m\(i)", tint: .palette(i)),
        .line(x: times, y: ideal.map { $0[i] }, style: .dashed, tint: .palette(i)),
      ]
    }
    return Figure(
      Panel(
        x: scale.axis, y: Axis("response", unit: "1/s"),
        marks: marks + [.rule(x: scale(memory.window), label: "window")]))
  }
}

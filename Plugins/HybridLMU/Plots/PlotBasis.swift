internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot basis`: the polynomials whose sum is the past.
struct PlotBasis: Plot {
  var count = 6, frame = PlotFrame()
  static let accepts: [ValueType] = [.neuron]
  static let manual = Manual(
    "plot basis", "Draws the Legendre polynomials by which a memory describes its window.",
    equation: "P̃ᵢ(r) = Pᵢ(2r − 1),  u(t − r·window) ≈ Σ P̃ᵢ(r)·mᵢ(t)", examples: ["lmu-memory order=6 | plot basis"])
  static let plotSettings: [Setting<Self>] = [
    Setting("count", \.count, "How many are drawn, from the lowest on.", in: 1...20)
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .neuron(let neuron) = input { _ = try neuron.memory("plot basis") }
    return .figure
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let memory = try input.memory("plot basis"), shown = min(count, memory.order), window = TimeScale(memory.window)
    let places = (0...200).map { Double($0) / 200 }
    let values = places.map { LegendrePolynomials.values(order: shown, at: $0) }
    return Figure(
      Panel(
        x: Axis("ago", unit: window.unit), y: Axis("P̃"),
        marks: (0..<shown).map { i in
          .line(x: places.map { $0 * window.duration }, y: values.map { $0[i] }, label: "P̃\(i)", tint: .palette(i))
        }))
  }
}

extension Neuron {
  /// The memory that a plot needs.
  func memory(_ plot: String) throws -> LegendreMemory {
    guard let memory = self as? LegendreMemory else {
      throw Diagnostic(
        "capability", "'\(plot)' needs a Legendre memory; neuron '\(kind)' is none", help: "make one with lmu-memory")
    }
    return memory
  }
}
extension Value.Content {
  func memory(_ plot: String) throws -> LegendreMemory {
    guard case .neuron(let neuron) = self else {
      throw Diagnostic("types.stage", "a neuron is needed, not \(type.noun)")
    }
    return try neuron.memory(plot)
  }
}

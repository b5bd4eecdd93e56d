internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot response`: when a neuron spikes under constant currents, one row of spikes per current.
struct PlotResponse: Plot {
  var current: [Double] = [], steps = 12, frame = PlotFrame()
  static let accepts: [ValueType] = [.neuron]
  static let manual = Manual(
    "plot response", "Shows when a neuron spikes under each of many constant currents, with the sign of each spike.",
    equation: "ternary: the first spike comes at the first step k with |i| ≥ θ(1 − τ)/(1 − τᵏ)",
    examples: ["neuron ternary | plot response", "neuron lif | plot response current=[0.5 1.1 2 4] steps=60"])
  static let plotSettings: [Setting<Self>] = [
    Setting("current", \.current, "Currents; without it forty that suit the neuron.", in: -1e9...1e9),
    Setting("steps", \.steps, "Length of each run.", in: 1...10_000),
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    guard case .neuron(let neuron) = input else {
      throw Diagnostic("types.stage", "a neuron is needed, not \(input.type.noun)")
    }
    let usual = neuron.usualCurrents, middle = (usual.lowerBound + usual.upperBound) / 2
    let half = (usual.upperBound - usual.lowerBound) / 2
    // From the middle, so that currents of both signs are exact mirrors.
    let spread: [Double] = (-20...20).map { middle + half * Double($0) / 20 }
    let currents = current.isEmpty ? spread : current
    var positive: [(step: Double, current: Double)] = [], negative = positive
    for level in currents {
      let recording = simulate(
        neuron: neuron, current: Array(repeating: level, count: steps), dt: context.dt, exact: false,
        random: context.random)
      let spikes = recording.layers[0].spikes
      for t in 0..<spikes.steps where spikes[t, 0] != 0 {
        if spikes[t, 0] > 0 { positive.append((Double(t + 1), level)) } else { negative.append((Double(t + 1), level)) }
      }
      if context.isInterrupted() { break }
    }
    func dots(_ spikes: [(step: Double, current: Double)], _ label: String, _ tint: Tint) -> Mark {
      .scatter(x: spikes.map(\.step), y: spikes.map(\.current), label: label, marker: .square, tint: tint)
    }
    return Figure(
      Panel(
        x: Axis("step", range: 0...Double(steps + 1), wholeNumbers: true),
        y: Axis("constant current", unit: neuron.inputUnit),
        marks: [dots(positive, "+1", .palette(1))]
          + (negative.isEmpty ? [] : [dots(negative, "−1", .palette(0))])))
  }
}

internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot fi`: firing rate over a constant current.
struct PlotFI: Plot {
  var current: [Quantity] = [], duration = Time.s(1), settle = Time.ms(200),
    frame = PlotFrame()
  static let accepts: [ValueType] = [.neuron], isDefault: [ValueType] = [.neuron]
  static let manual = Manual(
    "plot fi", "Draws the firing rate of a neuron over a constant current.",
    details:
      "Each rate is the inverse of the mean interval between spikes after a time to settle; 0 where fewer than two spikes fall.",
    examples: ["neuron lif | plot fi current=0..4 by 0.1"])
  static let plotSettings: [Setting<Self>] = [
    Setting(
      "current", \.current, "Currents, as a range or a list; without it those that suit the neuron.",
      form: .list(.quantity)),
    Setting("for", \.duration, "Length of each run.", in: 1e-6...1e4),
    Setting("settle", \.settle, "Left out at the start of each run.", in: 0...1e4),
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let neuron = try input.neuron(), dt = context.dt
    let usual = neuron.usualCurrents, span = usual.upperBound - usual.lowerBound
    let current =
      current.isEmpty
      ? (0...40).map { usual.lowerBound + span * Double($0) / 40 }
      : try current.map { try neuron.current($0, setting: "current").value }
    let steps = max(1, duration.steps(of: dt))
    guard steps <= 20_000_000 else {
      throw Diagnostic("drive.length", "a run of \(duration.argument.written) has more than 20 million steps")
    }
    let isExact = neuron.capability((any ContinuousNeuron).self) != nil
    let rates = try current.map { level -> Double in
      let recording = try simulate(
        neuron: neuron, current: Array(repeating: level, count: steps), dt: dt, exact: isExact, random: context.random,
        poll: context.poll)
      try recording.requireNumbers()
      let times = recording.layers[0].train(of: 0, dt: dt).times.filter { $0 >= settle }
      guard times.count > 1, let first = times.first, let last = times.last else { return 0 }
      return Double(times.count - 1) / (last.seconds - first.seconds)
    }
    return Figure(
      Panel(
        x: Axis("current", unit: neuron.inputUnit), y: Axis("firing rate", unit: "Hz"),
        marks: [.line(x: current, y: rates)]))
  }
}

internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot stdp`: how much each synapse has changed, over the time between its spike and that of the neuron.
struct PlotSTDP: Plot {
  var frame = PlotFrame()
  static let accepts: [ValueType] = [.recording]
  static let manual = Manual(
    "plot stdp", "Shows how much synapses have changed, over the time between their spike and that of the neuron.",
    details: "For recordings of stdp protocol=pairs, where each input and the neuron spike once.",
    examples: ["neuron lif | stdp | plot stdp"])

  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .recording(let facts) = input, !facts.layers.contains(STDP.synapses) { throw Self.noSynapses }
    return .figure
  }
  private static let noSynapses = Diagnostic(
    "plot.synapses", "the recording has no synapses that learn", help: "make one, as in: neuron lif | stdp | plot stdp")

  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    guard case .recording(let recording) = input, let synapses = recording[STDP.synapses], recording.layers.count > 1,
      let weights = synapses["weight"]
    else { throw Self.noSynapses }
    let n = synapses.spikes.neurons, spikes = recording.layers[1].spikes.spikeSteps(of: 0)
    guard spikes.count == 1, (0..<n).allSatisfy({ synapses.spikes.count(of: $0) == 1 }) else {
      throw Diagnostic(
        "plot.pairs", "'plot stdp' shows single pairs, here the neuron spiked \(spikes.count) times",
        help: "measure the window, as in: stdp protocol=pairs")
    }
    let pairs = (0..<n).map { i -> (lag: Double, change: Double) in
      let lag = Double(spikes[0] - (synapses.spikes.spikeSteps(of: i).first ?? 0)) * recording.dt.milliseconds
      return (lag, weights.values[(recording.steps - 1) * n + i] - weights.values[i])
    }.sorted { $0.lag < $1.lag }
    return Figure(
      Panel(
        x: Axis("time from input to spike", unit: "ms"), y: Axis("change of weight"),
        marks: [
          .rule(y: 0, style: .dotted), .rule(x: 0, style: .dotted),
          .line(x: pairs.map(\.lag), y: pairs.map(\.change), marker: n <= 100 ? .circle : nil, tint: .palette(0)),
        ]))
  }
}

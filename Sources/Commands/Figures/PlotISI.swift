internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot isi`: how long neurons wait from one spike to the next.
struct PlotISI: Plot, OnData {
  var layer = "", neuron: Int?, bins = 30, sample = 0, data: DatasetArgument?, part: Part?, frame = PlotFrame()
  static let accepts: [ValueType] = [.recording, .model]
  static let manual = Manual(
    "plot isi", "Shows how often intervals between spikes have which length.",
    details:
      "The title tells the number of intervals, their mean and their coefficient of variation: 0 for a clock, 1 for a Poisson process.",
    examples: ["neuron lif | drive noise current=1 sd=2 for=10s | plot isi"])
  static let plotSettings: [Setting<Self>] = [
    Setting("layer", \.layer, "Layer of the neurons; the last that spikes by default.", form: .layer),
    Setting("neuron", \.neuron, "One neuron; all of the layer by default.", in: 0...1e9),
    Setting("bins", \.bins, "Number of intervals of the histogram.", in: 1...10_000),
    Setting("sample", \.sample, "Sample shown to a model.", in: 0...1e9), .data, .part,
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let recording = try recording(of: input, sample: sample, context)
    let record = try recording.layer(named: layer)
    if let neuron { try record.require(neuron) }
    let chosen = neuron.map { [$0] } ?? Array(0..<record.spikes.neurons)
    let intervals = chosen.flatMap { record.train(of: $0, dt: recording.dt).intervals.map(\.milliseconds) }
    guard !intervals.isEmpty else {
      throw Diagnostic(
        "plot.empty", "no neuron of '\(record.name)' spiked twice", help: "drive it harder or longer, as in: for=1s")
    }
    let mean = intervals.mean, cv = intervals.count > 1 && mean > 0 ? intervals.deviation / mean : 0
    let count = "\(intervals.count) interval\(intervals.count == 1 ? "" : "s")"
    let title =
      "\(count), mean \(Quantity(mean / 1000, .time).written(digits: 3)), CV \(Quantity(cv).written(digits: 3))"
    return Figure(
      Panel(
        title: title, x: Axis("interval", unit: "ms"), y: Axis("count"),
        marks: [.histogram(Histogram(of: intervals, bins: bins))]))
  }
}

internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot memory`: coefficients over time as colours.
struct PlotMemory: Plot {
  var layer = "", frame = PlotFrame()
  static let accepts: [ValueType] = [.recording]
  static let manual = Manual(
    "plot memory", "Draws the coefficients of a memory over time, one row for each.",
    details: "Of a driven memory or of the memory of a network that was probed; blue is negative, red positive.",
    examples: [
      "lmu-memory order=12 window=200ms | drive sine current=0 amplitude=1 frequency=6Hz for=1s | plot memory"
    ])
  static let plotSettings: [Setting<Self>] = [
    Setting("layer", \.layer, "Layer of the memory; the first that has one when left open.", form: .layer)
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    guard case .recording(let recording) = input else {
      throw Diagnostic("types.stage", "a recording is needed, not \(input.type.noun)")
    }
    guard let record = recording.layers.first(where: { $0.window != nil && (layer.isEmpty || $0.name == layer) }) else {
      throw Diagnostic(
        "plot.variable", layer.isEmpty ? "the recording has no memory" : "'\(layer)' is no memory of the recording",
        help: "drive one made with lmu-memory, or probe a network with one")
    }
    let rows = coefficients(record), columns = min(recording.steps, 800), scale = TimeScale(recording.duration)
    var values: [Double] = []
    for row in rows {
      try context.poll()
      values += (0..<columns).map { row[$0 * recording.steps / columns] }
    }
    return Figure(
      Panel(
        title: record.name, x: scale.axis, y: Axis("coefficient"),
        marks: [
          .matrix(
            Matrix(
              rows: rows.count, columns: columns, values: values, map: .diverging,
              xExtent: 0...max(1e-9, scale.duration)))
        ]))
  }
  /// One trace for each coefficient: of one neuron with many variables, or of many neurons with one.
  private func coefficients(_ record: LayerRecord) -> [[Double]] {
    let n = record.spikes.neurons, steps = record.spikes.steps
    guard n > 1 else { return record.variables.map(\.values) }
    guard let first = record.variables.first else { return [] }
    return (0..<n).map { i in (0..<steps).map { first.values[$0 * n + i] } }
  }
}

internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot reconstruction`: what a memory knows of its past.
struct PlotReconstruction: Plot {
  var at: Time?, frame = PlotFrame()
  static let accepts: [ValueType] = [.recording]
  static let manual = Manual(
    "plot reconstruction",
    "Draws the input with what a memory sends, and the window behind one moment as the memory describes it.",
    equation: "u(t − r·window) ≈ Σ P̃ᵢ(r)·mᵢ(t)",
    examples: [
      "lmu-memory order=12 window=200ms | drive sine current=0 amplitude=1 frequency=6Hz for=1s | plot reconstruction"
    ])
  static let plotSettings: [Setting<Self>] = [
    Setting("at", \.at, "The moment whose window is drawn; the end of the run when left open.", in: 0...1e9)
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    guard case .recording(let recording) = input else {
      throw Diagnostic("types.stage", "a recording is needed, not \(input.type.noun)")
    }
    guard let record = recording.layers.first(where: { $0.window != nil }), let window = record.window,
      let current = recording.input.variables.first, record.spikes.neurons == 1
    else {
      throw Diagnostic(
        "plot.variable", "'plot reconstruction' needs the recording of a memory", help: "drive one made with lmu-memory"
      )
    }
    let dt = recording.dt, end = at.map { $0.steps(of: dt) } ?? recording.steps
    guard (1...recording.steps).contains(end) else {
      throw Diagnostic("at.outside", "the recording ends at \(recording.duration.argument.written)")
    }
    let scale = TimeScale(recording.duration)
    let course = try ThinTrace(
      count: recording.steps, x: { scale((Double($0) + 0.5) * dt) }, y: { current.values[$0] }, poll: context.poll)
    let sent = try ThinTrace(
      count: record.output.count, x: { scale((Double($0) + 0.5) * dt) }, y: { record.output[$0] }, poll: context.poll)
    let state = record.variables.map { $0.values[end - 1] }
    let places = (0...200).map { Double($0) / 200 }
    let times = places.map { scale(Double(end) * dt) - $0 * scale(window) }
    let decoded = places.map { LegendreSystem.decoded(state, at: $0) }
    let first = max(0, Int((Double(end) - window / dt).rounded(.down)))
    let past = first..<end
    return Figure(
      panels: [
        Panel(
          x: scale.axis, y: Axis("input"),
          marks: [
            .line(x: course.x, y: course.y, label: "input", tint: .ink),
            .line(x: sent.x, y: sent.y, label: "sent, delayed", style: .dashed, tint: .palette(0)),
          ]),
        Panel(
          title: "window at \((Double(end) * dt).argument.written)", x: Axis("time", unit: scale.unit),
          y: Axis("input"),
          marks: [
            .line(
              x: past.map { scale((Double($0) + 0.5) * dt) }, y: past.map { current.values[$0] }, label: "input",
              tint: .ink),
            .line(x: times, y: decoded, label: "reconstruction", tint: .palette(1)),
          ]),
      ], columns: 1)
  }
}

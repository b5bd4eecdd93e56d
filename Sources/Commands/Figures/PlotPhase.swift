internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot phase`: the plane of two variables with its nullclines and a course through it.
struct PlotPhase: Plot, OnData {
  var current = Quantity(0), duration = Time.ms(300), layer = "", neuron = 0, sample = 0, data: DatasetArgument?,
    part: Part?, frame = PlotFrame()
  static let accepts: [ValueType] = [.neuron, .recording, .model]
  static let manual = Manual(
    "plot phase", "Draws the plane of two variables: where each stands still, and a course through it.",
    details:
      "A neuron of two variables is driven by a constant current from rest, and its nullclines are drawn. A recording shows its course only.",
    examples: ["neuron izhikevich | plot phase current=5", "neuron adex | plot phase current=700pA"])
  static let plotSettings: [Setting<Self>] = [
    Setting("current", \.current, "Constant current, for a neuron."),
    Setting("for", \.duration, "Length of the course, for a neuron.", in: 1e-6...100),
    Setting("layer", \.layer, "Layer of the neuron, for a recording.", form: .layer),
    Setting("neuron", \.neuron, "Its number.", in: 0...1e9),
    Setting("sample", \.sample, "Sample shown to a model.", in: 0...1e9), .data, .part,
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .neuron(let neuron) = input {
      _ = try planar(neuron)
      _ = try neuron.current(current, setting: "current")
    }
    return .figure
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    guard case .neuron(let neuron) = input else { return try course(of: input, context) }
    let planar = try planar(neuron), level = try neuron.current(current, setting: "current").value
    let step = Time.ms(min(0.1, context.dt.milliseconds)), steps = max(1, duration.steps(of: step))
    guard steps <= 20_000_000 else {
      throw Diagnostic("drive.length", "a run of \(duration.argument.written) has more than 20 million steps")
    }
    let trace = try planar.trace(current: Array(repeating: level, count: steps), dt: step, poll: context.poll)
    let course = ThinCourse(x: Self.cut(trace.values[0], at: trace.output), y: trace.values[1])
    try context.poll()
    let window = planar.window, names = planar.variables
    var marks = nullclines(planar, window, level)
    marks.append(
      .line(x: course.x, y: course.y, label: "course", tint: .palette(0)))
    let up = range(window.up, over: trace.values[1]), across = range(window.across, over: trace.values[0])
    let unit = neuron.inputUnit.isEmpty ? "" : " \(neuron.inputUnit)"
    return Figure(
      Panel(
        title: "\(neuron.kind), current \(Quantity(level).written(digits: 4))\(unit)",
        x: Axis(names[0].name, unit: names[0].unit, range: across),
        y: Axis(names[1].name, unit: names[1].unit, range: up), marks: marks))
  }
  /// A gap after every spike, so that no line is drawn where the state jumps.
  private static func cut(_ values: [Double], at output: [Double]) -> [Double] {
    values.indices.map { $0 > 0 && output[$0 - 1] != 0 ? .nan : values[$0] }
  }
  private func planar(_ neuron: any Neuron) throws -> any PlanarNeuron {
    guard let planar = neuron.capability((any PlanarNeuron).self) else {
      throw Diagnostic(
        "capability", "'plot phase' needs a neuron of two variables; '\(neuron.kind)' is none",
        help: "drive it first to see the course of two of its variables, as in: drive | plot phase")
    }
    return planar
  }
  /// Where one of the slopes changes its sign, point by point across the window.
  private func nullclines(_ neuron: any PlanarNeuron, _ window: PlaneWindow, _ level: Double) -> [Mark] {
    let names = neuron.variables.prefix(2).map(\.name), count = 240
    let low = window.up.lowerBound, height = window.up.upperBound - low
    return (0..<2).map { which in
      var x: [Double] = [], y: [Double] = []
      for k in 0...count {
        let v =
          window.across.lowerBound
          + (window.across.upperBound - window.across.lowerBound) * Double(k) / Double(count)
        let slope = { (w: Double) in
          let both = neuron.slopes(v, w, current: level)
          return which == 0 ? both.0 : both.1
        }
        if let w = Self.root(slope, from: low - height, to: low + 2 * height) {
          x.append(v)
          y.append(w)
        }
      }
      return .line(
        x: x, y: y, label: "d\(names[which])/dt = 0", style: which == 0 ? .dashed : .dotted, tint: .palette(which + 1))
    }
  }
  /// A zero between two ends of different sign, by halving.
  private static func root(_ f: (Double) -> Double, from a: Double, to b: Double) -> Double? {
    var (a, b) = (a, b), left = f(a)
    guard left.isFinite, f(b).isFinite, (left < 0) != (f(b) < 0) else { return nil }
    for _ in 0..<60 {
      let middle = (a + b) / 2, value = f(middle)
      if (value < 0) == (left < 0) { (a, left) = (middle, value) } else { b = middle }
    }
    return (a + b) / 2
  }
  private func range(_ window: ClosedRange<Double>, over values: [Double]) -> ClosedRange<Double> {
    let low = min(window.lowerBound, values.min() ?? 0), high = max(window.upperBound, values.max() ?? 0)
    return low...high
  }

  private func course(of input: Value.Content, _ context: Context) throws -> Figure {
    let recording = try recording(of: input, sample: sample, context), record = try recording.layer(named: layer)
    try record.require(neuron)
    guard record.variables.count > 1, let v = record.trace(record.variables[0].name, of: neuron),
      let w = record.trace(record.variables[1].name, of: neuron)
    else { throw Diagnostic("plot.variable", "layer '\(record.name)' has only one variable") }
    let course = ThinCourse(x: v, y: w)
    try context.poll()
    return Figure(
      Panel(
        x: Axis(record.variables[0].name, unit: record.variables[0].unit),
        y: Axis(record.variables[1].name, unit: record.variables[1].unit), marks: [.line(x: course.x, y: course.y)]))
  }
}

internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot accuracy-over-time`: accuracy if a run had ended after each step.
struct PlotAccuracyOverTime: ConvertedPlot {
  enum Shown: String, Choice { case chosen, count, membrane, both }
  var data: DatasetArgument?, part: Part?, steps: Int?, readout = Shown.chosen, frame = PlotFrame()
  static let manual = Manual(
    "plot accuracy-over-time",
    "Draws accuracy against the step at which a run ends, with that of the network of numbers.",
    details: "readout=both draws answers by spike count and by membrane, from one run.",
    examples: [
      "\(Example.model) | convert robust steps=50 | plot accuracy-over-time readout=both",
      "let ann = \(Example.model)\nsweep scheme [model data l4] { ann | convert scheme steps=20 | plot accuracy-over-time } | overlay",
    ])
  static let plotSettings: [Setting<Self>] =
    Setting.shown + [Setting("readout", \.readout, "Read-outs shown; the one of the model by default.")]

  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let subject = try Subject(self, input, context)
    defer { context.surroundings.progress(nil) }
    let curves = subject.execution.curves(subject.indices, subject.part, of: subject.data)
    let reference = try subject.equivalent(context).accuracy(subject.indices, subject.part, of: subject.data) * 100
    func line(_ accuracy: [Double], _ label: String, _ style: LineStyle = .solid) -> Mark {
      .line(x: (1...max(1, accuracy.count)).map(Double.init), y: accuracy.map { $0 * 100 }, label: label, style: style)
    }
    let counted: [Mark]
    switch (readout, curves.byCount) {
    case (.chosen, _): counted = [line(curves.chosen, "")]
    case (.membrane, _): counted = [line(curves.byCharge, "membrane")]
    case (.count, let byCount?): counted = [line(byCount, "spike count")]
    case (.both, let byCount?): counted = [line(byCount, "spike count"), line(curves.byCharge, "membrane", .dotted)]
    case (.count, nil), (.both, nil):
      throw Diagnostic(
        "capability", "the outputs of this network do not spike",
        help: "convert it with readout=count, or write readout=membrane")
    }
    return Figure(
      Panel(
        x: Axis("step", scale: .logarithmic, wholeNumbers: true), y: Axis("accuracy", unit: "%"),
        marks: counted + [.rule(y: reference, label: "network of numbers")]))
  }
}

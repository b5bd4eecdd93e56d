internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot spectrum`: where the rounding error of a quantiser has its power.
struct PlotSpectrum: Plot {
  var segment = 512, frame = PlotFrame()
  static let accepts: [ValueType] = [.recording]
  static let manual = Manual(
    "plot spectrum", "Draws the power of the error of a quantising neuron over frequency, with the line of theory.",
    equation: "S(f) = sin²(πf)/(3ω²), f in cycles per step: +20 dB per decade at low f",
    reference: "A. R. Voelker, D. Rasmussen, C. Eliasmith, 2020, arXiv:2002.03553",
    details: """
      The error is what was sent minus the activation. The line is that of rounding=diffusing under a busy input; its \
      slope is told in the title, as measured between a hundredth and a tenth of the rate of steps.
      """,
    examples: [
      "neuron diffusion omega=4 | drive noise current=0 sd=0.3 for=20s | plot spectrum",
      "neuron diffusion omega=4 rounding=stochastic | drive noise current=0 sd=0.3 for=20s | plot spectrum",
    ])
  static let plotSettings: [Setting<Self>] = [
    Setting("segment", \.segment, "Steps whose spectrum is taken at a time, a power of two.", in: 64...65_536)
  ]
  func validate() throws(SettingProblem) {
    if segment.nonzeroBitCount != 1 { throw SettingProblem("segment", .refused("it must be a power of two")) }
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    guard case .recording(let recording) = input else {
      throw Diagnostic("types.stage", "a recording is needed, not \(input.type.noun)")
    }
    guard let record = recording.layers.first(where: { $0.omega != nil && !$0.activation.isEmpty }),
      let omega = record.omega, omega.isFinite, record.spikes.neurons == 1
    else {
      throw Diagnostic(
        "plot.variable", "'plot spectrum' needs the recording of a neuron that quantises",
        help: "drive one, as in: neuron diffusion omega=4 | drive noise current=0 sd=0.3 for=20s")
    }
    guard recording.steps >= 2 * segment else {
      throw Diagnostic(
        "drive.length",
        "a spectrum in pieces of \(segment) steps needs a run of \(2 * segment), not \(recording.steps)",
        help: "drive it for longer, or take a smaller segment=")
    }
    let error = zip(record.output, record.activation).map { $0 - $1 }
    let density = Spectrum.density(of: error, segment: segment)
    try context.poll()
    let rate = 1 / recording.dt.seconds, bins = Array(1...segment / 2)
    let frequencies = bins.map { Double($0) / Double(segment) }
    return Figure(
      Panel(
        title: Self.slope(frequencies, bins.map { density[$0] }),
        x: Axis("frequency", unit: "Hz", scale: .logarithmic), y: Axis("power density", unit: "dB"),
        marks: [
          .line(
            x: frequencies.map { $0 * rate }, y: bins.map { Spectrum.decibels(density[$0]) }, label: "error",
            tint: .palette(0)),
          .line(
            x: frequencies.map { $0 * rate },
            y: frequencies.map { Spectrum.decibels(Spectrum.shaped($0, omega: omega)) },
            label: "sin²(πf)/(3ω²)", style: .dashed, tint: .ink),
        ]))
  }
  /// The slope of a straight line through the decibels over the logarithms of the lower frequencies.
  static func slope(_ frequencies: [Double], _ density: [Double]) -> String {
    let points = zip(frequencies, density).filter { 0.01...0.1 ~= $0.0 }
      .map { (Spectrum.decibels($0.0) / 10, Spectrum.decibels($0.1)) }
    guard let slope = regression(points) else { return "" }
    return "slope \(Quantity(slope).written(digits: 3)) dB per decade"
  }
  static func regression(_ points: [(Double, Double)]) -> Double? {
    let n = Double(points.count)
    guard n >= 3 else { return nil }
    let x = points.reduce(0) { $0 + $1.0 } / n, y = points.reduce(0) { $0 + $1.1 } / n
    let above = points.reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
    return above / points.reduce(0) { $0 + ($1.0 - x) * ($1.0 - x) }
  }
}

internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot first-spikes`: when the first output fires, over the samples; silence apart.
struct PlotFirstSpikes: SubjectPlot {
  var data: DatasetArgument?, part: Part?, label: Int?, isTogether = false, bins: Int?, frame = PlotFrame()
  static let manual = Manual(
    "plot first-spikes",
    "Counts the times of the first output spike, class by class; samples on which nobody fires stand apart.",
    reference: "arXiv 2007.04039",
    examples: ["\(Example.trained) | plot first-spikes", "\(Example.trained) | plot first-spikes class=1"])
  static let plotSettings: [Setting<Self>] = [
    .data, .part, Setting("class", \.label, "Number of the only class counted; all by default.", in: 0...1e6),
    Setting("together", \.isTogether, "Counts all classes in one panel."),
    Setting("bins", \.bins, "Number of intervals; 64, or 32 where classes stand apart.", in: 1...1000),
  ]
  /// More classes than this are counted together.
  private static let mostPanels = 20
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let subject = try Subject(input, data: data, part: part, context), outcomes = subject.outcomes()
    let classes = subject.classes
    if let label {
      let name = label < classes.count ? classes[label] : "\(label)"
      return Figure(panel(outcomes.filter { $0.label == label }, subject, bins ?? 64, title: "class \(name)"))
    }
    guard !isTogether, classes.count <= Self.mostPanels else { return Figure(panel(outcomes, subject, bins ?? 64)) }
    var panels = classes.indices.map { c in
      panel(outcomes.filter { $0.label == c }, subject, bins ?? 32, title: "class \(classes[c])")
    }
    // One scale for all, so that heights can be compared.
    let highest = panels.map(Self.highest).max() ?? 1
    for k in panels.indices { panels[k].y.range = 0...max(1, 1.06 * highest) }
    let rows = (panels.count + 1) / 2
    return Figure(panels: panels, columns: 2, size: Figure.Size(width: 900, height: 150 + 170 * Double(rows)))
  }
  private func panel(_ outcomes: [Outcome], _ subject: Subject, _ bins: Int, title: String = "") -> Panel {
    var histogram = Histogram(
      of: outcomes.compactMap { $0.decisionTime.map(Double.init) }, bins: bins, in: 0...Double(subject.execution.steps))
    histogram.extra = Histogram.Extra("silent", count: Double(outcomes.count(where: \.isSilent)))
    return Panel(
      title: title, x: Axis("step of the first output spike"), y: Axis("samples"), marks: [.histogram(histogram)])
  }
  private static func highest(_ panel: Panel) -> Double {
    guard case .histogram(let histogram)? = panel.marks.first else { return 0 }
    return max(histogram.counts.max() ?? 0, histogram.extra?.count ?? 0)
  }
}

/// `plot firing-times`: the mean firing time of each output for each class.
struct PlotFiringTimes: SubjectPlot {
  var data: DatasetArgument?, part: Part?, frame = PlotFrame()
  static let manual = Manual(
    "plot firing-times",
    "Shows the mean firing time of every output (columns) for every class (rows); silence counts as the last step.",
    reference: "arXiv 2007.04039", examples: ["\(Example.trained) | plot firing-times"])
  static let plotSettings: [Setting<Self>] = [.data, .part]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let subject = try Subject(input, data: data, part: part, context), n = subject.classes.count,
      outputs = subject.execution.classes
    var sums = [Double](repeating: 0, count: n * outputs), counts = [Double](repeating: 0, count: n)
    subject.eachOutput { label, times in
      counts[label] += 1
      for (c, t) in times.enumerated() { sums[label * outputs + c] += Double(t) }
    }
    let means = sums.indices.map { sums[$0] / max(1, counts[$0 / outputs]) }
    let names = (0..<outputs).map { $0 < n ? subject.classes[$0] : "\($0)" }
    let matrix = Matrix(rows: n, columns: outputs, values: means, printedDecimals: 0, label: "mean firing time (steps)")
    return Figure(
      Panel(
        x: Axis("output", categories: names), y: Axis("class", categories: subject.classes, reversed: true),
        marks: [.matrix(matrix)]),
      size: Figure.Size(width: 760, height: 640))
  }
}

/// `plot deadline`: accuracy if an answer had been due at each step.
struct PlotDeadline: SubjectPlot {
  var data: DatasetArgument?, part: Part?, frame = PlotFrame()
  static let manual = Manual(
    "plot deadline",
    "Shows accuracy against the step at which an answer is due; if nobody fired by then, the highest potential counts.",
    reference: "arXiv 2007.04039", examples: ["\(Example.trained) | plot deadline"])
  static let plotSettings: [Setting<Self>] = [.data, .part]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let subject = try Subject(input, data: data, part: part, context)
    let curve = subject.execution.curve(subject.indices, subject.part, of: subject.data)
    return Figure(
      Panel(
        x: Axis("deadline (step)", wholeNumbers: true), y: Axis("accuracy", unit: "%"),
        marks: [.line(x: curve.indices.map(Double.init), y: curve.map { $0 * 100 })]))
  }
}

/// `plot thresholds`: accuracy and decision time over whole thresholds of one layer.
struct PlotThresholds: SubjectPlot {
  var data: DatasetArgument?, part: Part?, layer = "", values: [Int] = [], frame = PlotFrame()
  static let manual = Manual(
    "plot thresholds",
    "Shows tied and strict accuracy, and the mean decision time, over whole thresholds of one binary layer.",
    reference: "arXiv 2007.04039", examples: ["\(Example.trained) | plot thresholds layer=neuron2"])
  static let plotSettings: [Setting<Self>] = [
    .data, .part, Setting("layer", \.layer, "Layer of neurons; the output by default.", form: .layer),
    Setting("values", \.values, "Thresholds tried; a dozen around the present one by default.", in: 1...1e6),
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let subject = try Subject(input, data: data, part: part, context), l = try subject.layer(layer)
    guard case .at(let present) = subject.execution.layers[l].firing else {
      throw Diagnostic("capability", "whole thresholds are those of binary layers; this one has real weights")
    }
    let middle = Int(present), gap = max(1, middle / 8)
    let tried = values.isEmpty ? Array(Set((-6...6).map { max(1, middle + $0 * gap) })).sorted() : values.sorted()
    var strict: [Double] = [], tied: [Double] = [], times: [Double] = []
    for n in tried {
      if context.isInterrupted() { break }
      let outcomes = subject.execution.with(threshold: n, of: l).outcomes(
        subject.indices, subject.part, of: subject.data)
      let count = Double(max(1, outcomes.count))
      strict.append(100 * Double(outcomes.count(where: \.isCorrect)) / count)
      tied.append(100 * Double(outcomes.count(where: \.labelAmongFirst)) / count)
      times.append(Double(outcomes.reduce(0) { $0 + ($1.decisionTime ?? subject.execution.steps) }) / count)
    }
    let x = tried.prefix(strict.count).map(Double.init), now = Mark.rule(x: Double(middle), label: "present")
    let axis = Axis("threshold of \(subject.execution.layers[l].name)", wholeNumbers: true)
    return Figure(stacked: [
      Panel(
        x: axis, y: Axis("accuracy", unit: "%"),
        marks: [
          .line(x: x, y: tied, label: "tied", style: .dashed, marker: .square),
          .line(x: x, y: strict, label: "strict", marker: .circle), now,
        ]),
      Panel(
        x: axis, y: Axis("mean decision (step)"),
        marks: [.line(x: x, y: times, marker: .circle), .rule(x: Double(middle))], share: 0.6),
    ])
  }
}

extension SingleSpikeExecution {
  /// The same network with another whole threshold of one layer.
  func with(threshold n: Int, of layer: Int) -> SingleSpikeExecution {
    var layers = layers
    layers[layer].firing = .at(Int32(n))
    return SingleSpikeExecution(layers, like: self)
  }
  private init(_ layers: [Layer], like other: SingleSpikeExecution) {
    (self.layers, steps, dt, classes) = (layers, other.steps, other.dt, other.classes)
    (options, ties) = (other.options, other.ties)
  }
}

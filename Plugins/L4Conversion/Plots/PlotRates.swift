internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// Measured rates beside the activations they stand for, layer by layer.
private struct Rates {
  /// [layer][sample × neuron]
  var expected: [[Double]], measured: [[Double]], names: [String]

  init(_ subject: Subject, _ context: Context) throws {
    let runs = subject.execution.runs(
      subject.indices, subject.part, of: subject.data, keepingCounts: true, keepingAnswers: false)
    let shown = Array(subject.indices.prefix(runs.count))
    expected = try subject.equivalent(context).rates(shown, subject.part, of: subject.data)
    names = subject.populations.map(\.name)
    measured = names.indices.map { l in
      runs.flatMap { run in run.counts[l].map { Double($0) / Double(max(1, run.exit ?? subject.execution.steps)) } }
    }
  }
  func correlation(_ l: Int) -> Double { Agreement.correlation(expected[l], measured[l]) }
}

/// `plot rates`: firing rate against activation, one dot per neuron and sample.
struct PlotRates: ConvertedPlot {
  var data: DatasetArgument?, part: Part?, steps: Int?, samples = 20, points = 3000, frame = PlotFrame()
  static let manual = Manual(
    "plot rates", "Shows the firing rate of every neuron against the activation it stands for, layer by layer.",
    reference: "B. Rueckauer et al., Front. Neurosci. 11:682, 2017, doi:10.3389/fnins.2017.00682",
    details:
      "Activations are in spikes per step; above 1 a neuron saturates. r is Pearson's correlation over all neurons and samples.",
    examples: ["\(Example.model) | convert robust steps=50 | plot rates"])
  static let plotSettings: [Setting<Self>] =
    Setting.shown + [
      Setting("samples", \.samples, "Samples looked at.", in: 1...1e6),
      Setting("points", \.points, "Most dots drawn per layer, evenly chosen.", in: 10...1e6),
    ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let subject = try Subject(self, input, context, samples: samples)
    defer { context.surroundings.progress(nil) }
    let rates = try Rates(subject, context)
    let panels = rates.names.indices.map { l in
      let every = max(1, rates.expected[l].count / points)
      let chosen = Swift.stride(from: 0, to: min(rates.expected[l].count, rates.measured[l].count), by: every)
      let x = chosen.map { rates.expected[l][$0] }, y = chosen.map { rates.measured[l][$0] }
      let end = max(x.max() ?? 1, y.max() ?? 1, 1e-9)
      return Panel(
        title: "\(rates.names[l]): r = \(Quantity(rates.correlation(l)).written(digits: 4))",
        x: Axis("activation", unit: "spikes per step"), y: Axis("rate", unit: "spikes per step"),
        marks: [
          .line(x: [0, end], y: [0, end], style: .dashed, tint: .muted), .scatter(x: x, y: y, tint: .palette(0)),
        ])
    }
    return Figure(
      panels: panels, columns: min(2, panels.count),
      size: Figure.Size(width: 800, height: 400 * Double((panels.count + 1) / 2)))
  }
}

/// `plot correlation`: how well rates follow activations, against time.
struct PlotCorrelation: ConvertedPlot {
  var data: DatasetArgument?, part: Part?, steps: Int?, samples = 20, frame = PlotFrame()
  static let manual = Manual(
    "plot correlation", "Draws the correlation of rates and activations of every layer against the length of the run.",
    examples: ["\(Example.model) | convert robust steps=50 | plot correlation"])
  static let plotSettings: [Setting<Self>] =
    Setting.shown + [Setting("samples", \.samples, "Samples looked at.", in: 1...1e6)]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    var plot = self
    let longest = try Subject(self, input, context, samples: samples)
    defer { context.surroundings.progress(nil) }
    let times = Self.times(longest.execution.steps)
    var curves = [[Double]](repeating: [], count: longest.populations.count)
    for time in times {
      plot.steps = time
      let rates = try Rates(try Subject(plot, input, context, samples: samples), context)
      for l in curves.indices { curves[l].append(rates.correlation(l)) }
      if context.isInterrupted() { break }
    }
    return Figure(
      Panel(
        x: Axis("step", scale: .logarithmic, wholeNumbers: true), y: Axis("correlation of rate and activation"),
        marks: zip(longest.populations, curves).map {
          .line(x: times.prefix($1.count).map(Double.init), y: $1, label: $0.name, marker: .circle)
        }))
  }
  /// 1, 2, 5, 10, … and the end.
  static func times(_ steps: Int) -> [Int] {
    var result: [Int] = [], power = 1
    while power <= steps {
      result += [power, 2 * power, 5 * power].filter { $0 < steps }
      power *= 10
    }
    return result + [steps]
  }
}

/// `plot spike-counts`: how often neurons spike in a run, layer by layer.
struct PlotSpikeCounts: ConvertedPlot {
  var data: DatasetArgument?, part: Part?, steps: Int?, samples = 100, bins = 50, frame = PlotFrame()
  static let manual = Manual(
    "plot spike-counts", "Counts how often neurons spike in a run; silent ones stand apart.",
    details: "The titles tell the share of neurons and samples that are silent, and that spike in every step.",
    examples: ["\(Example.model) | convert robust steps=50 | plot spike-counts"])
  static let plotSettings: [Setting<Self>] =
    Setting.shown + [
      Setting("samples", \.samples, "Samples looked at.", in: 1...1e6),
      Setting("bins", \.bins, "Most intervals.", in: 1...1000),
    ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let subject = try Subject(self, input, context, samples: samples)
    defer { context.surroundings.progress(nil) }
    let runs = subject.execution.runs(
      subject.indices, subject.part, of: subject.data, keepingCounts: true, keepingAnswers: false)
    let steps = subject.execution.steps
    let panels = subject.populations.enumerated().map { l, layer in
      let counts = runs.flatMap { run in run.counts[l].map(Int.init) }, n = Double(max(1, counts.count))
      let silent = counts.count { $0 == 0 }, saturated = counts.count { $0 >= steps }
      let most = Double(max(steps, counts.max() ?? 0))
      var histogram = Histogram(
        of: counts.filter { $0 > 0 }.map(Double.init), bins: min(bins, Int(most)), in: 0.5...most + 0.5)
      histogram.extra = Histogram.Extra("silent", count: Double(silent))
      func percent(_ count: Int) -> String { Quantity(100 * Double(count) / n).written(digits: 3) + "%" }
      return Panel(
        title: "\(layer.name): \(percent(silent)) silent, \(percent(saturated)) saturated",
        x: Axis("spikes in \(steps) steps"), y: Axis("neurons × samples"), marks: [.histogram(histogram)])
    }
    return Figure(
      panels: panels, columns: min(2, panels.count),
      size: Figure.Size(width: 800, height: 400 * Double((panels.count + 1) / 2)))
  }
}

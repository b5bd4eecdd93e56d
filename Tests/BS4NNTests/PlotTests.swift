import Compute
import Datasets
import Foundation
import Plotting
import Spiking
import Testing

@testable import BS4NN
@testable import Engine

/// Every plot of the plugin on a small trained model; pictures go to the folder SOMA_PLOTS where it is set.
@Suite struct PlotTests {
  static let context = Context(
    settings: SessionSettings(), machine: Machine(), registry: Registry(), random: RandomStream(seed: 1),
    surroundings: Surroundings(write: { _ in }, writeError: { _ in }))

  private func trained(isBinary: Bool = true) throws -> Model {
    let data = try EncodedData(
      Glyphs(difficulty: 0.5, train: 600, test: 200).dataset(seed: 1), TimeToFirstSpike(), seed: 1, dt: .ms(1))
    let model = try network(data, [80, 10], isBinary: isBinary), run = TrainingRun(machine: Machine())
    if isBinary { return try BS4NN().applying([("epochs", .quantity(Quantity(6)))]).train(model, on: data, run) }
    return try S4NN().applying([("epochs", .quantity(Quantity(6)))]).train(model, on: data, run)
  }
  private func draw<P: Plot>(_ plot: P, _ name: String, _ model: Model) throws -> Figure {
    let figure = try plot.figure(of: .model(model), Self.context)
    #expect(!figure.panels.isEmpty && !figure.text(TextOptions(width: 80, style: .braille)).isEmpty)
    let folder = ProcessInfo.processInfo.environment["SOMA_PLOTS"] ?? ""
    if !folder.isEmpty { try Data(figure.png()).write(to: URL(filePath: "\(folder)/\(name).png")) }
    return figure
  }

  @Test func allPlots() throws {
    let folder = ProcessInfo.processInfo.environment["SOMA_PLOTS"] ?? ""
    var model = try trained()
    if !folder.isEmpty, let mnist = try Files.data(.mnist, for: "pictures"),
      let released = try Released.model(on: mnist)
    {
      model = released
    }
    for (name, plot) in try Self.plots() { _ = try draw(plot, name, model) }
    _ = try draw(PlotWeights(), "weights", try trained())
    _ = try draw(
      try PlotWeights().applying([("latent", .flag(true)), ("count", .quantity(Quantity(8)))]), "weights-latent",
      try trained())
    _ = try draw(PlotWeightHistogram(), "weight-histogram", try trained())
  }
  private static func plots() throws -> [(String, any Plot)] {
    [
      ("staircase", PlotStaircase()),
      (
        "staircase-hidden",
        try PlotStaircase().applying([
          ("layer", .text("neuron1")), ("neurons", .list([.quantity(Quantity(3)), .quantity(Quantity(17))])),
        ])
      ),
      ("first-spikes", PlotFirstSpikes()), ("firing-times", PlotFiringTimes()), ("deadline", PlotDeadline()),
      ("thresholds", PlotThresholds()),
    ]
  }

  // MARK: What they show

  private func execution(_ model: Model) throws -> SingleSpikeExecution {
    try #require(SingleSpikeExecution(model, ExecutionOptions(machine: Machine()), ties: .potential))
  }
  private func outcomes(_ model: Model) throws -> [Spiking.Outcome] {
    try execution(model).outcomes(Array(0..<200), .test, of: try #require(model.data))
  }
  private func series(_ panel: Panel) -> [Series] {
    panel.marks.compactMap { if case .series(let series) = $0 { series } else { nil } }
  }
  private func rules(_ panel: Panel, _ direction: Rule.Direction) -> [Rule] {
    panel.marks.compactMap { if case .rule(let rule) = $0, rule.direction == direction { rule } else { nil } }
  }
  private func histogram(_ panel: Panel) throws -> Histogram {
    try #require(panel.marks.compactMap { if case .histogram(let histogram) = $0 { histogram } else { nil } }.first)
  }

  /// Potentials are whole sums of signs, the decision is one step after the first of them to reach the threshold.
  @Test(arguments: [0, 3, 11]) func staircaseShowsTheDecision(_ sample: Int) throws {
    let model = try trained(), outcome = try outcomes(model)[sample], layer = try execution(model).layers[1]
    guard case .at(let threshold) = layer.firing else {
      Issue.record("a whole threshold")
      return
    }
    let all = (0..<10).map { Argument.quantity(Quantity(Double($0))) }
    let plot = try PlotStaircase().applying([("sample", .quantity(Quantity(Double(sample)))), ("neurons", .list(all))])
    let panel = try #require(plot.figure(of: .model(model), Self.context).panels.first)
    #expect(rules(panel, .horizontal).map(\.value) == [Double(threshold)])
    #expect(rules(panel, .vertical).map(\.value) == [outcome.decisionTime.map(Double.init)].compactMap { $0 })
    let curves = series(panel)
    #expect(curves.count == 10 && curves.allSatisfy { $0.connection == .steps && $0.x.count == 256 })
    for value in curves.flatMap(\.y) { #expect(abs(value - value.rounded()) < 1e-3) }
    let crossings = curves.compactMap { $0.y.firstIndex { $0 > Double(threshold) - 0.5 } }.filter { $0 < 255 }
    #expect(crossings.min().map { $0 + 1 } == outcome.decisionTime)
    if let first = crossings.min(), let answer = outcome.answer {
      #expect(curves[answer].y[first] == curves.map { $0.y[first] }.max())
    }
  }
  /// Every sample is counted once, in the panel of its class.
  @Test func firstSpikesCountEverySample() throws {
    let model = try trained(), outcomes = try outcomes(model)
    let apart = try PlotFirstSpikes().figure(of: .model(model), Self.context)
    #expect(apart.panels.count == 10 && apart.columns == 2)
    for (c, panel) in apart.panels.enumerated() {
      let histogram = try histogram(panel), own = outcomes.filter { $0.label == c }
      #expect(histogram.counts.reduce(0, +) == Double(own.count { $0.decisionTime != nil }))
      #expect(histogram.extra?.count == Double(own.count(where: \.isSilent)))
      #expect(
        panel.title == "class \(model.data?.dataset.classes[c] ?? "")" && panel.y.range == apart.panels[0].y.range)
    }
    let together = try histogram(
      try PlotFirstSpikes().applying([("together", .flag(true))]).figure(of: .model(model), Self.context).panels[0])
    #expect(together.counts.reduce(0, +) + (together.extra?.count ?? 0) == 200 && together.counts.count == 64)
    for (k, count) in together.counts.enumerated() {
      let inside = outcomes.count { $0.decisionTime.map { $0 / 4 == k } ?? false }
      #expect(count == Double(inside))
    }
  }
  /// Rows are classes, columns outputs; the right output is the earliest of its row on the whole.
  @Test func firingTimesAreMeans() throws {
    let model = try trained(), data = try #require(model.data)
    let panel = try PlotFiringTimes().figure(of: .model(model), Self.context).panels[0]
    guard case .matrix(let matrix)? = panel.marks.first else {
      Issue.record("a matrix")
      return
    }
    #expect(matrix.rows == 10 && matrix.columns == 10)
    let labels = data.labels(Array(0..<200), .test), run = try execution(model)
    var sum = 0.0, count = 0.0
    for (sample, label) in labels.enumerated() where label == 4 {
      let last = try #require(run.record(sample, .test, of: data).layers.last)
      sum += Double(last.spikes.firstSpikes.times[7])
      count += 1
    }
    #expect(count > 0 && abs(matrix.values[4 * 10 + 7] - sum / count) < 1e-9)
    let onDiagonal = (0..<10).count { row in
      let times = Array(matrix.values[row * 10..<row * 10 + 10])
      return times.min() == times[row]
    }
    #expect(onDiagonal >= 8)
  }
  /// The last point is the accuracy; what was right when it fired stays right.
  @Test func deadlineEndsAtTheAccuracy() throws {
    let model = try trained(), outcomes = try outcomes(model)
    let curve = try #require(series(try PlotDeadline().figure(of: .model(model), Self.context).panels[0]).first)
    let accuracy = Double(outcomes.count(where: \.isCorrect)) / 200 * 100
    #expect(curve.x == (0..<256).map(Double.init) && abs((curve.y.last ?? 0) - accuracy) < 1e-9)
    for (step, share) in curve.y.enumerated() {
      let decided = outcomes.count { $0.isCorrect && ($0.decisionTime ?? 256) <= step }
      #expect(share >= Double(decided) / 2 - 1e-9, "step \(step)")
    }
    #expect((curve.y.first ?? 100) < accuracy)
  }
  @Test func thresholdsAgreeWithTheModelAtThePresentOne() throws {
    let model = try trained(), outcomes = try outcomes(model), layer = try execution(model).layers[1]
    guard case .at(let present) = layer.firing else { return }
    let panels = try PlotThresholds().figure(of: .model(model), Self.context).panels
    let curves = series(panels[0]), times = try #require(series(panels[1]).first)
    #expect(rules(panels[0], .vertical).map(\.value) == [Double(present)])
    let place = try #require(curves[1].x.firstIndex(of: Double(present)))
    #expect(curves[0].y[place] == Double(outcomes.count(where: \.labelAmongFirst)) / 2)
    #expect(curves[1].y[place] == Double(outcomes.count(where: \.isCorrect)) / 2)
    #expect(zip(curves[0].y, curves[1].y).allSatisfy { $0 >= $1 })
    #expect(times.y[place] == Double(outcomes.reduce(0) { $0 + ($1.decisionTime ?? 256) }) / 200)
    // Higher thresholds are reached later.
    #expect(zip(times.y, times.y.dropFirst()).allSatisfy { $0 <= $1 })
  }
  @Test func weightsAreThoseOfTheLayer() throws {
    let model = try trained(), weights = try #require(model.parameters?["dense1.weight"])
    for (isLatent, key) in [(false, "black +1, white −1"), (true, "blue −")] {
      let plot = try PlotWeights().applying([
        ("latent", .flag(isLatent)), ("neurons", .list([.quantity(Quantity(3)), .quantity(Quantity(79))])),
      ])
      let panel = try plot.figure(of: .model(model), Self.context).panels[0]
      guard case .images(let images)? = panel.marks.first else {
        Issue.record("pictures")
        return
      }
      #expect(images.images.map(\.caption) == ["3", "79"])
      #expect(panel.title.contains("2 of 80 neurons, \(key)"), "\(panel.title)")
      for (image, j) in zip(images.images, [3, 79]) {
        let expected = (0..<784).map { i -> Double in
          let w = Double(weights[i * 80 + j])
          return isLatent ? w : w < 0 ? -1 : 1
        }
        #expect(image.values == expected && image.width == 28 && image.height == 28)
      }
    }
    let panel = try PlotWeightHistogram().figure(of: .model(model), Self.context).panels[0]
    #expect(try histogram(panel).counts.reduce(0, +) == Double(784 * 80))
    #expect(rules(panel, .vertical).map(\.value) == [0])
  }
  @Test func realWeights() throws {
    let model = try trained(isBinary: false)
    _ = try draw(PlotStaircase(), "staircase-s4nn", model)
    _ = try draw(PlotWeights(), "weights-s4nn", model)
    #expect(throws: (any Error).self) { try PlotThresholds().figure(of: .model(model), Self.context) }
  }
  @Test func wrongChoicesAreDiagnosed() throws {
    let model = try trained()
    func refuses<P: Plot>(_ plot: P) -> Bool { (try? plot.figure(of: .model(model), Self.context)) == nil }
    #expect(refuses(try PlotStaircase().applying([("sample", .quantity(Quantity(100_000)))])))
    #expect(refuses(try PlotStaircase().applying([("layer", .text("nowhere"))])))
    #expect(refuses(try PlotWeights().applying([("neurons", .quantity(Quantity(1000)))])))
    #expect(refuses(try PlotWeightHistogram().applying([("layer", .text("neuron1"))])))
  }
  /// Defaults learn the built-in glyphs, for few and more samples and neurons.
  @Test(arguments: [(200, 100), (1600, 100), (200, 600), (1600, 600)]) func glyphsAreLearnt(
    _ samples: Int, _ hidden: Int
  ) throws {
    let data = try EncodedData(
      Glyphs(difficulty: 0.5, train: samples, test: 300).dataset(seed: 2), TimeToFirstSpike(), seed: 1, dt: .ms(1))
    for isBinary in [true, false] {
      let model = try network(data, [hidden, 10], isBinary: isBinary), run = TrainingRun(machine: Machine())
      let ten: [(name: String, argument: Argument)] = [("epochs", .quantity(Quantity(10)))]
      let result =
        isBinary
        ? try BS4NN().applying(ten).train(model, on: data, run) : try S4NN().applying(ten).train(model, on: data, run)
      let execution = try #require(SingleSpikeExecution(result, ExecutionOptions(machine: Machine()), ties: .potential))
      let accuracy = execution.evaluation(Array(0..<300), .test, of: data).accuracy
      #expect(accuracy > 0.85, "binary \(isBinary): \(accuracy)")
    }
  }
  @Test func pluginRegisters() throws {
    var registry = Registry()
    try registry.add(BS4NNPlugin.self)
    for name in ["neuron if-once", "encode ttfs", "train s4nn", "train bs4nn", "plot staircase", "plot deadline"] {
      #expect(!registry.declarations(name).isEmpty, "\(name)")
    }
    #expect(registry.executors.map(\.kind) == ["single-spike", "single-spike-lowest"])
  }
}

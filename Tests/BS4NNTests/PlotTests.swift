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
    _ = try draw(PlotStaircase(), "staircase", model)
    _ = try draw(
      try PlotStaircase().applying([
        ("layer", .text("neuron1")), ("neurons", .list([.quantity(Quantity(3)), .quantity(Quantity(17))])),
      ]), "staircase-hidden", model)
    _ = try draw(PlotFirstSpikes(), "first-spikes", model)
    _ = try draw(PlotFiringTimes(), "firing-times", model)
    _ = try draw(PlotDeadline(), "deadline", model)
    _ = try draw(PlotThresholds(), "thresholds", model)
    _ = try draw(PlotWeights(), "weights", try trained())
    _ = try draw(
      try PlotWeights().applying([("latent", .flag(true)), ("count", .quantity(Quantity(8)))]), "weights-latent",
      try trained())
    _ = try draw(PlotWeightHistogram(), "weight-histogram", try trained())
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

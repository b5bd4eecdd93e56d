import Testing

@testable import Engine

/// What the language's own scripts ask of training.
@Suite struct ScriptTrainingTests {
  /// Leaky neurons fire within a few steps from the start, so that there is something to learn from.
  @Test(arguments: ["bernoulli", "regular"], [20, 50, 100]) func leakyNeuronsFireInTheFirstEpoch(
    _ encoder: String, _ width: Int
  ) throws {
    let lab = try Lab()
    lab.run(
      "let report = data glyphs | encode \(encoder) steps=5 | mlp \(width) 10 neuron=lif | train bptt epochs=1 | evaluate"
    )
    let accuracy = try #require(Double(lab.run("report.accuracy").split(separator: "\n").last ?? ""))
    #expect(accuracy > 0.11, "\(accuracy)")
    let silent = Double(lab.run("report.silent").split(separator: "\n").last ?? "") ?? 0
    #expect(silent < 0.2, "\(silent)")
  }
}

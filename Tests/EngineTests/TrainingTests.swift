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

extension ScriptTrainingTests {
  /// What is proposed exists: neurons that fire once have no time constant.
  @Test func silenceIsExplainedByWhatThereIs() throws {
    let lab = try Lab(), net = "data glyphs samples=40 | encode ttfs | mlp 8 10 neuron=(neuron if-once threshold=1e6)"
    lab.run("let net = \(net) | train s4nn epochs=1 rates=0 start=1;")
    let told = lab.run("net | evaluate")
    #expect(told.contains("= help: a smaller threshold, more steps or longer training lets spikes through"), "\(told)")
  }
}

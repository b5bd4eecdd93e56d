import Testing

/// What pictures of spikes say about themselves.
@Suite struct FigureTests {
  @Test func signsHaveAKey() throws {
    let lab = try Lab()
    let delta = lab.run("data glyphs samples=20 | encode delta | plot raster")
    #expect(delta.contains("+1") && delta.contains("−1"), "\(delta)")
    #expect(!lab.run("data glyphs samples=20 | encode ttfs | plot raster").contains("+1"))
  }
  @Test func rastersSayWhatTheirRowsAre() throws {
    let lab = try Lab()
    #expect(lab.run("data glyphs samples=20 | encode ttfs | plot raster").contains("by first spike"))
    #expect(!lab.run("data glyphs samples=20 | encode ttfs | plot raster order=number").contains("by first spike"))
  }
  /// A neuron that learns has no sample, and its current no spikes.
  @Test func recordingsWithoutASampleNameNone() throws {
    let lab = try Lab()
    for plot in ["raster", "membrane"] {
      let text = lab.run("neuron lif | stdp inputs=30 | plot \(plot)")
      #expect(!text.contains("sample") && !text.contains("input"), "\(text)")
    }
    #expect(
      lab.run("data glyphs samples=40 | encode ttfs | dense 30 | neuron if-once | probe sample=3 | plot raster")
        .contains(
          "sample 3"))
  }
  @Test func silenceIsSaid() throws {
    let lab = try Lab()
    let text = lab.run("neuron lif | drive current=0.1 | plot psth")
    #expect(text.contains("note[plot.silent]: no neuron of 'lif' spiked") && !text.contains("-0.5"), "\(text)")
    #expect(!lab.run("neuron lif | drive current=2 | plot psth").contains("plot.silent"))
  }
  /// Without colours every line of a figure has a pattern of its own.
  @Test func linesDifferWithoutColours() throws {
    let lab = try Lab()
    let phase = lab.run("neuron izhikevich | plot phase current=5")
    #expect(phase.contains("╌╌╌ dv/dt = 0") && phase.contains("··· du/dt = 0"), "\(phase)")
    let names = "abcdefgh".map(String.init)
    let lines = names.enumerated().map {
      "let \($1) = neuron lif tau=\(5 + 5 * $0)ms | plot fi current=0..3 by 0.5 for=200ms label=\"\($1)\""
    }
    let text = lab.run((lines + ["overlay " + names.joined(separator: " ")]).joined(separator: "\n"))
    for sample in ["─── a", "╌╌╌ b", "··· c", "─ · d", "┈┈┈ e", "┄┄┄ f", "─ ─ g", "· · h"] {
      #expect(text.contains(sample), "\(sample): \(text)")
    }
  }
  /// Outputs that are silent are told apart from samples without an answer.
  @Test func membranesThatAnswerAreNamed() throws {
    let lab = try Lab()
    let ann = "data glyphs samples=200 | dense 20 | relu | dense 10 | train backprop epochs=3"
    let text = lab.run("\(ann) | convert model steps=2 | evaluate")
    #expect(
      text.contains("the answers are those of the membranes") && !text.contains("nothing was answered"), "\(text)")
    #expect(!text.contains("tau"))
    let silent = lab.run(
      "data glyphs samples=40 | encode bernoulli steps=2 rate=0.01 | dense 5 | neuron lif threshold=1000 | dense 10 | neuron lif threshold=1000 | evaluate"
    )
    #expect(silent.contains("nothing was answered"), "\(silent)")
  }
  @Test func otherActivationsPointToTheRectifier() throws {
    let lab = try Lab()
    for word in ["tanh", "sigmoid", "gelu"] {
      let text = lab.run("data glyphs samples=20 | dense 20 | \(word) | dense 10")
      #expect(text.contains("nothing is called '\(word)'") && text.contains("relu"), "\(text)")
    }
  }
}

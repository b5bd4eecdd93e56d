import Foundation
import Testing

/// Networks without spikes at the prompt: everything works on them, in words that fit them.
@Suite struct AnalogTests {
  private static let network =
    "data glyphs samples=200 | conv 4 kernel=5 padding=valid bias=false | batchnorm | relu | pool 2 | flatten | dropout 20% | dense 10"

  private func lab() throws -> Lab {
    let lab = try Lab()
    lab.run("set seed 3; let net = \(Self.network) | train backprop epochs=2 batch=20;")
    return lab
  }
  @Test func aReportTellsMultiplicationsAndNoSpikes() throws {
    let header = try lab().run("net | evaluate").split(separator: "\n").first.map(String.init) ?? ""
    #expect(
      header.split(separator: " ") == ["accuracy", "samples", "steps", "multiplications", "seconds"], "\(header)")
    let lab = try Lab()
    // 24 × 24 places of 25 taps in 4 channels, 576 inputs of 10 units.
    #expect(
      lab.run("\(Self.network) | evaluate | expect multiplications == 24 * 24 * 25 * 4 + 4 * 12 * 12 * 10;") == "")
  }
  @Test func activityTellsValues() throws {
    let lab = try lab(), rows = lab.run("net | activity").split(separator: "\n").map { $0.split(separator: " ") }
    #expect(rows.first == ["layer", "neurons", "mean", "sd", "largest", "zero", "silent"])
    #expect(
      rows.dropFirst().compactMap(\.first) == [
        "input", "conv1", "batchnorm1", "relu1", "pool1", "flatten1", "dropout1", "dense1",
      ])
    #expect(lab.run("let t = net | activity | where layer == relu1; expect min(t.zero) > 0.1;") == "")
    #expect(lab.run("expect min(t.mean) > 0; expect max(t.mean) < max(t.largest);") == "")
    #expect(lab.run("let o = net | operations; expect min(o.dense) > 0;") == "")
    #expect(lab.run("o").contains("additions") == false)
    #expect(lab.run("data glyphs samples=50 | encode ttfs | dense 10 | operations").contains("additions"))
  }
  @Test func spikesAreNotShownWhereThereAreNone() throws {
    let lab = try lab()
    for plot in ["membrane", "raster"] {
      #expect(
        lab.run("net | plot \(plot)").hasPrefix(
          "error[model.analog]: nothing spikes in this network: it computes with numbers\n"))
    }
  }
  @Test func lookingAndSaving() throws {
    let lab = try lab(), file = NSTemporaryDirectory() + "soma-tests-\(UUID().uuidString).soma-model"
    for look in [
      "predict | rows 0..2", "plot loss", "plot accuracy", "plot confusion", "plot weights layer=conv1",
      "plot weights layer=dense1", "layers",
    ] {
      let text = lab.run("net | \(look)")
      #expect(!text.isEmpty && !text.contains("error"), "\(look): \(text)")
    }
    #expect(lab.run("net | probe sample=3").contains("relu1.output"))
    lab.run("set precision 15; net | save \"\(file)\";")
    let other = try Lab()
    other.run("set seed 3; set precision 15; let net = load \"\(file)\";")
    for look in ["layers", "predict data=(data glyphs samples=200)", "weights dense1"] {
      #expect(lab.run("net | \(look)") == other.run("net | \(look)"))
    }
  }
  @Test func whatIsMissingIsToldBeforeAnythingRuns() throws {
    let lab = try Lab()
    let cases = [
      (
        "data glyphs | encode direct steps=2 | dense 10 | neuron lif | train backprop",
        "error[capability]: 'backprop' needs a true derivative; layer 'neuron1' (lif) has none",
        "trainers for it: bptt, hybrid"
      ),
      (
        "data glyphs | relu | train backprop",
        "error[capability]: 'backprop' needs values to learn; layer 'relu1' (relu) has none",
        ""
      ),
      (
        "data glyphs | dense 5 | train backprop",
        "error[shape.classes]: there are 10 classes, but the network has outputs for 5",
        "end it with a layer of 10, as in: dense 10"
      ),
      (
        "data glyphs | dense 10 | train backprop momentum=0.5",
        "error[setting.refused]: 'momentum': it belongs to optimiser=sgd", ""
      ),
    ]
    for (line, message, help) in cases {
      let text = lab.run(line)
      #expect(text.hasPrefix(message + "\n"), "\(text)")
      #expect(help.isEmpty || text.contains("= help: \(help)\n"), "\(text)")
    }
  }
}

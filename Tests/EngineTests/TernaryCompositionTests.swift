import Foundation
import Testing

@testable import Engine

/// Ternary populations behind spike codes and among neurons of other kinds, by the verbs that take them.
@Suite struct TernaryCompositionTests {
  static let networks = [
    (
      "first spikes",
      "encode ttfs steps=16 | dense 70 | batchnorm | neuron ternary amplitude=trainable | dense 10 | train bptt epochs=4"
    ),
    (
      "counts",
      "encode poisson steps=8 rate=0.5 | conv 8 kernel=3 | batchnorm | neuron ternary amplitude=channels | pool 2 | dense 70 | batchnorm | neuron lif tau=2ms | dense 10 | train bptt epochs=4"
    ),
    (
      "mixed",
      "encode bernoulli steps=5 | conv 8 kernel=3 | batchnorm | neuron ternary spikes=binary amplitude=trainable | residual { | conv 8 kernel=3 | batchnorm } | neuron ternary amplitude=trainable | pool 2 kind=maximum | dense 64 | batchnorm | neuron lif tau=2ms | dense 70 | batchnorm | neuron ternary | dense 10 | train bptt epochs=4"
    ),
  ]
  /// Trained well above chance, folded without a change of answers, costed and drawn.
  @Test(arguments: networks) func compose(_ network: (name: String, line: String)) throws {
    let lab = try Lab()
    lab.run("set seed 1; let net = data glyphs | take train=400 test=100 | \(network.line);")
    #expect(lab.run("let e = net | evaluate; expect e.accuracy > 0.6;") == "")
    let answers = lab.run("net | predict | select answer")
    #expect(answers.contains("answer") && lab.run("net | fold | predict | select answer") == answers)
    #expect(lab.run("let o = net | operations samples=5; expect min(o.dense) > 0; expect max(o.additions) > 0;") == "")
    #expect(lab.run("let a = net | activity samples=5; expect max(a.rate) <= 1;") == "")
    let folder = FileManager.default.temporaryDirectory
    for plot in [
      "raster sample=1", "entropy samples=3", "membrane-histogram samples=3", "gradients samples=5", "credit samples=3",
      "amplitudes", "membrane sample=1 layer=neuron1", "psth sample=1 layer=neuron1",
    ] {
      let file = folder.appending(path: "\(UUID()).png").path
      defer { try? FileManager.default.removeItem(atPath: file) }
      #expect(lab.run("net | plot \(plot) to=\"\(file)\"").hasPrefix("wrote "), "\(plot)")
    }
  }
  /// Behind times of first spikes, where hardly anything arrives in a step, the first layer runs by additions; so does what
  /// reads few spikes in a mixed network, each layer by itself.
  @Test func formsAreChosenLayerByLayer() throws {
    let lab = try Lab()
    lab.run(
      "let o = data glyphs | take train=50 test=20 | encode ttfs steps=32 | dense 200 | neuron ternary | dense 128 | neuron lif | dense 10 | operations samples=5;"
    )
    lab.run("let first = o | where layer == dense1; let last = o | where layer == dense3;")
    #expect(lab.run("expect sum(first.added) > 0.9; expect sum(last.added) == 0;") == "")
  }
}

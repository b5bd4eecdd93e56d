import Spiking
import Testing

@testable import TernarySpike

/// What ternary networks cost, at the prompt.
@Suite struct OperationTests {
  struct Numbers: Decodable {
    struct Counts: Decodable {
      var forward_naive: Int, forward_shared: Int, train_naive: Int, train_shared: Int, lif_updates: Int
    }
    var macs: [String: Counts]
  }
  static let networks = [
    ("mlp_784_512_10", "dense 512 | neuron ternary | dense 10", "dense1", "dense2"),
    (
      "conv_28x28",
      "conv 32 kernel=3 | batchnorm | neuron ternary | pool 2 | conv 64 kernel=3 | batchnorm | neuron ternary | pool 2 | dense 128 | neuron ternary | dense 10",
      "conv1", "dense2"
    ),
  ]
  /// The published way of counting: weights on the padding count; as it comes everything runs at every step, and shared the
  /// first layer, which reads a still image, and the last, which reads the mean, run once. Training takes as much again for
  /// the gradient of the weights and for that of the input, which the first layer does not need.
  @Test(arguments: networks, [1, 2, 4])
  func goldenCounts(_ network: (String, String, String, String), _ steps: Int) throws {
    let (name, layers, first, last) = network, lab = try Lab()
    let golden = try #require(try Golden.read(Numbers.self, "numbers").macs["\(name)_T\(steps)"])
    #expect(
      lab.run(
        """
        let o = data glyphs | take train=10 test=2 | encode direct steps=\(steps) | \(layers) | operations padding=counted samples=1;
        let first = o | where layer == \(first);
        let last = o | where layer == \(last);
        let once = sum(o.dense); let again = \(steps - 1) * (once - sum(first.dense) - sum(last.dense));
        expect \(steps) * once == \(golden.forward_naive);
        expect once + again == \(golden.forward_shared);
        expect 3 * \(steps) * once - \(steps) * sum(first.dense) == \(golden.train_naive);
        expect 3 * (once + again) - sum(first.dense) == \(golden.train_shared);
        expect sum(o.comparisons) == 2 * \(golden.lif_updates);
        expect sum(o.multiplications) == sum(first.dense);
        """) == "")
  }
  /// A still image that is not shared is multiplied at every step, and nothing else changes.
  @Test func sharedImages() throws {
    let lab = try Lab(), data = "data glyphs | take train=60 test=30"
    for (name, shared) in [("once", "true"), ("often", "false")] {
      lab.run(
        "set seed 1; let \(name) = \(data) | encode direct steps=3 shared=\(shared) | conv 4 | batchnorm | neuron ternary amplitude=trainable | dense 10 | train bptt epochs=2 batch=20;"
      )
    }
    #expect(lab.run("once | predict | select answer") == lab.run("often | predict | select answer"))
    lab.run("let a = once | operations; let b = often | operations;")
    #expect(lab.run("expect 3 * sum(a.multiplications) == sum(b.multiplications);") == "")
    // A spike at the very threshold may fall to the other side.
    #expect(lab.run("expect abs(sum(a.additions) / sum(b.additions) - 1) < 0.01;") == "")
    let (a, b) = (try #require(lab.model("once")?.parameters), try #require(lab.model("often")?.parameters))
    for (x, y) in zip(a["dense1.weight"], b["dense1.weight"]) { #expect(abs(x - y) < 1e-3) }
  }
  /// Without the padding a 3×3 kernel on 28×28 has 28·28·9 − 2·(2·28·3) + 4 weights a pair of channels; a spike in the middle
  /// costs nine additions a channel either way.
  @Test func paddingIsSkipped() throws {
    let lab = try Lab()
    lab.run(
      "let net = data glyphs | take train=10 test=2 | encode direct | conv 32 kernel=3 | neuron ternary | conv 8 kernel=5;"
    )
    #expect(
      lab.run("let a = net | operations samples=1 | where layer == conv1; expect sum(a.dense) == 32 * 6724;") == "")
    #expect(
      lab.run(
        "let b = net | operations samples=1 padding=counted | where layer == conv1; expect sum(b.dense) == 32 * 7056;")
        == "")
    lab.run("let a = net | operations samples=1 | where layer == conv2;")
    lab.run("let b = net | operations samples=1 padding=counted | where layer == conv2;")
    lab.run("let c = net | operations samples=1 | where layer == conv1;")
    // Every spike reaches 25 places of 8 channels where nothing is cut off.
    #expect(
      lab.run("expect sum(b.additions) == 200 * sum(c.spikes); expect sum(a.additions) <= sum(b.additions);") == "")
  }
  /// The twin has the same weights and no negative spikes: it is the binary network of the same seed.
  @Test func binaryTwin() throws {
    let lab = try Lab(), data = "data glyphs | take train=10 test=5 | encode direct steps=3"
    lab.run("let ternary = \(data) | dense 200 | neuron ternary | dense 10 | operations;")
    lab.run("let binary = \(data) | dense 200 | neuron ternary spikes=binary | dense 10 | operations;")
    #expect(lab.run("expect sum(ternary.binary_additions) == sum(binary.additions);") == "")
    #expect(lab.run("expect sum(binary.additions) < sum(ternary.additions);") == "")
    #expect(lab.run("expect abs(sum(ternary.binary_energy) / sum(binary.energy) - 1) < 0.000001;") == "")
    #expect(!lab.run("binary").contains("binary_additions"))
  }
  /// The table tells which form the layers took.
  @Test func additionsAreTold() throws {
    let lab = try Lab()
    let sparse = "data glyphs | take train=10 test=5 | encode latency steps=64 | dense 600 | neuron ternary | dense 10"
    #expect(
      lab.run("let o = \(sparse) | operations; let first = o | where layer == dense1; expect sum(first.added) > 0.9;")
        == "")
    #expect(
      lab.run(
        "let o = data glyphs | take train=10 test=5 | encode direct | dense 600 | neuron ternary | dense 10 | operations; let last = o | where layer == dense2; expect sum(last.added) == 0;"
      ) == "")
  }
}

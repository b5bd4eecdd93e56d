import Foundation
import Testing

/// `stdp` and the plots of single neurons, at the prompt.
@Suite struct PlasticityCommandTests {
  /// The window that is measured is the one that is written: Δw = A₊e^(−Δt/τ₊), −A₋e^(Δt/τ₋).
  @Test func theWindowIsTheRule() throws {
    let lab = try Lab(), file = NSTemporaryDirectory() + "soma-stdp-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: file) }
    lab.run(
      "let r = neuron lif | stdp inputs=5 window=40ms growth=0.02 shrinkage=0.01 tau-before=10ms tau-after=30ms; r | save \"\(file)\";"
    )
    let rows = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",").map(String.init)
    }
    let names = rows[0], last = try #require(rows.last)
    let changes = try (0..<5).map { k -> Double in
      let column = try #require(names.firstIndex(of: "synapses.weight.\(k)"))
      return (Double(last[column]) ?? 0) - 0.5
    }
    let expected: [Double] = [0.02 * exp(-4.0), 0.02 * exp(-2.0), 0, -0.01 * exp(-2.0 / 3), -0.01 * exp(-4.0 / 3)]
    for (a, b) in zip(changes, expected) { #expect(abs(a - b) < 1e-9) }
  }
  @Test func poissonInputsCompete() throws {
    let lab = try Lab()
    let text = lab.run("neuron lif | stdp protocol=poisson inputs=20 for=1s gain=4 | measure")
    #expect(text.contains("spikes"))
    #expect(lab.run("neuron lif | stdp protocol=poisson for=1s | plot stdp").contains("error[plot.pairs]"))
  }
  @Test func whatCannotBeShownIsTold() throws {
    #expect(
      try Lab().run("neuron lif | plot phase").contains(
        "error[capability]: 'plot phase' needs a neuron of two variables"))
    #expect(try Lab().run("neuron lif | drive current=2 | plot stdp").contains("error[plot.synapses]"))
    #expect(try Lab().run("neuron lif | drive current=0.1 | plot isi").contains("no neuron of 'lif' spiked twice"))
    #expect(try Lab().run("neuron lif | stdp current=0.1").contains("does not make 'lif' spike"))
    #expect(
      try Lab().run("neuron lif | drive current=2nA").contains(
        "error[unit.unexpected]: 'current' is a number without unit, '2nA' is a current"))
    #expect(try Lab().run("neuron adex | drive current=2mV").contains("'adex' takes a number, in pA, not a voltage"))
    #expect(
      try Lab().run("data glyphs samples=20 | encode ttfs | decode").contains("the code 'ttfs' cannot be read back"))
  }
  @Test func currentsHaveUnits() throws {
    let lab = try Lab()
    #expect(
      lab.run("neuron adex | drive current=1nA for=100ms | measure")
        == lab.run("neuron adex | drive current=1000 for=100ms | measure"))
  }
}

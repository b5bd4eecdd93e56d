import Accelerated
import Compute
import Spiking
import TestSupport
import Testing

@testable import Engine
@testable import TernarySpike

/// `plot credit`.
@Suite struct CreditTests {
  /// The factors are those of the membranes of every step but the last, and at most τ in size.
  @Test func factorsOfMembranes() throws {
    let lab = try Lab()
    lab.run(
      "let net = data glyphs | take train=20 test=6 | encode direct steps=4 | dense 30 | neuron ternary decay=0.5 threshold=0.2 | dense 5;"
    )
    let ready = try #require(lab.model("net")).initialised(seed: 1), data = try #require(ready.data)
    var plot = PlotCredit()
    plot.samples = 3
    let layers = try plot.factors(ready, data, context(lab))
    #expect(layers.map(\.name) == ["neuron1"] && layers[0].decay == 0.5 && layers[0].factors.count == 3 * 3 * 30)
    let execution = try #require(
      ClockedExecutor().prepare(ready, ExecutionOptions(machine: Machine(backend: Native()))))
    let membranes = try #require(execution.record(2, .test, of: data)["neuron1"]?["m"]).values.prefix(90)
    let expected = membranes.map { m in abs(m) < 0.2 ? 0.5 : abs(m) <= 0.4 ? -0.5 * abs(m) / 0.4 : 0 }
    for (a, b) in zip(layers[0].factors.suffix(90), expected) { #expect(abs(a - b) < 1e-5) }
    #expect(Set(layers[0].factors.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }) == [1, -1, 0])
  }
  private func context(_ lab: Lab) -> Context {
    Context(
      settings: SessionSettings(), machine: Machine(backend: Native()), registry: lab.session.registry,
      random: RandomStream(seed: 1), surroundings: Surroundings(write: { _ in }, writeError: { _ in }))
  }
  @Test(arguments: [
    (
      "data glyphs | encode direct | dense 20 | neuron ternary | dense 10 | plot credit",
      """
      error[code.steps]: a run of one step has no past
       --> input:1:70
      1 | data glyphs | encode direct | dense 20 | neuron ternary | dense 10 | plot credit
        |                                                                      ^^^^^^^^^^^
        = help: encode with steps=2 or more

      """
    ),
    (
      "data glyphs | encode direct steps=3 | dense 20 | neuron lif | dense 10 | plot credit",
      """
      error[capability]: there are no ternary neurons in this network
       --> input:1:74
      1 | data glyphs | encode direct steps=3 | dense 20 | neuron lif | dense 10 | plot credit
        |                                                                          ^^^^^^^^^^^

      """
    ),
  ]) func tells(_ typed: String, _ expected: String) throws { #expect(try Lab().run(typed) == expected) }
}

internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `capacity`: how much a neuron can say, and what it says of membranes that are normally distributed.
struct Capacity: Command {
  var sigma: [Double] = []
  static let accepts: [ValueType] = [.neuron], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "capacity", "Tells how many bits the spikes of a neuron can carry, and what they carry of a normal membrane.",
    equation:
      "m ~ N(0, σ²): rate = 2Q(θ/σ), binary Q(θ/σ);  a* = σ·φ(θ/σ)/Q(θ/σ);  error = E[(m − a·b)²]/σ²",
    reference: "Y. Guo et al., AAAI 2024, arXiv:2312.06372, proposition 1",
    details: """
      One row for each σ, of the first step. capacity is log₂ of the number of symbols; bits is the entropy at that rate. \
      error_1 and error_best are those of spikes of height 1 and of the best height a*, as shares of σ².
      """,
    examples: ["neuron ternary | capacity", "neuron ternary spikes=binary | capacity sigma=[0.5 1 2]"])
  static let settings: [Setting<Self>] = [
    Setting(
      "sigma", \.sigma, "Standard deviations of the membrane; those of the usual table when left open.", in: 1e-6...1e6)
  ]
  static let usual = [0.25, 0.5, 0.75, 1, 1.161, 1.5, 2]

  func check(_ input: Facts, _ context: Context) throws -> Facts {
    .table(["sigma", "capacity", "rate", "bits", "best_amplitude", "error_1", "error_best"].map { .init($0) })
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    guard case .neuron(let neuron) = input else {
      throw Diagnostic("types.stage", "a neuron is needed, not \(input.type.noun)")
    }
    guard let threshold = neuron.firingThreshold, neuron.alphabet != .graded else {
      throw Diagnostic("capability", "'\(neuron.kind)' has no threshold that a membrane could be compared with")
    }
    let isTernary = neuron.alphabet == .ternary, deviations = sigma.isEmpty ? Self.usual : sigma
    let membranes = deviations.map {
      GaussianMembrane(deviation: $0, threshold: threshold, isTernary: isTernary)
    }
    let capacity = Entropy.capacity(symbols: isTernary ? 3 : 2)
    return .table(
      Table([
        Table.Column("sigma", deviations), Table.Column("capacity", deviations.map { _ in capacity }),
        Table.Column("rate", membranes.map(\.rate)), Table.Column("bits", membranes.map(\.bits)),
        Table.Column("best_amplitude", membranes.map(\.bestAmplitude)),
        Table.Column("error_1", membranes.map { $0.error(amplitude: 1) }),
        Table.Column("error_best", membranes.map { $0.error(amplitude: $0.bestAmplitude) }),
      ]))
  }
}

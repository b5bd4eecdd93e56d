public import Compute

/// Silences a random share of its inputs in training and enlarges the rest, y = x·m/(1 − p); otherwise y = x.
///
/// m is 0 with probability p, drawn for every sample and input by its number, so that neither threads nor the place in
/// a batch matter. A sample keeps its draw for all steps.
///
/// - Reference: N. Srivastava et al., J. Mach. Learn. Res. 15, 2014; one draw for all steps: C. Lee et al., Front.
///   Neurosci. 14, 2020, doi:10.3389/fnins.2020.00119.
public struct Dropout: DifferentiableLayer, Declared {
  public var share = 0.5
  public init() {}
  public init(_ share: Double) { self.share = share }

  public static let manual = Manual(
    "dropout", "A layer that silences a random share of its inputs in training.", equation: "y = x·m/(1 − share)",
    reference: "N. Srivastava et al., J. Mach. Learn. Res. 15, 2014",
    examples: ["data glyphs | dense 100 | relu | dropout 50% | dense 10"])
  public static let settings: [Setting<Self>] = [
    Setting("share", \.share, "Probability that an input is silenced.", in: 0...0.99, positional: true)
  ]
  public var kind: String { "dropout" }
  public var summary: String { "dropout \(Quantity(share * 100).written(digits: 4))%" }
  public var role: LayerRole { .passive(.dropout) }
  public func features(after features: Shape) throws(ShapeError) -> Shape { features }

  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal { dropped(input, node, pass) }
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? { dropped(gradient, node, pass) }

  /// The map is linear and symmetric: signals and gradients go through it alike.
  private func dropped(_ signal: Signal, _ node: Node, _ pass: Pass) -> Signal {
    guard pass.isTraining, share > 0 else { return signal }
    var result = signal.like(signal.features)
    result.alphabet = signal.alphabet
    let n = signal.features.count, steps = signal.storedSteps, neurons = signal.neurons, share = Float(share)
    let gain = 1 / (1 - share), random = pass.random.child(node.name), samples = pass.samples
    signal.values.read { x in
      result.values.write { y in
        nonisolated(unsafe) let (x, y) = (x, y)
        pass.machine.forEach(signal.batch) { row in
          let stream = random.child(samples?[row] ?? row)
          for i in 0..<n where stream.uniform(i) >= share {
            for t in 0..<steps { y[t * neurons + row * n + i] = gain * x[t * neurons + row * n + i] }
          }
        }
      }
    }
    return result
  }
}

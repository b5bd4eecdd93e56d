public import Compute
public import Spiking

/// What arrives at step t leaves at step t + d; before that there is silence.
public struct AxonDelay: Layer, Declared {
  public var steps = 1
  public init() {}
  public init(_ steps: Int) { self.steps = steps }

  public static let manual = Manual(
    "axon-delay", "Lets spikes arrive some steps later.", equation: "y[t] = x[t − d], 0 before",
    examples: ["data glyphs | encode bernoulli steps=10 | dense 50 | neuron if | axon-delay 1 | dense 10 | layers"])
  public static let settings: [Setting<Self>] = [
    Setting("steps", \.steps, "Steps by which spikes are late.", in: 0...1e5, positional: true)
  ]
  public var kind: String { "axon-delay" }
  public var summary: String { "delay of \(steps) step\(steps == 1 ? "" : "s")" }
  public var role: LayerRole { .opaque(kind) }
  public func features(after features: Shape) throws(ShapeError) -> Shape { features }

  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    guard steps > 0 else { return input }
    var output = input.like(input.features, constant: false)
    output.alphabet = input.alphabet
    let n = input.neurons
    input.values.read { x in
      output.values.write { y in
        for t in Swift.stride(from: steps, to: input.steps, by: 1) {
          (y + t * n).update(from: x + (t - steps) * input.stride, count: n)
        }
      }
    }
    return output
  }
}

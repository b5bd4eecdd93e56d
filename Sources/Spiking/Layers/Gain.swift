public import Compute

/// Multiplies by a constant: y = k·x. What is left of an amplitude where there are no weights to take it.
public struct Gain: DifferentiableLayer, Declared {
  public var factor = 1.0
  public init() {}
  public init(_ factor: Double) { self.factor = factor }

  public static let manual = Manual(
    "gain", "A layer that multiplies by a constant.", equation: "y = k·x",
    examples: ["data glyphs | gain 0.5 | dense 10 | layers"])
  public static let settings: [Setting<Self>] = [
    Setting(
      "factor", \.factor, "What everything is multiplied by, k.", in: -1e9...1e9, positional: true, required: true)
  ]
  public var kind: String { "gain" }
  public var summary: String { "times \(Quantity(factor).written(digits: 4))" }
  public var role: LayerRole { .opaque(kind) }
  public func features(after features: Shape) throws(ShapeError) -> Shape { features }

  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    var output = input
    let k = Float(factor), n = input.values.count
    output.values.write { y in for i in 0..<n { y[i] *= k } }
    return output
  }
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? { needsInput ? forward(gradient, at: node, &pass) : nil }
}

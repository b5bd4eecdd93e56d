public import Compute

/// Every input drives every output: y = x·W + b.
///
/// W is stored input-major, inputs × units, so that a spike adds one contiguous row. With `weights=binary` the network
/// uses α·sign(W), −α where W < 0 and α otherwise, with one learnt α per layer; W itself stays real and collects small
/// changes (the gradient passes the sign straight through).
public struct Dense: LinearLayer, DifferentiableLayer, Declared {
  public enum Weights: String, Choice { case real, binary }
  public var units: Int
  public var weights: Weights = .real
  /// Whether there is a bias; left open, real weights have one and binary weights have none.
  public var bias: Bool?
  /// How weights start; left open, uniform in ±1/√inputs.
  public var initial: Initialiser?

  public init() { units = 10 }
  public init(_ units: Int, weights: Weights = .real, bias: Bool? = nil, initial: Initialiser? = nil) {
    (self.units, self.weights, self.bias, self.initial) = (units, weights, bias, initial)
  }
  public static let manual = Manual(
    "dense", "A layer in which every input drives every unit.", equation: "y = x·W + b",
    examples: ["data glyphs | dense 10"])
  public static let settings: [Setting<Self>] = [
    Setting("units", \.units, "Number of outputs.", in: 1...1e6, positional: true, required: true),
    Setting("weights", \.weights, "Whether a weight is a number or only a sign."),
    Setting("bias", \.bias, "Whether each unit has a bias; usual for real weights only."),
  ]

  /// First weights for neurons that forget: those of He et al. for the current, over the gain of the neuron.
  ///
  ///     w uniform in ±√(6/inputs)·θ/(1 − e^(−dt/τ))
  ///
  /// With smaller ones a leaky neuron would never fire within a few steps, and nothing could be learnt from it.
  ///
  /// - Reference: K. He et al., 2015, arXiv:1502.01852; for spikes J. Rossbroich et al., 2022, arXiv:2206.10226.
  public static func initial(inputs: Int, for neuron: any LeakyNeuron, dt: Time) -> Initialiser {
    let bound = (6 / Double(max(1, inputs))).squareRoot() / max(1e-9, neuron.gain(dt: dt))
    return .uniform(-Float(min(bound, 1e9))...Float(min(bound, 1e9)))
  }

  public var hasBias: Bool { bias ?? (weights == .real) }
  public var kind: String { "dense" }
  public var summary: String { "dense \(units)" + (weights == .binary ? ", binary" : "") }
  public var role: LayerRole { .linear(self) }
  public func features(after features: Shape) throws(ShapeError) -> Shape { [units] }

  public func parameters(for features: Shape) -> [ParameterSpec] {
    let bound = 1 / Float(max(1, features.count)).squareRoot()
    let role: ParameterRole = weights == .real ? .weight : .latent
    var specs = [ParameterSpec("weight", [features.count, units], role, initial ?? .uniform(-bound...bound))]
    if hasBias { specs.append(ParameterSpec("bias", [units], .bias, .constant(0))) }
    if weights == .binary { specs.append(ParameterSpec("scale", [1], .scale, .constant(bound))) }
    return specs
  }
  /// Entries of the layout: weight, then bias and scale where they exist.
  func biasSlot(_ node: Node) -> Int? { hasBias ? node.slots.lowerBound + 1 : nil }
  func scaleSlot(_ node: Node) -> Int? { weights == .binary ? node.slots.lowerBound + (hasBias ? 2 : 1) : nil }

  /// Calls `body` for runs of at most 64 rows of nearly equal length, at least two where there are rows for two threads.
  public static func forEachTile(of rows: Int, _ machine: Machine, _ body: (Range<Int>) -> Void) {
    let tiles = max(rows < 32 ? 1 : 2, (rows + 63) / 64)
    machine.forEach(tiles) { body($0 * rows / tiles..<($0 + 1) * rows / tiles) }
  }

  /// The weights that count, and where they start: the stored ones, or signs times scale.
  func effective(_ node: Node, _ parameters: Parameters) -> (values: Tensor, offset: Int) {
    let entry = parameters.layout.entries[node.slots.lowerBound]
    guard let slot = scaleSlot(node) else { return (parameters.flat, entry.offset) }
    var signs = Tensor(zeros: [entry.count])
    let scale = parameters.flat[parameters.layout.entries[slot].offset]
    parameters.flat.read { p in
      signs.write { s in
        let w = p + entry.offset
        for i in 0..<entry.count { s[i] = w[i] < 0 ? -scale : scale }
      }
    }
    return (signs, 0)
  }

  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    var output = input.unwritten([units])
    let rows = input.rows, depth = input.features.count, units = units, machine = pass.machine
    let (weights, first) = effective(node, pass.parameters), bias = biasSlot(node).map(pass.offset)
    weights.read { w in
      pass.parameters.flat.read { p in
        input.values.read { x in
          output.values.write { y in
            nonisolated(unsafe) let (w, p, x, y) = (w + first, p, x, y)
            Self.forEachTile(of: rows, machine) { tile in
              let out = MutableMatrixView(y + tile.lowerBound * units, tile.count, units)
              machine.backend.multiply(
                MatrixView(x + tile.lowerBound * depth, tile.count, depth), MatrixView(w, depth, units), into: out,
                beta: 0)
              if let bias { machine.backend.addBias(p + bias, to: out) }
            }
          }
        }
      }
    }
    return output
  }
}

public import Compute
public import Spiking

/// A recurrent layer of gated cells: LSTM or GRU. W multiplies the input, U what was sent a step before.
public protocol GatedLayer: RecurrentLayer, Declared {
  var units: Int { get set }
  /// Sums of a unit: 4 for LSTM, 3 for GRU.
  static var gates: Int { get }
  /// How a step and its way back are worked out.
  static var cell: GatedCell { get }
  /// Biases at the start, gate by gate.
  var initialBias: [Float] { get }
}
extension GatedLayer {
  public var kind: String { Self.manual.name }
  public var summary: String { "\(kind) \(units)" }
  public var role: LayerRole { .opaque(kind) }
  public var sendsSpikes: Bool { false }
  public func features(after features: Shape) throws(ShapeError) -> Shape { [units] }
  public func keptPerStep(for features: Shape) -> Int { 6 * units }

  public func parameters(for features: Shape) -> [ParameterSpec] {
    let width = Self.gates * units, bound = 1 / Float(units).squareRoot()
    return [
      ParameterSpec("W", [features.count, width], .weight, .uniform(-bound...bound)),
      ParameterSpec("U", [units, width], .weight, .uniform(-bound...bound)),
      ParameterSpec("bias", [width], .bias, .values(initialBias)),
    ]
  }
  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    let isKept = pass.gradients != nil
    let (output, tape) = GatedRun(self, node, pass).forward(input, isKept: isKept)
    if isKept { pass.tapes[node.index] = tape }
    return output
  }
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    let run = GatedRun(self, node, pass)
    let tape = pass.tapes.removeValue(forKey: node.index) ?? run.forward(input, isKept: true).1
    let (result, sums) = run.backward(gradient, input: input, tape, needsInput: needsInput)
    if pass.gradients != nil {
      for (place, slot) in node.slots.enumerated() {
        pass.gradients?.set(pass.parameters.layout.entries[slot], run.entry(place, of: sums))
      }
    }
    return needsInput ? result : nil
  }
  public func cost(of node: Node, _ records: [LayerRecord], steps: Int) -> RunCost {
    var cost = RunCost()
    cost.multiplications = Double(steps) * Double(Self.gates * units) * Double(node.input.count + units + 1)
    cost.dense = cost.multiplications
    return cost
  }
  public func layerRecords(of node: Node, output: Signal, records: [String: Tensor], dt: Time) -> [LayerRecord] {
    [
      LayerRecord(
        name: node.name, kind: kind, shape: node.output,
        variables: [VariableRecord("output", values: output.values.values.map(Double.init))],
        spikes: SpikeRaster(steps: output.steps, neurons: units))
    ]
  }
}

/// Long short-term memory: i, f, o = σ(x·W + h⁻·U + b), g = tanh(…), c = f·c⁻ + i·g, h = o·tanh c.
///
/// - Reference: S. Hochreiter, J. Schmidhuber, Neural Computation 9(8), 1997, doi:10.1162/neco.1997.9.8.1735.
public struct LSTM: GatedLayer {
  public var units = 64
  public init() {}
  public static let gates = 4, cell = GatedCell.lstm
  public static let manual = Manual(
    "lstm", "A recurrent layer of long short-term memory, to compare with.",
    equation: "i, f, o = σ(x·W + h⁻·U + b);  g = tanh(…);  c = f·c⁻ + i·g;  h = o·tanh c",
    reference: "S. Hochreiter, J. Schmidhuber, 1997, doi:10.1162/neco.1997.9.8.1735",
    details: "The biases of the forget gate start at 1, all other weights uniform in ±1/√units.",
    examples: ["data glyphs | take train=200 test=50 | encode rows | lstm 20 | dense 10 | train hybrid epochs=2"])
  public static let settings: [Setting<Self>] = [
    Setting("units", \.units, "Number of units.", in: 1...1e5, positional: true, required: true)
  ]
  public var initialBias: [Float] { (0..<4 * units).map { $0 / units == 1 ? 1 : 0 } }
}

/// Gated recurrent unit: r, z = σ(x·W + h⁻·U + b), n = tanh(x·W + b + r·(h⁻·U)), h = (1 − z)·n + z·h⁻.
///
/// - Reference: K. Cho et al., EMNLP 2014, arXiv:1406.1078; reset behind the product as in cuDNN.
public struct GRU: GatedLayer {
  public var units = 64
  public init() {}
  public static let gates = 3, cell = GatedCell.gru
  public static let manual = Manual(
    "gru", "A recurrent layer of gated recurrent units, to compare with.",
    equation: "r, z = σ(x·W + h⁻·U + b);  n = tanh(x·W + b + r·(h⁻·U));  h = (1 − z)·n + z·h⁻",
    reference: "K. Cho et al., EMNLP 2014, arXiv:1406.1078",
    details: "Weights start uniform in ±1/√units, biases at 0.",
    examples: ["data glyphs | take train=200 test=50 | encode rows | gru 20 | dense 10 | train hybrid epochs=2"])
  public static let settings: [Setting<Self>] = [
    Setting("units", \.units, "Number of units.", in: 1...1e5, positional: true, required: true)
  ]
  public var initialBias: [Float] { Array(repeating: 0, count: 3 * units) }
}

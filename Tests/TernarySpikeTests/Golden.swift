import Compute
import Foundation
import Spiking
import Testing

@testable import TernarySpike

/// Values of an independent implementation in double precision; `Golden/`.
enum Golden {
  static func read<T: Decodable>(_ type: T.Type, _ name: String) throws -> T {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).json")
    return try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }
  struct Array: Decodable {
    var shape: [Int], data: [Double]
    /// An array with its shape or without, or a single number.
    init(from decoder: any Decoder) throws {
      if let plain = try? decoder.singleValueContainer().decode([Double].self) {
        (shape, data) = ([plain.count], plain)
        return
      }
      if let single = try? decoder.singleValueContainer().decode(Double.self) {
        (shape, data) = ([1], [single])
        return
      }
      let box = try decoder.container(keyedBy: Keys.self)
      (shape, data) = (try box.decode([Int].self, forKey: .shape), try box.decode([Double].self, forKey: .data))
    }
    enum Keys: CodingKey { case shape, data }
    var floats: [Float] { data.map(Float.init) }
  }
  struct Operation: Decodable {
    var op: String, name: String?, w: String?, b: String?, pad: Int?, stride: Int?
    var g: String?, beta: String?, rm: String?, rv: String?, scope: String?, eps: Double?, momentum: Double?
    var mode: String?, a: String?, decay: Double?, vth: Double?, detach: Bool?, smooth: Bool?, window_inclusive: Bool?
    var k: Double?, main: [Operation]?, short: [Operation]?

    /// The neuron of a `lif`.
    func neuron(_ parameters: [String: Array]) -> TernaryNeuron {
      var neuron = TernaryNeuron()
      neuron.spikes = mode == "binary" ? .binary : .ternary
      neuron.amplitude = a == nil ? .fixed : .trainable
      neuron.height = a.flatMap { parameters[$0]?.data.first } ?? 1
      (neuron.decay, neuron.threshold) = (decay ?? 0.25, (vth ?? 1) / 2)
      neuron.resetGradient = detach == true ? .detached : .attached
      neuron.window = window_inclusive == false ? .open : .closed
      neuron.smooth = smooth ?? false
      return neuron
    }
  }
  struct Case: Decodable {
    struct Expected: Decodable {
      struct Layer: Decodable { var m: Array }
      var loss: Double, logits: Array, logits_per_step: Array, layers: [String: Layer], grads: [String: Array]?,
        running_after: [String: Array]?, finite_difference: [String: Array]?
    }
    var T: Int, training: Bool?, spec: [Operation], input: Array, labels: [Int], params: [String: Array],
      expect: Expected
  }
}

/// A network of a specification, with the names of its parameters on both sides.
struct GoldenNetwork {
  var network: Network, parameters: Parameters
  /// Their name → ours.
  var names: [String: String] = [:]
  /// Their name of a neuron → the number of its layer.
  var neurons: [String: Int] = [:]

  init(_ spec: [Golden.Operation], _ params: [String: Golden.Array], input: Shape) throws {
    network = Network(input: input)
    for operation in spec { try Self.append(operation, params, &network, &names, &neurons) }
    parameters = Parameters(zeros: network.layout)
    for entry in network.layout.entries where entry.name.hasSuffix(".variance") {
      parameters[entry.name] = Array(repeating: 1, count: entry.count)
    }
    for (theirs, ours) in names {
      guard let array = params[theirs] else { continue }
      parameters[ours] = Self.ours(array)
    }
  }
  /// Linear weights are [output][input] there and [input][output] here.
  static func ours(_ array: Golden.Array) -> [Float] {
    guard array.shape.count == 2 else { return array.floats }
    let rows = array.shape[0], columns = array.shape[1]
    return (0..<columns).flatMap { c in (0..<rows).map { Float(array.data[$0 * columns + c]) } }
  }
  private static func append(
    _ o: Golden.Operation, _ params: [String: Golden.Array], _ network: inout Network, _ names: inout [String: String],
    _ neurons: inout [String: Int]
  ) throws {
    let name = "layer\(network.nodes.count)"
    switch o.op {
    case "linear":
      try network.append(Dense(params[o.w ?? ""]?.shape[0] ?? 0, bias: o.b != nil), name: name)
    case "conv":
      try network.append(
        Convolution(
          params[o.w ?? ""]?.shape[0] ?? 0, kernel: params[o.w ?? ""]?.shape[2] ?? 3, stride: o.stride ?? 1, padding: o.pad == 1 ? .same : .valid,
          bias: o.b != nil), name: name)
    case "bn":
      var norm = BatchNorm(momentum: o.momentum ?? 0.1, epsilon: o.eps ?? 1e-5)
      norm.scope = o.scope == "step" ? .step : .joint
      try network.append(norm, name: name)
      for (theirs, ours) in [(o.g, "scale"), (o.beta, "shift"), (o.rm, "mean"), (o.rv, "variance")] {
        if let theirs { names[theirs] = "\(name).\(ours)" }
      }
    case "lif":
      neurons[o.name ?? ""] = network.nodes.count
      try network.append(Population(o.neuron(params)), name: name)
      if let a = o.a { names[a] = "\(name).amplitude" }
    case "avgpool": try network.append(Pool(Int(o.k ?? 2)), name: name)
    case "gap": try network.append(Pool(network.output[1]), name: name)
    default: throw ShapeError(code: "golden", message: "no operation '\(o.op)'")
    }
    if let w = o.w { names[w] = "\(name).weight" }
    if let b = o.b { names[b] = "\(name).bias" }
  }
}

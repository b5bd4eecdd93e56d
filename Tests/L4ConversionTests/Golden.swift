import Compute
import Foundation
import Spiking

@testable import L4Conversion

/// A golden file that lies beside these tests.
enum Golden {
  static func read<T: Decodable>(_ type: T.Type, _ name: String) throws -> T {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).json")
    return try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }
  struct Layer: Decodable {
    var W: [[Double]], b: [Double]?
  }
}

/// Whether numbers agree relative to their size, or absolutely below 1.
func agree(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-5) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}

extension AnalogNetwork {
  /// Dense layers with relu between them, weights [out][in].
  static func golden(_ layers: [Golden.Layer]) throws -> AnalogNetwork {
    let model = try goldenModel(layers)
    return try AnalogNetwork(model.network, model.parameters ?? Parameters(zeros: model.network.layout), Machine())
  }
  /// Weights and biases, layer by layer and row by row.
  var rows: [[[Double]]] { stages.map { incoming($0) } }
  var biases: [[Double]] { stages.map { bias($0) ?? [] } }
  /// Outputs for samples.
  func outputs(_ samples: [[Double]]) -> [[Double]] {
    let n = samples[0].count, outputs = network.output.count
    let signal = Signal(
      Tensor(samples.flatMap { $0.map(Float.init) }, [samples.count * n]), steps: 1, batch: samples.count,
      features: [n],
      isConstant: true)
    var pass = Pass(machine: Machine(), dt: .ms(1), parameters: parameters)
    let result = network.forward(signal, &pass)
    return samples.indices.map { row in (0..<outputs).map { Double(result.values[row * outputs + $0]) } }
  }
}

/// An analog model of dense layers, with data of one part.
func goldenModel(_ layers: [Golden.Layer], samples: [[Double]] = []) throws -> Model {
  let inputs = layers[0].W[0].count
  var stack: [any Layer] = []
  for (l, layer) in layers.enumerated() {
    stack.append(Dense(layer.W.count, bias: layer.b != nil))
    if l < layers.count - 1 { stack.append(Rectifier()) }
  }
  let data = try toyData(samples.isEmpty ? [[Double](repeating: 0, count: inputs)] : samples)
  let network = try Network(input: [inputs], stack)
  var parameters = Parameters(zeros: network.layout)
  for (l, layer) in layers.enumerated() {
    parameters["dense\(l + 1).weight"] = (0..<layer.W[0].count).flatMap { i in layer.W.map { Float($0[i]) } }
    if let b = layer.b { parameters["dense\(l + 1).bias"] = b.map(Float.init) }
  }
  return Model(network, parameters: parameters, input: data.outline, data: data)
}
func toyData(_ samples: [[Double]], labels: [Int]? = nil, shape: Shape? = nil, encoder: any Encoder = Direct(steps: 1))
  throws -> EncodedData
{
  let shape = shape ?? [samples[0].count]
  let bank = SampleBank(
    shape: shape, labels: labels ?? samples.map { _ in 0 }, floats: samples.flatMap { $0.map(Float.init) })
  let dataset = Dataset(name: "toy", classes: ["a", "b", "c"], shape: shape, parts: [.train: .init(bank)])
  return try EncodedData(dataset, encoder, seed: 1, dt: .ms(1))
}

/// A scheme with settings, applied to a network: the work that comes of it.
func scaled<S: RateScheme>(_ scheme: S, _ layers: [Golden.Layer], _ calibration: [[Double]]) throws -> ConversionWork {
  let model = try goldenModel(layers, samples: calibration)
  let net = try AnalogNetwork.golden(layers)
  let run = ConversionRun(machine: Machine(), seed: 1, data: model.data)
  return try scheme.rescaled(
    ConversionWork(
      net: net, calibration: calibration.isEmpty ? nil : Calibration(run, 10_000), run: run,
      peak: try scheme.common.peak(dt: .ms(1))))
}

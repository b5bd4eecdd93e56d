import Compute
import Foundation
import Spiking
import Testing

@testable import L4Conversion

/// Factors and rescaled weights of every scheme on the golden nets, through the code that conversions use.
@Suite struct SchemeTests {
  struct Factors: Decodable {
    struct Scheme: Decodable {
      var factors: [Numbers]?, applied: [Double]?, thresholds: [Double]?, net: [Golden.Layer]?
    }
    /// One number, or one per unit.
    enum Numbers: Decodable {
      case one(Double), many([Double])
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let x = try? container.decode(Double.self) {
          self = .one(x)
        } else {
          self = .many(try container.decode([Double].self))
        }
      }
      func values(_ units: Int) -> [Double] {
        switch self {
        case .one(let x): Array(repeating: x, count: units)
        case .many(let x): x
        }
      }
    }
    struct Net: Decodable { var net: [Golden.Layer], calibration: [[Double]], schemes: [String: Scheme] }
    var biasFree: Net, biased: Net
  }

  /// Scheme, settings and whether its factors are applied one after the other.
  private func scheme(_ name: String) throws -> (any RateScheme, isCumulative: Bool)? {
    func text(_ s: String) -> Argument { .text(s) }
    func number(_ x: Double) -> Argument { .quantity(Quantity(x)) }
    return switch name {
    case "model": (ModelBased(), true)
    case "modelWeak": (try ModelBased().applying([("weak", .flag(true))]), true)
    case "dataMax": (DataBased(), false)
    case "robust99": (try Robust().applying([("percentile", number(99))]), false)
    case "robust90": (try Robust().applying([("percentile", number(90))]), false)
    case "robust99All": (try Robust().applying([("percentile", number(99)), ("population", text("all"))]), false)
    case "robust999LastOne":
      (try Robust().applying([("percentile", number(99.9)), ("output", text("kept"))]), false)
    case "channel99": (try Robust().applying([("percentile", number(99)), ("per", text("channel"))]), false)
    case "published2015": (Published2015(), true)
    default: nil
    }
  }

  @Test(arguments: [
    "model", "modelWeak", "dataMax", "robust99", "robust90", "robust99All", "robust999LastOne", "channel99",
    "published2015",
  ])
  func factorsAndWeights(_ name: String) throws {
    let golden = try Golden.read(Factors.self, "factors")
    for (net, isBiased) in [(golden.biasFree, false), (golden.biased, true)] {
      guard let expected = net.schemes[name], let (scheme, isCumulative) = try scheme(name) else { continue }
      let work = try scaled(scheme, net.net, net.calibration), scaling = try #require(work.scaling)
      var product = 1.0
      for (l, layer) in net.net.enumerated() {
        let factor =
          expected.factors?[l].values(layer.W.count)
          ?? [Double](repeating: expected.applied?[l] ?? 0, count: layer.W.count)
        let wanted = isCumulative ? factor.map { $0 * product } : factor
        #expect(agree(scaling.scales[l], wanted), "\(name), layer \(l)")
        product *= factor[0]
      }
      guard let weights = expected.net else { continue }
      var converted = work.net
      scaling.apply(to: &converted)
      for (l, layer) in weights.enumerated() {
        #expect(agree(converted.rows[l].flatMap { $0 }, layer.W.flatMap { $0 }), "\(name), layer \(l)")
        if isBiased { #expect(agree(converted.biases[l], layer.b ?? []), "\(name), bias \(l)") }
      }
    }
  }
  /// Regular spikes, 32 steps, the first four samples, hard reset.
  @Test func spikeNormThresholds() throws {
    let golden = try Golden.read(Factors.self, "factors").biasFree
    let scheme = try SpikeNorm().applying([("watched", .quantity(Quantity(32))), ("encoder", .text("regular"))])
    let scaling = try #require(try scaled(scheme, golden.net, Array(golden.calibration.prefix(4))).scaling)
    var product = 1.0
    for (l, threshold) in (golden.schemes["spikeNorm"]?.thresholds ?? []).enumerated() {
      product *= threshold
      #expect(agree(scaling.scales[l], scaling.scales[l].map { _ in product }), "layer \(l)")
    }
    #expect(scaling.scales.count == 3)
  }
  @Test func aFractionOfTheMaximum() throws {
    let golden = try Golden.read(Factors.self, "factors").biasFree
    let half = try DataBased().applying([("fraction", .quantity(Quantity(0.5)))])
    let a = try #require(try scaled(half, golden.net, golden.calibration).scaling)
    let b = try #require(try scaled(DataBased(), golden.net, golden.calibration).scaling)
    for l in 0..<3 { #expect(agree(a.scales[l], b.scales[l].map { $0 / 2 })) }
  }

  // MARK: Adjustments

  struct Adjust: Decodable {
    struct Norms: Decodable { var l1: [Double], l2: [Double], l4: [Double], max: [Double] }
    struct Case: Decodable { var factors: [Double]?, gains: [[Double]]?, net: [Golden.Layer]? }
    struct Literal: Decodable { var gains: [String: [Double]], outputs: [[Double]], argmaxKept: [Int] }
    var net: [Golden.Layer], inputs: [[Double]], outputs: [[Double]], norms: [Norms], participationLayer0: [Double]
    var layer_k1: Case, layer_k4: Case, neuron_k4: Case, equalise_mean: Case, equalise_median: Case, equalise_max: Case
    var equalise_rms: Case, equalise_one: Case, equalise_mean_half: Case
    var literal_hidden: Literal, literal_output: Literal, literal_all: Literal
  }
  @Test func norms() throws {
    let golden = try Golden.read(Adjust.self, "adjust")
    for (layer, norms) in zip(golden.net, golden.norms) {
      #expect(agree(layer.W.map(Norm.l1), norms.l1, 1e-9) && agree(layer.W.map(Norm.l2), norms.l2, 1e-9))
      #expect(agree(layer.W.map(Norm.l4), norms.l4, 1e-9) && agree(layer.W.map { Norm.lp($0, 4) }, norms.l4, 1e-9))
      #expect(agree(layer.W.map(Norm.largest), norms.max, 1e-9))
    }
    #expect(agree(golden.net[0].W.map(Norm.participation), golden.participationLayer0, 1e-9))
    #expect(Norm.l4([]) == 0 && Norm.participation([0, 0]) == 0)
    #expect(Norm.l4([1e200, 1e200]) == 1e200 * 2.0.squareRoot().squareRoot())
  }
  @Test func layerAndNeuron() throws {
    let golden = try Golden.read(Adjust.self, "adjust")
    for (mode, k, expected) in [
      ("layer", 1.0, golden.layer_k1), ("layer", 4, golden.layer_k4), ("neuron", 4, golden.neuron_k4),
    ] {
      let scheme = try L4().applying([("mode", .text(mode)), ("k", .quantity(Quantity(k)))])
      let work = try scaled(scheme, golden.net, []), scaling = try #require(work.scaling)
      if let factors = expected.factors {
        var product = 1.0
        for (l, factor) in factors.enumerated() {
          product *= factor
          #expect(agree([scaling.scales[l][0]], [product]), "\(mode) \(k)")
        }
      }
      var converted = work.net
      scaling.apply(to: &converted)
      for (l, layer) in (expected.net ?? []).enumerated() {
        #expect(agree(converted.rows[l].flatMap { $0 }, layer.W.flatMap { $0 }), "\(mode) \(k), layer \(l)")
        #expect(agree(converted.biases[l], layer.b ?? []), "\(mode) \(k), bias \(l)")
      }
      #expect(work.warnings.contains { $0.contains("row 3") && $0.contains("layer 2") })
    }
  }
  @Test func equalising() throws {
    let golden = try Golden.read(Adjust.self, "adjust")
    let cases: [(L4.Reference, Double, Adjust.Case)] = [
      (.mean, 1, golden.equalise_mean), (.median, 1, golden.equalise_median), (.max, 1, golden.equalise_max),
      (.rms, 1, golden.equalise_rms), (.one, 1, golden.equalise_one), (.mean, 0.5, golden.equalise_mean_half),
    ]
    for (reference, alpha, expected) in cases {
      var net = try AnalogNetwork.golden(golden.net)
      let gains = L4.equalising(&net, reference, alpha: alpha)
      for (a, b) in zip(gains, try #require(expected.gains)) { #expect(agree(a, b), "\(reference)") }
      for (l, layer) in (expected.net ?? []).enumerated() {
        #expect(agree(net.rows[l].flatMap { $0 }, layer.W.flatMap { $0 }) && agree(net.biases[l], layer.b ?? []))
      }
      for (a, b) in zip(net.outputs(golden.inputs), golden.outputs) { #expect(agree(a, b), "\(reference): outputs") }
    }
  }
  @Test func literal() throws {
    let golden = try Golden.read(Adjust.self, "adjust")
    let cases: [(L4.Layers, Adjust.Literal)] = [
      (.hidden, golden.literal_hidden), (.output, golden.literal_output), (.all, golden.literal_all),
    ]
    for (layers, expected) in cases {
      var net = try AnalogNetwork.golden(golden.net)
      for (l, gains) in expected.gains {
        let stage = net.stages[try #require(Int(l))]
        #expect(agree(L4.gains(net.incoming(stage).map(Norm.l4), .mean, alpha: 1), gains), "\(layers), layer \(l)")
      }
      #expect(!expected.gains.isEmpty)
      L4.literal(&net, layers, .mean, alpha: 1)
      for (a, b) in zip(net.outputs(golden.inputs), expected.outputs) { #expect(agree(a, b), "\(layers)") }
      func best(_ outputs: [[Double]]) -> [Int] { outputs.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 } }
      let isKept = zip(best(net.outputs(golden.inputs)), best(golden.outputs)).map { $0 == $1 ? 1 : 0 }
      #expect(isKept == expected.argmaxKept, "\(layers)")
    }
  }

  // MARK: Invariants

  /// e2.1: data-based scales of a bias-free net grow as cˡ when all weights are multiplied by c.
  @Test func scalesFollowWeights() throws {
    let golden = try Golden.read(Factors.self, "factors").biasFree
    let larger = golden.net.map { Golden.Layer(W: $0.W.map { $0.map { 3 * $0 } }, b: nil) }
    let plain = try scaled(Robust(), golden.net, golden.calibration),
      grown = try scaled(Robust(), larger, golden.calibration)
    let (a, b) = (try #require(plain.scaling), try #require(grown.scaling))
    for l in 0..<3 { #expect(agree(b.scales[l], a.scales[l].map { $0 * pow(3, Double(l + 1)) })) }
    var (x, y) = (plain.net, grown.net)
    a.apply(to: &x)
    b.apply(to: &y)
    for l in 0..<3 { #expect(agree(y.rows[l].flatMap { $0 }, x.rows[l].flatMap { $0 })) }
  }
  /// e2.2: every scheme that is no literal one keeps all outputs up to one positive factor.
  @Test func answersStay() throws {
    let golden = try Golden.read(Factors.self, "factors").biased
    let schemes: [any RateScheme] = [
      ModelBased(), DataBased(), Robust(), try Robust().applying([("per", .text("neuron"))]), L4(),
      try L4().applying([("mode", .text("neuron"))]), try L4().applying([("mode", .text("layer"))]),
      try SpikeNorm().applying([("watched", .quantity(Quantity(10)))]),
    ]
    let before = try AnalogNetwork.golden(golden.net).outputs(golden.calibration)
    for scheme in schemes {
      let work = try scaled(scheme, golden.net, golden.calibration), scaling = try #require(work.scaling)
      var net = work.net
      scaling.apply(to: &net)
      let after = net.outputs(golden.calibration), factor = scaling.scales[1][0]
      #expect(Set(scaling.scales[1]).count == 1)
      for (a, b) in zip(after, before) { #expect(agree(a.map { $0 * factor }, b, 1e-4), "\(type(of: scheme))") }
    }
  }
  /// e2.3
  @Test func equaliseIsACanonicalForm() throws {
    let golden = try Golden.read(Adjust.self, "adjust")
    var net = try AnalogNetwork.golden(golden.net)
    _ = L4.equalising(&net, .one, alpha: 1)
    for l in 0..<2 {
      let norms = net.rows[l].map(Norm.l4).filter { $0 > 0 }
      #expect(agree(norms, norms.map { _ in 1 }))
    }
    var twice = net
    for gains in L4.equalising(&twice, .one, alpha: 1) { #expect(agree(gains, gains.map { _ in 1 })) }
    var rescaled = try AnalogNetwork.golden(golden.net)
    let gains = [0.5, 3, 7, 0.25, 1]
    rescaled.scaleRows(rescaled.stages[0], by: gains)
    rescaled.scaleColumns(rescaled.stages[1], by: gains.map { 1 / $0 })
    _ = L4.equalising(&rescaled, .one, alpha: 1)
    for l in 0..<3 { #expect(agree(rescaled.rows[l].flatMap { $0 }, net.rows[l].flatMap { $0 })) }
    var same = try AnalogNetwork.golden(golden.net)
    for gains in L4.equalising(&same, .mean, alpha: 0) { #expect(gains.allSatisfy { $0 == 1 }) }
  }
  /// e2.7: with model-based scales no step of binary input brings more than a threshold.
  @Test func modelBasedNeverOverflows() throws {
    let golden = try Golden.read(Factors.self, "factors").biased
    let work = try scaled(ModelBased(), golden.net, [])
    var net = work.net
    try #require(work.scaling).apply(to: &net)
    for (rows, bias) in zip(net.rows, net.biases) {
      for (row, b) in zip(rows, bias) { #expect(row.reduce(0) { $0 + max(0, $1) } + max(0, b) <= 1 + 1e-6) }
    }
  }
  @Test func theDefaultMultiplier() throws {
    let golden = try Golden.read(Factors.self, "factors").biasFree
    let length = golden.calibration.reduce(0) { $0 + Norm.l2($1) } / Double(golden.calibration.count)
    let neuron = try L4().applying([("mode", .text("neuron")), ("rate", .quantity(Quantity(0.2)))])
    let k = try neuron.multiplier(scaled(neuron, golden.net, golden.calibration))
    #expect(abs(k - 1.3 * (0.2 * length).squareRoot()) < 1e-6)
    #expect(abs(try neuron.multiplier(scaled(neuron, golden.net, [])) - 4 * 0.2.squareRoot()) < 1e-12)
  }
  @Test func percentilesInterpolate() {
    #expect(percentile([4, 1, 3, 2], 50) == 2.5 && percentile([4, 1, 3, 2], 100) == 4 && percentile([7], 3) == 7)
    #expect(percentile([], 50) == nil)
    #expect(percentile([-3, 0, -0.5, 2, -8], 25) == -3 && percentile([5, 5, 5, 1], 40) == 5)
    var seen = 0
    let positive = percentile([-1, 0, 4, 2], 50, onlyPositive: true) { seen += 1 }
    #expect(positive == 3 && seen > 0)
    let none = percentile([-1, 0], 50, onlyPositive: true) {}
    #expect(none == nil)
  }
}

import Foundation

/// A case file of the golden vectors.
struct GoldenCase: Decodable {
  struct Config: Decodable {
    var variant: String, sizes: [Int], t_max: Int, t_enc: Int, theta: [Double], alpha: [Double], gamma: Int
    var silent_rule: String, lr: [Double], lr_alpha: [Double], lambda: [Double], order: String
  }
  struct Step: Decodable {
    var pixels: [Int], label: Int, input_times: [Int], spike_times: [[Int]], output_probe: [Double]
    var all_silent: Bool, winner_strict: Int, correct_strict: Bool, correct_tied: Bool, target: [Int]
    var integer_threshold: [Int]?, v_end: [[Double]]?, v_cross: [[Double?]]?
    var delta_raw: [[Double]]?, norm: [Double]?, delta: [[Double]]?, delta_output: [Double]?
    var grad_w: [[[Double]]]?, grad_alpha: [Double]?, alpha_after: [Double]?, sign_flips: Int?
  }
  var name: String, config: Config, weights: [[[Double]]], steps: [Step], weights_after: [[[Double]]]
  var isBinary: Bool { config.variant == "bs4nn" }

  /// Whether a weight is exactly 0 before or after some step.
  var meetsZero: Bool {
    var net = reference(Double.self)
    for step in steps {
      if flat(net.weights).contains(0) { return true }
      _ = net.learn(step.input_times, label: step.label)
    }
    return flat(net.weights).contains(0)
  }
  static let names = [
    "all_silent_none", "all_silent_pull", "alpha_update", "already_right", "equality_and_zero", "gamma_capped",
    "s4nn_step",
    "sequence_bs4nn", "sequence_s4nn", "silent_hidden", "step_plain", "step_previous_order", "three_layers", "tie_all",
    "tie_without_label", "zero_image_255", "zero_image_256",
  ]
  static func read(_ name: String) throws -> GoldenCase {
    try JSONDecoder().decode(Self.self, from: Files.golden(name))
  }

  func reference<Real: BinaryFloatingPoint>(_ type: Real.Type) -> Reference<Real> {
    Reference(
      isBinary: isBinary, window: config.t_max, theta: config.theta.map { Real($0) },
      alpha: config.alpha.map { Real($0) },
      gamma: config.gamma, pulls: config.silent_rule == "pull_label", rates: config.lr.map { Real($0) },
      alphaRates: config.lr_alpha.map { Real($0) }, decay: config.lambda.map { Real($0) },
      usesPrevious: config.order == "previous", weights: weights.map { $0.map { $0.map { Real($0) } } })
  }
}

/// The values of nested lists in a row.
func flat(_ x: [[[Double]]]) -> [Double] { x.flatMap { $0.flatMap { $0 } } }
/// Whether all values agree relative to their size, or absolutely below 1.
func agree(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}

public import Compute
public import Spiking

/// One spike per value, the earlier the larger, on a straight or a logarithmic scale.
///
/// Over T steps, with x from 0 to 1:
///
///     linear        t = round((1 − x)·(T − 1))
///     logarithmic   t ∝ ln(x/(x − θ)), with x = 1 at step 0 and x = 1.1θ at T − 1
///
/// The logarithmic form is the first spike of a leaky neuron of threshold θ under a current x. Values of θ or less (1.1θ
/// with the logarithmic form, whose run then ends) never spike.
///
/// - Reference: W. Gerstner et al., Neuronal Dynamics, 2014, §1.3 and §7.6, doi:10.1017/CBO9781107447615.
public struct Latency: TimeEncoder, DecodableEncoder, BoundedEncoder, Declared {
  public enum Scale: String, Choice { case linear, logarithmic }
  public var steps = 100, scale = Scale.linear
  /// Left open, 0.01 on the straight and 0.2 on the logarithmic scale.
  public var threshold: Double?
  public init() {}

  public static let manual = Manual(
    "latency", "One spike per value, the earlier the larger, on a straight or a logarithmic scale.",
    equation: "linear: t = (1 − x)(T − 1)\nlogarithmic: t ∝ ln(x/(x − θ)), the first spike of a leaky neuron",
    reference: "W. Gerstner et al., Neuronal Dynamics, 2014, §7.6, doi:10.1017/CBO9781107447615",
    details: "Values up to the threshold θ never spike, on the logarithmic scale those up to 1.1θ.",
    examples: ["data glyphs | encode latency | plot raster sample=4", "data glyphs | encode latency scale=logarithmic"])
  public static let settings: [Setting<Self>] = [
    Setting("steps", \.steps, "Length of the run.", in: 2...65535),
    Setting("scale", \.scale, "How values become times."),
    Setting(
      "threshold", \.threshold, "Values up to it never spike, θ; left open, 0.01, and 0.2 for logarithmic.",
      in: 1e-6...0.9),
  ]
  public var bounds: ClosedRange<Float> { 0...1 }
  public func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code { try timeCode(steps: steps, shape) }

  private var limit: Double { threshold ?? (scale == .linear ? 0.01 : 0.2) }
  /// The smallest value that spikes within the run.
  private var least: Double { scale == .linear ? limit : 1.1 * limit }
  private func latency(_ x: Double) -> Double { Double.logarithm(x / (x - limit)) }

  public func time(_ value: Float, _ code: Code) -> Int {
    let x = Double(value)
    guard x > least else { return code.steps }
    let share: Double
    switch scale {
    case .linear: share = 1 - x
    case .logarithmic:
      let first = latency(1), last = latency(least)
      share = (latency(x) - first) / (last - first)
    }
    return Int((share * Double(code.steps - 1)).rounded())
  }
  public func decoded(
    _ spikes: UnsafePointer<Float>, stride: Int, _ code: Code, into sample: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<code.features.count {
      guard let t = (0..<code.steps).first(where: { spikes[$0 * stride + i] != 0 }) else {
        sample[i] = 0
        continue
      }
      sample[i] = Float(value(at: Double(t) / Double(code.steps - 1)))
    }
  }
  private func value(at share: Double) -> Double {
    guard scale == .logarithmic else { return 1 - share }
    let first = latency(1), last = latency(least)
    let grown = Double.exponential(first + share * (last - first))
    return limit * grown / (grown - 1)
  }
}

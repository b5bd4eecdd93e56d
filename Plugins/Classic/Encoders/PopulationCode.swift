public import Compute
public import Spiking

/// Each value as the spikes of several neurons with overlapping Gaussian tuning curves, the best tuned first.
///
/// n neurons per value have centres (k + ½)/n − evenly from 0 to 1 − and width σ = 1/(β·n). The activation
/// g_k = e^(−(x − c_k)²/2σ²) becomes a time, t = round((1 − g_k)·(T − 1)); activations below 0.1 never spike.
///
/// - Reference: S. M. Bohte, J. N. Kok, H. La Poutré, Neurocomputing 48, 2002, doi:10.1016/S0925-2312(01)00658-0.
public struct PopulationCode: DecodableEncoder, BoundedEncoder, Declared {
  public var neurons = 8, steps = 20, sharpness = 1.5
  public init() {}

  public static let manual = Manual(
    "population", "Each value as the spikes of several neurons with overlapping tuning curves.",
    equation: "g_k = e^(−(x − c_k)²/2σ²), c_k = (k + ½)/n, σ = 1/(βn)\nt_k = (1 − g_k)(T − 1), silent for g_k < 0.1",
    reference: "S. M. Bohte, J. N. Kok, H. La Poutré, Neurocomputing 48, 2002, doi:10.1016/S0925-2312(01)00658-0",
    examples: ["data glyphs | encode population neurons=4"])
  public static let settings: [Setting<Self>] = [
    Setting("neurons", \.neurons, "Neurons per value, n.", in: 2...1000),
    Setting("steps", \.steps, "Length of the run, T.", in: 2...65535),
    Setting("sharpness", \.sharpness, "How narrow the tuning is, β.", in: 0.1...100),
  ]
  public var bounds: ClosedRange<Float> { 0...1 }
  /// A value drives the units whose centres are near.
  public var isMonotone: Bool { false }
  /// The neurons of a value stand side by side.
  public func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code {
    guard shape.count * neurons <= 50_000_000 else {
      throw ShapeError(code: "shape.memory", message: "\(shape.count) values times \(neurons) neurons are too many")
    }
    return Code(steps: steps, features: [shape.count * neurons])
  }
  private func centre(_ k: Int) -> Double { (Double(k) + 0.5) / Double(neurons) }
  private func activation(_ x: Double, _ k: Int) -> Double {
    let distance = (x - centre(k)) * sharpness * Double(neurons)
    return Double.exponential(-distance * distance / 2)
  }
  public func encode(
    _ sample: UnsafeBufferPointer<Float>, _ code: Code, into output: UnsafeMutablePointer<Float>, stride: Int,
    random: RandomStream
  ) {
    for i in sample.indices {
      for k in 0..<neurons {
        let g = activation(Double(sample[i]), k)
        guard g >= 0.1 else { continue }
        let t = Int(((1 - g) * Double(steps - 1)).rounded())
        if t < code.steps { output[t * stride + i * neurons + k] = 1 }
      }
    }
  }
  /// The centres, weighted with the activations that the times tell.
  public func decoded(
    _ spikes: UnsafePointer<Float>, stride: Int, _ code: Code, into sample: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<code.features.count / neurons {
      var sum = 0.0, weight = 0.0
      for k in 0..<neurons {
        guard let t = (0..<code.steps).first(where: { spikes[$0 * stride + i * neurons + k] != 0 }) else { continue }
        let g = 1 - Double(t) / Double(max(1, steps - 1))
        (sum, weight) = (sum + g * centre(k), weight + g)
      }
      sample[i] = weight > 0 ? Float(sum / weight) : 0
    }
  }
}

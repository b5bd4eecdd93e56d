public import Compute
public import Spiking

/// Spikes where a signal has changed: +1 each time it has risen by θ since the last spike, −1 each time it has fallen.
///
/// The first axis of a sample is time: an image is read row by row, a list value by value. With the level L, 0 at first,
/// step t sends s = 1 while x(t) − L ≥ θ, −1 while L − x(t) ≥ θ, one spike a step, and L ← L + s·θ. The sum of the spikes
/// times θ follows the signal to within θ as long as it changes by less than θ per step; repeat=n gives it n steps for each
/// value to catch up.
///
/// - Reference: M. Mahowald, An Analog VLSI System for Stereoscopic Vision, 1994, doi:10.1007/978-1-4615-2724-4.
public struct Delta: DecodableEncoder, Declared {
  public var threshold = 0.1, repeats = 4
  public init() {}

  public static let manual = Manual(
    "delta", "Spikes of either sign where a signal changes, as a silicon retina does.",
    equation: "s = +1 if x − L ≥ θ, −1 if L − x ≥ θ, else 0;  L ← L + s·θ",
    reference: "M. Mahowald, An Analog VLSI System for Stereoscopic Vision, 1994, doi:10.1007/978-1-4615-2724-4",
    details: "The first axis of a sample is time, so an image is read row by row.",
    examples: ["data glyphs | encode delta | plot raster sample=4"])
  public static let settings: [Setting<Self>] = [
    Setting("threshold", \.threshold, "Change that makes a spike, θ.", in: 1e-6...1e6),
    Setting("repeat", \.repeats, "Steps for each value.", in: 1...1000),
  ]
  /// Changes spike, whatever they start from.
  public var isMonotone: Bool { false }
  public func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code {
    let rows = shape.extents.first ?? 1
    guard rows * repeats <= 1_000_000 else {
      throw ShapeError(code: "shape.window", message: "a code of \(rows * repeats) steps is longer than a million")
    }
    let rest = Shape(Array(shape.extents.dropFirst()))
    return Code(steps: rows * repeats, features: shape.rank > 1 ? rest : [1], alphabet: .ternary)
  }
  public func encode(
    _ sample: UnsafeBufferPointer<Float>, _ code: Code, into output: UnsafeMutablePointer<Float>, stride: Int,
    random: RandomStream
  ) {
    let n = code.features.count, step = Float(threshold)
    for i in 0..<n {
      var level: Float = 0
      for t in 0..<min(code.steps, sample.count / n * repeats) {
        let change = sample[t / repeats * n + i] - level
        let spike: Float = change >= step ? 1 : change <= -step ? -1 : 0
        output[t * stride + i] = spike
        level += spike * step
      }
    }
  }
  public func decoded(
    _ spikes: UnsafePointer<Float>, stride: Int, _ code: Code, into sample: UnsafeMutablePointer<Float>
  ) {
    let n = code.features.count
    for i in 0..<n {
      var level: Float = 0
      for t in 0..<code.steps {
        level += spikes[t * stride + i] * Float(threshold)
        if t % repeats == repeats - 1 { sample[t / repeats * n + i] = level }
      }
    }
  }
}

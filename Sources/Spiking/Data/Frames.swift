public import Compute

/// Shows the frames of a sample one after the other, as they are:
///
///     x[t] = sample[t],    samples of the shape [steps, features…]
public struct Frames: ExactEncoder, DecodableEncoder, Declared {
  public init() {}
  public static let manual = Manual(
    "frames", "Shows samples that are sequences, one frame a step.", equation: "x[t] = sample[t]",
    details:
      "The first extent of the samples is time, the others are the features of a step. Frames of 0 and 1 are binary spikes, frames of −1, 0 and 1 ternary ones.",
    examples: ["data glyphs samples=100 | encode frames | dense 20 | neuron lif | dense 10"])

  /// What comes first is not a brightness.
  public var isMonotone: Bool { false }
  public func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code {
    guard shape.rank >= 2 else {
      throw ShapeError(
        code: "shape.frames", message: "'frames' needs samples of several frames, but they have the shape \(shape)")
    }
    return Code(steps: shape[0], features: Shape(Array(shape.extents.dropFirst())), alphabet: .graded)
  }
  public func encode(
    _ sample: UnsafeBufferPointer<Float>, _ code: Code, into output: UnsafeMutablePointer<Float>, stride: Int,
    random: RandomStream
  ) {
    let n = code.features.count
    for t in 0..<min(code.steps, sample.count / max(1, n)) {
      for i in 0..<n { output[t * stride + i] = sample[t * n + i] }
    }
  }
  public func decoded(
    _ spikes: UnsafePointer<Float>, stride: Int, _ code: Code, into sample: UnsafeMutablePointer<Float>
  ) {
    let n = code.features.count
    for t in 0..<code.steps { for i in 0..<n { sample[t * n + i] = spikes[t * stride + i] } }
  }
}

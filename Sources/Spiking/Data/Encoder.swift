public import Compute

/// The form of a code: what a network gets to see of every sample.
public struct Code: Sendable, Equatable {
  public var steps: Int, features: Shape, alphabet: Alphabet
  /// Whether every step is the same.
  public var isConstant: Bool

  public init(steps: Int, features: Shape, alphabet: Alphabet = .binary, isConstant: Bool = false) {
    (self.steps, self.features, self.alphabet, self.isConstant) = (steps, features, alphabet, isConstant)
  }
  /// Bytes of one sample as a signal over time.
  public var sampleBytes: Double { 4 * Double(isConstant ? 1 : steps) * Double(features.count) }
}

/// Turns samples into spikes, lazily: one sample, one random stream, no order.
public protocol Encoder: Sendable {
  /// The word behind `encode`: "ttfs".
  var kind: String { get }
  /// Its settings as a user would write them.
  var settingsText: String { get }
  /// Whether the code of a sample depends on the random stream.
  static var drawsAtRandom: Bool { get }
  /// Whether a brighter value spikes no later, or no less often.
  var isMonotone: Bool { get }
  /// The form of the code of samples of a shape, or why they cannot be encoded.
  func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code
  /// Writes [steps][features] of one sample into zeros; `stride` is the distance between steps.
  ///
  /// A sample, in values from 0 to 1 for images, and a stream say everything: the same bits in any batch.
  func encode(
    _ sample: UnsafeBufferPointer<Float>, _ code: Code, into output: UnsafeMutablePointer<Float>, stride: Int,
    random: RandomStream)
}
extension Encoder {
  public static var drawsAtRandom: Bool { false }
  public var isMonotone: Bool { true }
}
extension Encoder where Self: Declared {
  public var kind: String { Self.manual.name }
  public var settingsText: String { writtenSettings }
}

extension Encoder {
  /// The form of the code of a data set.
  public func code(of data: Dataset.Outline, dt: Time) throws(ShapeError) -> Code {
    var code = try code(for: data.shape, dt: dt)
    if self is any ExactEncoder { code.alphabet = data.alphabet }
    return code
  }
}

/// Capability: the code holds the values themselves, and no others: it has their alphabet.
public protocol ExactEncoder: Encoder {}

/// Capability: the code of a sample is one value per input, the same at every step; `encode` writes one step where the code is
/// constant.
public protocol ConstantEncoder: Encoder {}

/// Capability: at most one spike per input, so the code is also a list of times.
public protocol TimeEncoder: Encoder {
  /// The step of the spike of an input; `code.steps` or more is silence.
  func time(_ value: Float, _ code: Code) -> Int
}
extension TimeEncoder {
  public func encode(
    _ sample: UnsafeBufferPointer<Float>, _ code: Code, into output: UnsafeMutablePointer<Float>, stride: Int,
    random: RandomStream
  ) {
    for i in sample.indices {
      let t = time(sample[i], code)
      if t < code.steps { output[t * stride + i] = 1 }
    }
  }
  /// A code of at most one spike in each of `steps` steps, or the fact that times of 16 bits cannot tell them apart.
  public func timeCode(steps: Int, _ shape: Shape) throws(ShapeError) -> Code {
    guard steps <= SpikeTimes.longestWindow else {
      throw ShapeError(
        code: "shape.window", message: "a code of \(steps) steps is longer than \(SpikeTimes.longestWindow) steps")
    }
    return Code(steps: steps, features: shape)
  }
}

/// Shows the values themselves at every step.
public struct Direct: ConstantEncoder, Declared {
  public var steps = 1, shared = true
  public init() {}
  public init(steps: Int, shared: Bool = true) { (self.steps, self.shared) = (steps, shared) }
  public static let manual = Manual(
    "direct", "Shows the values themselves, the same at every step.", equation: "x[t] = value",
    examples: ["data glyphs | encode direct steps=4"])
  public static let settings: [Setting<Self>] = [
    Setting("steps", \.steps, "Number of steps.", in: 1...1e6),
    Setting("shared", \.shared, "Whether what reads them is computed once for all steps; the results are the same."),
  ]
  public func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code {
    Code(steps: steps, features: shape, alphabet: .graded, isConstant: shared)
  }
  public func encode(
    _ sample: UnsafeBufferPointer<Float>, _ code: Code, into output: UnsafeMutablePointer<Float>, stride: Int,
    random: RandomStream
  ) {
    for t in 0..<(code.isConstant ? 1 : code.steps) { for i in sample.indices { output[t * stride + i] = sample[i] } }
  }
}

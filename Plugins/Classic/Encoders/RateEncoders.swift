public import Compute
public import Spiking

/// An encoder whose spikes follow a `RateCode`.
public protocol RateEncoder: BoundedEncoder, DecodableEncoder, Declared {
  static var code: RateCode.Kind { get }
  var steps: Int { get set }
  /// ρ, spikes per step of the largest value.
  var rate: Double { get set }
}
extension RateEncoder {
  public var rateCode: RateCode { RateCode(Self.code, peak: rate) }
  public var bounds: ClosedRange<Float> { 0...1 }

  public static var settings: [Setting<Self>] {
    [
      Setting("steps", \Self.steps, "Number of steps.", in: 1...1e6),
      Setting("rate", \Self.rate, "Peak rate: spikes per step of a value of 1.", in: 1e-9...1),
    ]
  }
  public func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code {
    switch Self.code {
    case .bernoulli, .regular: Code(steps: steps, features: shape)
    case .poisson: Code(steps: steps, features: shape, alphabet: .graded)
    case .analog: Code(steps: steps, features: shape, alphabet: .graded, isConstant: true)
    }
  }
  /// Spikes per step over the peak rate.
  public func decoded(
    _ spikes: UnsafePointer<Float>, stride: Int, _ code: Code, into sample: UnsafeMutablePointer<Float>
  ) {
    let steps = code.isConstant ? 1 : code.steps
    for i in 0..<code.features.count {
      let count = (0..<steps).reduce(Float(0)) { $0 + spikes[$1 * stride + i] }
      sample[i] = count / (Float(steps) * Float(rate))
    }
  }
  public func encode(
    _ sample: UnsafeBufferPointer<Float>, _ code: Code, into output: UnsafeMutablePointer<Float>, stride: Int,
    random: RandomStream
  ) {
    let rates = rateCode, n = sample.count
    if code.isConstant {
      for i in 0..<n { output[i] = rates.rate(sample[i]) }
      return
    }
    for t in 0..<code.steps {
      for i in 0..<n where sample[i] > 0 {
        output[t * stride + i] = Float(rates.spikes(sample[i], step: t, input: i, of: n, random: random))
      }
    }
  }
}

/// A spike with probability ρ·x in every step, drawn anew for every input and step.
public struct Bernoulli: RateEncoder {
  public static let code = RateCode.Kind.bernoulli
  public var steps = 100, rate = 1.0
  public init() {}
  public static let manual = Manual(
    "bernoulli", "A spike with a probability that follows the value, drawn anew in every step.",
    equation: "P(spike) = ρ·x",
    reference: "P. U. Diehl et al., IJCNN 2015, doi:10.1109/IJCNN.2015.7280696",
    details: "Often called a Poisson code; at high rates it is less noisy: variance p(1 − p) instead of p.",
    examples: ["data glyphs | encode bernoulli steps=50 rate=0.2"])
}
/// A Poisson number of spikes of mean ρ·x in every step, so several are possible.
public struct Poisson: RateEncoder {
  public static let code = RateCode.Kind.poisson
  public var steps = 100, rate = 1.0
  public init() {}
  public static let manual = Manual(
    "poisson", "A Poisson number of spikes in every step, with a mean that follows the value.",
    equation: "P(k spikes) = (ρx)^k e^(−ρx) / k!",
    details: "Several spikes may fall into one step; encode bernoulli has one at most.",
    examples: ["data glyphs | encode poisson steps=50 rate=0.2"])
}
/// Evenly spaced spikes: after t steps there have been ⌊t·ρ·x⌋.
public struct Regular: RateEncoder {
  public static let code = RateCode.Kind.regular
  public var steps = 100, rate = 1.0
  public init() {}
  public static let isRandom = false
  public static let manual = Manual(
    "regular", "Evenly spaced spikes, without chance.",
    equation: "c ← c + ρ·x; a spike when c ≥ 1, then c ← c − 1", examples: ["data glyphs | encode regular steps=50"])
}
/// The value ρ·x itself as a current, the same in every step.
public struct Analog: RateEncoder, ConstantEncoder {
  public static let code = RateCode.Kind.analog
  public var steps = 100, rate = 1.0
  public init() {}
  public static let manual = Manual(
    "analog", "The value itself as a constant current; no input spikes.", equation: "x[t] = ρ·x",
    reference: "B. Rueckauer et al., Front. Neurosci. 11:682, 2017, doi:10.3389/fnins.2017.00682",
    examples: ["data glyphs | encode analog steps=50"])
}

internal import Spiking

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// e^(−x)
func decay(_ x: Double) -> Double { exp(-x) }
func sine(_ x: Double) -> Double { sin(x) }
func cosine(_ x: Double) -> Double { cos(x) }

/// Floating-point numbers with the functions that neurons are made of.
public protocol Real: BinaryFloatingPoint, Sendable, BitwiseCopyable {
  static func exponential(_ x: Self) -> Self
  static func tangent(_ x: Self) -> Self
  static func hyperbolicTangent(_ x: Self) -> Self
}
extension Double: Real {
  static func logarithm(_ x: Double) -> Double { log(x) }
  public static func exponential(_ x: Double) -> Double { exp(x) }
  public static func tangent(_ x: Double) -> Double { tan(x) }
  public static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
}
extension Float: Real {
  public static func exponential(_ x: Float) -> Float { expf(x) }
  public static func tangent(_ x: Float) -> Float { tanf(x) }
  public static func hyperbolicTangent(_ x: Float) -> Float { tanhf(x) }
}

extension Quantity {
  static func millivolts(_ x: Double) -> Quantity { Quantity(x / 1000, .voltage) }
  static func nanosiemens(_ x: Double) -> Quantity { Quantity(x / 1e9, .conductance) }
  static func picofarads(_ x: Double) -> Quantity { Quantity(x / 1e12, .capacitance) }
  static func picoamperes(_ x: Double) -> Quantity { Quantity(x / 1e12, .current) }
  /// The number in a unit so many times its base unit.
  func times(_ factor: Double) -> Double { value * factor }
  var millivolts: Double { times(1e3) }
}

/// Steps within a step, for equations without a closed solution.
enum Substeps {
  /// How many are needed so that none is longer than `longest`.
  static func count(_ dt: Time, longest: Time) -> Int { max(1, min(10_000, Int((dt / longest).rounded(.up)))) }
}

/// One step of the classical Runge–Kutta method, of fourth order, for two variables.
@inline(__always)
func rungeKutta<R: Real>(_ v: R, _ w: R, _ h: R, _ slope: (R, R) -> (R, R)) -> (R, R) {
  let half: R = h / 2, sixth: R = h / 6
  let (a, p) = slope(v, w)
  let (b, q) = slope(v + half * a, w + half * p)
  let (c, r) = slope(v + half * b, w + half * q)
  let (d, s) = slope(v + h * c, w + h * r)
  let middleV: R = b + c, middleW: R = q + r
  let sumV: R = a + 2 * middleV + d, sumW: R = p + 2 * middleW + s
  return (v + sixth * sumV, w + sixth * sumW)
}

/// One exact step of a leak with τ behind a variable x that fades with its own time constant: v ← leak·v + transfer·x,
/// x ← fade·x.
struct FadingInput {
  let leak: Double, fade: Double, transfer: Double

  init(_ tau: Time, behind slow: Time, _ dt: Time) {
    (leak, fade) = (decay(dt / tau), decay(dt / slow))
    // Equal time constants are the limit of unequal ones: dt/τ·e^(−dt/τ).
    let apart = slow.seconds - tau.seconds
    transfer = abs(apart) > 1e-9 * slow.seconds ? slow.seconds / apart * (fade - leak) : (dt / tau) * leak
  }
}

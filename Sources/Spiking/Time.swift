/// A duration: seconds inside, written with its unit outside.
public struct Time: Sendable, Hashable, Comparable {
  public var seconds: Double

  public init(seconds: Double) { self.seconds = seconds }
  public static func s(_ x: Double) -> Time { Time(seconds: x) }
  public static func ms(_ x: Double) -> Time { Time(seconds: x / 1000) }
  public static let zero = Time(seconds: 0)

  public var milliseconds: Double { seconds * 1000 }
  public static func < (a: Time, b: Time) -> Bool { a.seconds < b.seconds }
  /// How often `b` fits into `a`.
  public static func / (a: Time, b: Time) -> Double { a.seconds / b.seconds }
  public static func * (n: Double, t: Time) -> Time { Time(seconds: n * t.seconds) }
  public static func + (a: Time, b: Time) -> Time { Time(seconds: a.seconds + b.seconds) }
  /// The whole number of steps of `dt` nearest to this duration.
  public func steps(of dt: Time) -> Int { Int((seconds / dt.seconds).rounded()) }
}

extension Duration {
  /// The duration as a number, for rates and reports.
  public var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

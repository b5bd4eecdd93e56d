#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Numbers as a function of (key, counter): any element of any sample can be drawn alone, in any order, on any thread.
///
/// The mixing function is that of SplitMix64 (doi:10.1145/2714064.2660195). Streams are split by purpose, epoch, sample
/// and layer with `child`; the counter is usually step · features + index.
public struct RandomStream: Sendable, Hashable {
  @usableFromInline let key: UInt64

  public init(seed: UInt64) { key = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15) }
  /// The stream of a purpose, told by a word: the same word gives the same stream on every machine.
  public init(seed: UInt64, _ label: String) { self = RandomStream(seed: seed).child(label) }
  @usableFromInline init(key: UInt64) { self.key = key }

  /// An independent stream: per purpose, epoch, sample, layer …
  @inlinable public func child(_ index: Int) -> RandomStream {
    RandomStream(key: Self.mix(key ^ Self.mix(UInt64(bitPattern: Int64(index)) &+ 0xD1B5_4A32_D192_ED03)))
  }
  /// An independent stream named by a word.
  public func child(_ label: String) -> RandomStream {
    RandomStream(key: Self.mix(key ^ Self.mix(Self.hash(label) &+ 0x8CB9_2BA7_2F3D_8DD7)))
  }
  /// A number to hand to something that takes a seed of its own.
  public var seed: UInt64 { key }

  /// 64 random bits.
  @inlinable public func bits(_ counter: Int) -> UInt64 {
    Self.mix(key &+ (UInt64(bitPattern: Int64(counter)) &+ 1) &* 0x9E37_79B9_7F4A_7C15)
  }
  /// Uniform in [0, 1), 24 bits.
  @inlinable public func uniform(_ counter: Int) -> Float { Float(bits(counter) >> 40) * 0x1p-24 }
  /// Uniform in [0, 1), 53 bits.
  @inlinable public func uniformDouble(_ counter: Int) -> Double { Double(bits(counter) >> 11) * 0x1p-53 }

  /// Standard normal: √(−2 ln u) cos 2πv (Box and Muller), both uniforms taken from one counter's bits.
  public func normal(_ counter: Int) -> Double {
    let word = bits(counter), other = Self.mix(word ^ 0xA076_1D64_78BD_642F)
    let u = (Double(word >> 11) + 0.5) * 0x1p-53, v = Double(other >> 11) * 0x1p-53
    return (-2 * log(u)).squareRoot() * cos(2 * Double.pi * v)
  }
  /// A whole number in 0..<below: the high half of a 128-bit product, off by at most `below` / 2⁶⁴.
  public func integer(below: Int, counter: Int) -> Int {
    precondition(below > 0, "a positive bound")
    return Int(bits(counter).multipliedFullWidth(by: UInt64(below)).high)
  }
  /// The numbers 0..<n in random order (Fisher and Yates).
  public func shuffled(_ n: Int) -> [Int] {
    var result = Array(0..<max(0, n))
    for i in stride(from: n - 1, to: 0, by: -1) { result.swapAt(i, integer(below: i + 1, counter: i)) }
    return result
  }

  @inlinable static func mix(_ x: UInt64) -> UInt64 {
    var z = x
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  /// FNV-1a over the UTF-8 bytes; the standard library's own hash differs from run to run.
  static func hash(_ label: String) -> UInt64 {
    label.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

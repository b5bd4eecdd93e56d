/// A colour as its screen shows it.
public struct Colour: Hashable, Sendable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour from its usual six hexadecimal digits.
  public init(_ hexadecimal: UInt32) {
    self.init(
      UInt8(truncatingIfNeeded: hexadecimal >> 16), UInt8(truncatingIfNeeded: hexadecimal >> 8),
      UInt8(truncatingIfNeeded: hexadecimal))
  }

  public static let white = Colour(0xFFFFFF)
  static let black = Colour(0x000000)
  static let ink = Colour(0x303030)
  static let axis = Colour(0x505050)
  static let grid = Colour(0xE8E8E8)
  static let muted = Colour(0xB0B0B0)

  /// A colour between this and another; 0 is this, 1 the other.
  public func mixed(with other: Colour, _ share: Double) -> Colour {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8((Double(a) + (Double(b) - Double(a)) * share).rounded(in: 0...255))
    }
    return Colour(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }

  /// How bright the colour is for the eye, from 0 to 1.
  public var luminance: Double { (0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)) / 255 }
}

extension Tint {
  /// Eight colours that people with any colour vision tell apart (Okabe and Ito 2008), yellow and black last.
  static let palette: [Colour] = [
    Colour(0x0072B2), Colour(0xD55E00), Colour(0x009E73), Colour(0xCC79A7), Colour(0xE69F00), Colour(0x56B4E9),
    Colour(0x000000), Colour(0xF0E442),
  ]

  /// The position in the palette, or nothing for greys.
  var index: Int? {
    switch self {
    case .palette(let number): ((number % Self.palette.count) + Self.palette.count) % Self.palette.count
    case .automatic: 0
    case .ink, .muted: nil
    }
  }

  var colour: Colour {
    if let index { return Self.palette[index] }
    return self == .muted ? .muted : .ink
  }
}

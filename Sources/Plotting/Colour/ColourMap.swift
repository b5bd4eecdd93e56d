/// How values become colours.
public enum ColourMap: Hashable, Sendable {
  /// From white to black.
  case grey
  /// From dark violet over green to yellow; brightness rises evenly.
  case sequential
  /// From blue over white, which is zero, to red.
  case diverging
}

extension ColourMap {
  private static let sequentialColours: [Colour] = [
    Colour(0x3D0B52), Colour(0x45317D), Colour(0x385A8C), Colour(0x2A7C8E), Colour(0x1F9D88), Colour(0x45BC70),
    Colour(0x93D645), Colour(0xF6E72D),
  ]
  private static let divergingColours: [Colour] = [
    Colour(0x0B4A8F), Colour(0x3F86C2), Colour(0x9CC8E4), Colour(0xFAFAFA), Colour(0xF5B396), Colour(0xD6604B),
    Colour(0x98152B),
  ]
  private static let greyColours: [Colour] = [.white, Colour(0x101010)]

  private var colours: [Colour] {
    switch self {
    case .grey: Self.greyColours
    case .sequential: Self.sequentialColours
    case .diverging: Self.divergingColours
    }
  }

  /// The colour at a fraction of the map.
  func colour(at fraction: Double) -> Colour {
    let colours = colours
    let position = max(0, min(1, fraction.isNaN ? 0 : fraction)) * Double(colours.count - 1)
    let index = min(colours.count - 2, Int(position))
    return colours[index].mixed(with: colours[index + 1], position - Double(index))
  }

  /// A range for values; symmetric around zero for a diverging map.
  func range(of values: [Double]) -> ClosedRange<Double> {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values where value.isDrawable { (low, high) = (min(low, value), max(high, value)) }
    guard low <= high else { return 0...1 }
    guard self == .diverging else { return low < high ? low...high : min(0, low)...max(low, min(0, low) + 1) }
    let reach = max(low.magnitude, high.magnitude)
    return reach > 0 ? -reach...reach : -1...1
  }
}

extension ClosedRange<Double> {
  /// Where a value lies between the bounds, held within 0…1.
  func share(of value: Double) -> Double {
    guard upperBound > lowerBound else { return 0.5 }
    return Swift.max(0, Swift.min(1, (value - lowerBound) / (upperBound - lowerBound)))
  }
}

extension Tint {
  /// The palette in shades that can be read on dark and on light terminals.
  private static let terminal: [Colour] = [
    Colour(0x0087D7), Colour(0xFF5F00), Colour(0x00AF87), Colour(0xD787AF), Colour(0xFFAF00), Colour(0x5FD7FF),
    Colour(0x808080), Colour(0xD7D700),
  ]

  /// The colour on a terminal, or nothing for its own.
  var terminalColour: Colour? {
    if let index { return Self.terminal[index] }
    return self == .muted ? Colour(0x808080) : nil
  }
}

extension TextOptions.ColourDepth {
  /// The escape sequence that sets both colours.
  func escape(_ colour: Colour?, _ background: Colour?) -> String {
    var codes = ["0"]
    if let colour { codes.append(code(colour, 38, 0)) }
    if let background { codes.append(code(background, 48, 10)) }
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }
  private func code(_ colour: Colour, _ place: Int, _ offset: Int) -> String {
    switch self {
    case .none, .sixteen: "\(colour.nearestOfSixteen.code + offset)"
    case .full: "\(place);5;\(colour.nearestOf256)"
    case .direct: "\(place);2;\(colour.red);\(colour.green);\(colour.blue)"
    }
  }
}

extension Colour {
  /// The number of the nearest colour in xterm's cube of 216 colours and its 24 greys.
  fileprivate var nearestOf256: Int {
    let levels = [0, 95, 135, 175, 215, 255]
    func nearest(_ value: UInt8) -> Int {
      levels.indices.min { abs(levels[$0] - Int(value)) < abs(levels[$1] - Int(value)) } ?? 0
    }
    let (r, g, b) = (nearest(red), nearest(green), nearest(blue))
    let grey = max(0, min(23, (Int(red) + Int(green) + Int(blue) - 24 + 15) / 30))
    let level = UInt8(8 + 10 * grey)
    let cube = Colour(UInt8(levels[r]), UInt8(levels[g]), UInt8(levels[b]))
    let isGreyCloser = distance(to: Colour(level, level, level)) < distance(to: cube)
    return isGreyCloser ? 232 + grey : 16 + 36 * r + 6 * g + b
  }

  /// The nearest of the sixteen standard colours and its code as a foreground.
  fileprivate var nearestOfSixteen: (code: Int, colour: Colour) {
    let candidates = Self.sixteen.enumerated().map { index, colour in
      (code: index < 8 ? 30 + index : 82 + index, colour: colour)
    }
    return candidates.reduce(candidates[0]) { distance(to: $1.colour) < distance(to: $0.colour) ? $1 : $0 }
  }

  private static let sixteen: [Colour] = [
    Colour(0x000000), Colour(0xCD0000), Colour(0x00CD00), Colour(0xCDCD00), Colour(0x0000EE), Colour(0xCD00CD),
    Colour(0x00CDCD), Colour(0xE5E5E5), Colour(0x7F7F7F), Colour(0xFF0000), Colour(0x00FF00), Colour(0xFFFF00),
    Colour(0x5C5CFF), Colour(0xFF00FF), Colour(0x00FFFF), Colour(0xFFFFFF),
  ]

  private func distance(to other: Colour) -> Int {
    let (r, g, b) = (Int(red) - Int(other.red), Int(green) - Int(other.green), Int(blue) - Int(other.blue))
    return 3 * r * r + 4 * g * g + 2 * b * b
  }
}

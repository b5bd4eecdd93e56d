/// The rows of a picture, each after the number of its filter, as PNG compresses them.
struct Scanlines {
  /// The colours when the rows hold indices of a palette.
  let palette: [Colour]?
  let bytes: [UInt8]

  init(width: Int, height: Int, pixels: [UInt8]) {
    if let indexed = Self.indexed(width: width, height: height, pixels: pixels) {
      (palette, bytes) = indexed
    } else {
      (palette, bytes) = (nil, Self.filtered(width: width, height: height, pixels: pixels))
    }
  }

  /// The rows as indices of a palette, or nothing when there are more than 256 colours.
  private static func indexed(width: Int, height: Int, pixels: [UInt8]) -> ([Colour], [UInt8])? {
    var table = PaletteTable()
    var bytes = [UInt8](repeating: 0, count: height * (width + 1))
    var source = 0
    for row in 0..<height {
      let start = row * (width + 1) + 1
      for column in 0..<width {
        let key = UInt32(pixels[source]) << 16 | UInt32(pixels[source + 1]) << 8 | UInt32(pixels[source + 2])
        guard let index = table.index(of: key) else { return nil }
        bytes[start + column] = index
        source += 3
      }
    }
    return (table.colours, bytes)
  }

  /// The rows as colours; each has the filter with the smallest sum of magnitudes, the usual rule of thumb.
  private static func filtered(width: Int, height: Int, pixels: [UInt8]) -> [UInt8] {
    let stride = 3 * width
    var bytes: [UInt8] = []
    bytes.reserveCapacity(height * (stride + 1))
    var candidates = [[UInt8]](repeating: [UInt8](repeating: 0, count: stride), count: 3)
    for row in 0..<height {
      for filter in 0..<3 { fill(&candidates[filter], filter, pixels, start: row * stride, stride) }
      let sums = candidates.map { line in line.reduce(0) { $0 &+ Int(Int8(bitPattern: $1).magnitude) } }
      let best = row == 0 ? (sums[0] <= sums[1] ? 0 : 1) : sums.firstIndex(of: sums.min() ?? 0) ?? 0
      bytes.append(UInt8(best))
      bytes += candidates[best]
    }
    return bytes
  }

  /// Differences by filter 0 (none), 1 (from the left) or 2 (from above).
  private static func fill(
    _ line: inout [UInt8], _ filter: Int, _ pixels: [UInt8], start: Int, _ stride: Int
  ) {
    let distance = [0, 3, stride][filter]
    for index in 0..<stride {
      let hasNeighbour = filter == 1 ? index >= 3 : filter == 2 && start > 0
      line[index] = pixels[start + index] &- (hasNeighbour ? pixels[start + index - distance] : 0)
    }
  }
}

/// Colours met so far and their numbers: a small open hash table, as this runs once per pixel.
private struct PaletteTable {
  private(set) var colours: [Colour] = []
  private var keys = [UInt32](repeating: .max, count: 1024)
  private var indices = [UInt8](repeating: 0, count: 1024)
  private var last = (key: UInt32.max, index: UInt8(0))

  /// The number of a colour, or nothing when the palette is full.
  mutating func index(of key: UInt32) -> UInt8? {
    if key == last.key { return last.index }
    var slot = Int((key &* 2_654_435_769) >> 22)
    while keys[slot] != key {
      if keys[slot] == .max {
        guard colours.count < 256 else { return nil }
        keys[slot] = key
        indices[slot] = UInt8(colours.count)
        colours.append(Colour(key))
        break
      }
      slot = (slot + 1) & 1023
    }
    last = (key, indices[slot])
    return indices[slot]
  }
}

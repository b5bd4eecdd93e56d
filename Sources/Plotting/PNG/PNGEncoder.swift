/// Writes pictures in the format PNG (ISO/IEC 15948).
///
/// A picture of at most 256 colours becomes a palette picture, any other one has eight bits for each of red, green
/// and blue.
public struct PNGEncoder: Equatable, Sendable {
  /// Pixels for each point of 1/72 inch, written as the physical density.
  public var scale: Double
  /// The effort of the compression, from 1 to 9.
  public var level: Int

  public init(scale: Double = 1, level: Int = 6) {
    self.scale = scale
    self.level = level
  }

  /// The bytes of a file.
  ///
  /// - Parameter pixels: Red, green and blue of each pixel, row by row from the top: `3 * width * height` bytes.
  /// - Throws: ``PlotProblem/unusableSize(width:height:)`` when the count of bytes does not fit.
  public func encode(width: Int, height: Int, pixels: [UInt8]) throws(PlotProblem) -> [UInt8] {
    guard width > 0, height > 0, width <= 1 << 16, height <= 1 << 16, pixels.count == 3 * width * height else {
      throw .unusableSize(width: Double(width), height: Double(height))
    }
    let scanlines = Scanlines(width: width, height: height, pixels: pixels)
    guard let compressed = deflated(scanlines.bytes, level: level) else { throw .compressionFailed }
    var file = PNGFile()
    file.appendHeader(width: width, height: height, colourType: scanlines.palette == nil ? 2 : 3)
    file.appendDensity(scale: scale)
    if let palette = scanlines.palette {
      file.append("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] })
    }
    file.append("IDAT", compressed)
    file.append("IEND", [])
    return file.bytes
  }
}

/// The chunks of a file.
private struct PNGFile {
  private(set) var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Adds length, name, content and checksum.
  mutating func append(_ name: String, _ content: [UInt8]) {
    let checked = Array(name.utf8) + content
    bytes += Self.bigEndian(UInt32(content.count)) + checked + Self.bigEndian(checksum(of: checked))
  }

  mutating func appendHeader(width: Int, height: Int, colourType: UInt8) {
    append("IHDR", Self.bigEndian(UInt32(width)) + Self.bigEndian(UInt32(height)) + [8, colourType, 0, 0, 0])
  }

  mutating func appendDensity(scale: Double) {
    let perMetre = UInt32((scale * 72 / 0.0254).rounded(in: 1...1_000_000_000))
    append("pHYs", Self.bigEndian(perMetre) + Self.bigEndian(perMetre) + [1])
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}

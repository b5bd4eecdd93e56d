internal import Compute
internal import Plotting

/// Samples of a shape as pictures: [height, width], [channels, height, width] or [frames, channels, height, width].
struct Pictures {
  let frames: Int
  private let channels: Int, height: Int, width: Int
  private static let on = Colour(0xD7, 0x26, 0x1E), off = Colour(0x1F, 0x6F, 0xB4)

  /// - Precondition: a shape of at least two extents.
  init(_ shape: Shape) {
    let extents = shape.extents
    (height, width) = (extents[extents.count - 2], extents[extents.count - 1])
    channels = extents.count > 2 ? extents[extents.count - 3] : 1
    frames = extents.count > 3 ? extents[extents.count - 4] : 1
  }
  /// The frames that are shown: 16 at most, in equal distances.
  var shown: [Int] { Array(stride(from: 0, to: frames, by: (frames + 15) / 16)) }
  /// What the values of pictures mean: shares where they have colours, whatever there is where not.
  var range: ClosedRange<Double>? { frames > 1 || channels == 3 ? 0...1 : nil }

  /// The pictures of one sample, with its class below.
  func images(_ sample: [Float], _ name: String) -> [Images.Image] {
    guard frames == 1 else {
      let scale = sample.reduce(Float(0)) { max($0, abs($1)) }
      return shown.map { frame(sample, $0, scale: scale, caption: $0 == 0 ? name : "t=\($0)") }
    }
    return [channels == 3 ? photograph(sample, name) : plain(sample, name)]
  }
  private var size: Int { height * width }

  private func plain(_ sample: [Float], _ name: String) -> Images.Image {
    Images.Image(width: width, height: height, values: sample.prefix(size).map(Double.init), caption: name)
  }
  private func photograph(_ sample: [Float], _ name: String) -> Images.Image {
    func byte(_ value: Float) -> UInt8 { value.isFinite ? UInt8((255 * min(1, max(0, value))).rounded()) : 0 }
    let colours = (0..<size).map {
      Colour(byte(sample[$0]), byte(sample[size + $0]), byte(sample[2 * size + $0]))
    }
    return Images.Image(
      width: width, height: height, values: colours.map(\.luminance), colours: colours, caption: name)
  }
  /// One frame: how much of it is on and off, as shares of the largest value of the sample.
  private func frame(_ sample: [Float], _ t: Int, scale: Float, caption: String) -> Images.Image {
    let first = t * channels * size
    let shares = (0..<size).map { pixel -> (on: Double, off: Double) in
      let a = sample[first + pixel] / max(scale, .leastNormalMagnitude)
      guard channels == 2 else { return (Double(max(0, a)), Double(max(0, -a))) }
      return (Double(sample[first + size + pixel] / max(scale, .leastNormalMagnitude)), Double(a))
    }
    return Images.Image(
      width: width, height: height, values: shares.map { max($0.on, $0.off) },
      colours: shares.map { Self.colour($0.on, $0.off) }, caption: caption)
  }
  private static func colour(_ on: Double, _ off: Double) -> Colour {
    guard on > 0 || off > 0 else { return .white }
    return Colour.white.mixed(with: self.on.mixed(with: self.off, off / (on + off)), max(on, off))
  }
}

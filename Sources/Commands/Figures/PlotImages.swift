internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot images`: samples of a data set as pictures.
struct PlotImages: Plot {
  var count = 16, part: Part?, frame = PlotFrame()
  static let accepts: [ValueType] = [.dataset], isDefault: [ValueType] = [.dataset]
  static let hasAxes = false
  static let manual = Manual(
    "plot images", "Shows samples as pictures with their classes.", examples: ["data glyphs | sample 4 | plot images"])
  static let plotSettings: [Setting<Self>] = [
    Setting("count", \.count, "How many are shown.", in: 1...400),
    Setting("part", \.part, "Part of the data; the test part by default."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .dataset(let outline) = input { try Self.requireImages(outline.shape, outline.name) }
    return .figure
  }
  private static func requireImages(_ shape: Shape, _ name: String) throws {
    guard shape.extents.count >= 2 else {
      throw Diagnostic("shape.image", "samples of '\(name)' are \(shape), not pictures")
    }
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let data = try input.dataset()
    try Self.requireImages(data.shape, data.name)
    guard let view = data[part ?? data.usualPart] else {
      throw Diagnostic("data.part", "'\(data.name)' has no such part")
    }
    let extents = data.shape.extents, height = extents[extents.count - 2], width = extents[extents.count - 1]
    let images = (0..<min(count, view.count)).map { index in
      let label = view.label(index)
      return Images.Image(
        width: width, height: height, values: view.sample(index).prefix(width * height).map(Double.init),
        caption: label < data.classes.count ? data.classes[label] : "\(label)")
    }
    return Figure(Panel(marks: [.images(Images(images))]))
  }
}

internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot images`: samples of a data set as pictures.
struct PlotImages: Plot {
  var count: Int?, part: Part?, frame = PlotFrame()
  static let accepts: [ValueType] = [.dataset], isDefault: [ValueType] = [.dataset]
  static let hasAxes = false
  static let manual = Manual(
    "plot images", "Shows samples as pictures with their classes.",
    details:
      "Three channels are red, green and blue. Of samples that are sequences the frames are shown one beside the other, 16 of them at most: red where a value is positive or in the second channel (on), blue where it is negative or in the first of two (off).",
    examples: ["data glyphs | sample 4 | plot images"])
  static let plotSettings: [Setting<Self>] = [
    Setting("count", \.count, "How many samples are shown; 16 by default, 2 of sequences.", in: 1...400),
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
    let pictures = Pictures(data.shape), isSequence = pictures.frames > 1
    let images = (0..<min(count ?? (isSequence ? 2 : 16), view.count)).flatMap { index in
      let label = view.label(index)
      return pictures.images(view.sample(index), label < data.classes.count ? data.classes[label] : "\(label)")
    }
    let title = isSequence && images.contains(where: { !$0.colours.isEmpty }) ? "red on, blue off" : ""
    return Figure(
      Panel(
        title: title,
        marks: [.images(Images(images, columns: isSequence ? pictures.shown.count : nil, range: pictures.range))]))
  }
}

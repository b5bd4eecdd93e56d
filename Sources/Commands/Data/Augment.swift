internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `augment shift=4 flip=true cutout=8`: another view of every image in every epoch.
struct Augment: Command {
  var augmentation = Augmentation()
  static let accepts: [ValueType] = [.dataset], gives: [ValueType] = [.dataset]
  static let manual = Manual(
    "augment", "Shows each image changed at random, anew in every epoch of a training.",
    reference: "T. DeVries, G. W. Taylor, 2017, arXiv:1708.04552 (cutout)",
    details:
      "Only what is learnt is changed, before it is encoded; whatever is measured, held out or plotted is shown as it is. shift moves by whole numbers from -shift to shift in both directions, with zeros coming in: shift=4 is the crop from images padded with 4 zeros that is usual with CIFAR-10. cutout sets a square around a random pixel to 0. All channels and frames of a sample are changed alike. The draws belong to the seed of the training, the epoch and the sample.",
    examples: [
      "data glyphs | take train=200 test=50 | augment shift=2 cutout=6 | dense 30 | relu | dense 10 | train backprop epochs=2"
    ])
  static let settings: [Setting<Self>] = [
    Setting("shift", \.augmentation.shift, "Largest move in each direction, in pixels.", in: 0...1e4),
    Setting("flip", \.augmentation.flip, "Exchanges left and right with probability 1/2."),
    Setting("cutout", \.augmentation.cutout, "Side of the square that is set to 0, in pixels.", in: 0...1e4),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .dataset(let outline) = input { try requireImages(outline.shape, outline.name) }
    return input
  }
  private func requireImages(_ shape: Shape, _ name: String) throws {
    guard Augmentation.fits(shape) else {
      throw Diagnostic("shape.image", "samples of '\(name)' are \(shape), not images that could be moved")
    }
    let height = shape[shape.rank - 2], width = shape[shape.rank - 1], least = min(height, width)
    guard augmentation.shift < least, augmentation.cutout < least else {
      let setting = augmentation.shift < least ? "cutout=\(augmentation.cutout)" : "shift=\(augmentation.shift)"
      throw Diagnostic(
        "shape.image", "\(setting) would leave nothing of images of \(height)×\(width)",
        help: "choose less than \(least)")
    }
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    var data = try input.dataset()
    try requireImages(data.shape, data.name)
    data.augmentation = augmentation
    return .dataset(data)
  }
}

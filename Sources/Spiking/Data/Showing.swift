internal import Compute

/// The samples of a part as they are shown: as they are, or changed by the draws of a training.
struct Showing: Sendable {
  private let view: Dataset.View, shape: Shape, augmentation: Augmentation, draws: RandomStream?

  init(_ view: Dataset.View, of data: Dataset, augmentedBy draws: RandomStream?) {
    (self.view, shape, augmentation) = (view, data.shape, data.augmentation)
    self.draws = data.augmentation.isNone || !Augmentation.fits(data.shape) ? nil : draws
  }
  /// Writes the features of a sample; `scratch` has room for as many.
  func read(_ index: Int, into output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>) {
    let number = view.bankIndex(index)
    guard let draws else { return view.bank.read(number, into: output) }
    view.bank.read(number, into: scratch)
    augmentation.apply(scratch, shape, into: output, random: draws.child(number))
  }
  /// The features of a sample.
  func sample(_ index: Int) -> [Float] { changed(view.sample(index), index) }
  /// The bytes of a sample, or nil where the bank holds none.
  func bytes(_ index: Int) -> [UInt8]? {
    view.bank.withBytes(view.bankIndex(index)) { Array($0) }.map { changed($0, index) }
  }
  private func changed<Value: AdditiveArithmetic>(_ values: [Value], _ index: Int) -> [Value] {
    guard let draws else { return values }
    var result = values
    augmentation.apply(values, shape, into: &result, random: draws.child(view.bankIndex(index)))
    return result
  }
}

internal import Compute
public import Spiking

/// Data sets from pairs of IDX files: images and labels.
public enum IDXDataset {
  /// Images and labels that belong together, as one part.
  ///
  /// - Throws: ``FileProblem`` where a file is not what it should be, or the two do not fit.
  public static func bank(
    images imagePath: String, labels labelPath: String, isInterrupted: () -> Bool = { false }
  ) throws(FileProblem) -> (bank: SampleBank, checksum: String) {
    let images = try IDX(contentsOf: imagePath, isInterrupted: isInterrupted), labels = try IDX(contentsOf: labelPath)
    guard images.extents.count >= 2 else { throw FileProblem(imagePath, .foreign(expected: "an IDX file of images")) }
    guard (1...2).contains(labels.extents.count) else {
      throw FileProblem(labelPath, .foreign(expected: "an IDX file of labels"))
    }
    guard images.extents[0] == labels.extents[0] else {
      throw FileProblem(labelPath, .mismatched("\(labels.extents[0]) labels for \(images.extents[0]) images"))
    }
    guard images.extents[0] > 0, !images.extents.contains(0) else {
      throw FileProblem(imagePath, .mismatched("it holds no images"))
    }
    let shape = Shape(Array(images.extents.dropFirst()))
    guard labels.extents.count == 2 else {
      let classes = labels.bytes.map(Int.init)
      return (bank(shape, classes, images), Checksum.sha256(images.bytes))
    }
    guard labels.extents[1] == shape[0] else {
      throw FileProblem(labelPath, .mismatched("\(labels.extents[1]) labels a sample for \(shape[0]) steps"))
    }
    var bank = bank(shape, Array(repeating: 0, count: images.extents[0]), images)
    // 255 stands for no label.
    bank.targets = Targets(
      steps: shape[0], areClasses: true, values: labels.bytes.map { $0 == 255 ? -1 : Float($0) })
    return (bank, Checksum.sha256(images.bytes))
  }
  private static func bank(_ shape: Shape, _ labels: [Int], _ images: IDX) -> SampleBank {
    images.isSigned
      ? SampleBank(shape: shape, labels: labels, numbers: images.bytes.map { Int8(bitPattern: $0) })
      : SampleBank(shape: shape, labels: labels, bytes: images.bytes)
  }

  /// A data set of one part from a user's own files.
  public static func read(name: String, images: String, labels: String, isInterrupted: () -> Bool = { false })
    throws(FileProblem) -> Dataset
  {
    let (bank, checksum) = try bank(images: images, labels: labels, isInterrupted: isInterrupted)
    return Dataset(
      name: name, origin: "\(images), \(labels)", checksum: checksum,
      classes: classNames(bank.targets?.values.map { Int($0) } ?? bank.labels),
      shape: bank.shape,
      parts: [.test: Dataset.View(bank)])
  }
  /// One of the published data sets, from the folders where it may lie.
  public static func read(
    _ known: KnownData, classes: [String], in folder: DataFolder, isInterrupted: () -> Bool = { false }
  ) throws(FileProblem) -> Dataset {
    var paths: [String] = []
    for file in known.files {
      guard let path = folder.find(file.path) else { throw FileProblem(file.path, .missing) }
      paths.append(path)
    }
    let (train, checksum) = try bank(images: paths[0], labels: paths[1], isInterrupted: isInterrupted)
    let (test, _) = try bank(images: paths[2], labels: paths[3], isInterrupted: isInterrupted)
    guard train.shape == test.shape else {
      throw FileProblem(paths[2], .mismatched("images of \(test.shape), the training part has \(train.shape)"))
    }
    for (bank, path) in [(train, paths[1]), (test, paths[3])] {
      guard bank.targets == nil else { throw FileProblem(path, .foreign(expected: "one label per image")) }
      if let label = bank.labels.max(), label >= classes.count {
        throw FileProblem(path, .mismatched("label \(label) with \(classes.count) classes"))
      }
    }
    return Dataset(
      name: known.name, origin: known.origin, checksum: checksum, classes: classes, shape: train.shape,
      parts: [.train: Dataset.View(train), .test: Dataset.View(test)])
  }
  private static func classNames(_ labels: [Int]) -> [String] { (0...(labels.max() ?? 0)).map(String.init) }
}

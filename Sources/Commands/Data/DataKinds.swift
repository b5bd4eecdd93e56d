internal import Compute
internal import Datasets
internal import Engine
internal import Language
internal import Spiking

/// `data glyphs`: digits drawn by the program itself.
struct DataGlyphs: Command {
  var difficulty = 0.5, samples = 2000, seed: Int?
  static let accepts: [ValueType] = [.nothing], gives: [ValueType] = [.dataset]
  static let manual = Manual(
    "data glyphs", "Digits drawn by the program itself: 28×28, 10 classes, no file needed.",
    details: "A fifth of the samples is the test part. The same seed draws the same pictures.",
    examples: ["data glyphs", "data glyphs difficulty=1 samples=500 | sample 4 | plot images"])
  static let settings: [Setting<Self>] = [
    Setting("difficulty", \.difficulty, "How differently digits are written, 0 to 1.", in: 0...1),
    Setting("samples", \.samples, "Number of samples, test part included.", in: 10...1_000_000),
    Setting("seed", \.seed, "Start of the random numbers; that of the session by default."),
  ]
  private var glyphs: Glyphs {
    let test = samples / 5
    return Glyphs(difficulty: difficulty, train: samples - test, test: test)
  }
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    .dataset(
      Dataset.Outline(
        name: "glyphs", shape: Glyphs.shape, classes: Glyphs.classes,
        counts: [.train: glyphs.train, .test: glyphs.test]))
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let surroundings = context.surroundings
    defer { surroundings.progress(nil) }
    let drawn = glyphs.dataset(
      seed: seed.map { UInt64(bitPattern: Int64($0)) } ?? context.seed, machine: context.machine,
      isInterrupted: surroundings.isInterrupted, report: { surroundings.progress("drawing, \(Int($0 * 100))%") })
    guard let drawn else { throw Interrupted() }
    return .dataset(drawn)
  }
}

/// A published data set of images in four IDX files.
protocol PublishedImages: Command {
  static var known: KnownData { get }
  static var classes: [String] { get }
}
extension PublishedImages {
  static var accepts: [ValueType] { [.nothing] }
  static var gives: [ValueType] { [.dataset] }
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    let folder = DataFolder(set: context.settings.data)
    if let file = Self.known.files.first(where: { folder.find($0.path) == nil }) {
      throw Diagnostic(
        "data.missing", "the file '\(file.path)' of '\(Self.known.name)' is not there",
        notes: ["looked in " + folder.folders.joined(separator: ", ")],
        help: "fetch it with: soma data get \(Self.known.name)")
    }
    return .dataset(
      Dataset.Outline(
        name: Self.known.name, shape: [28, 28], classes: Self.classes, counts: [.train: 60_000, .test: 10_000]))
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    .dataset(
      try reading { () throws(FileProblem) in
        try IDXDataset.read(
          Self.known, classes: Self.classes, in: DataFolder(set: context.settings.data),
          isInterrupted: context.surroundings.isInterrupted)
      })
  }
}
/// `data mnist`
struct DataMNIST: PublishedImages {
  static let known = KnownData.mnist, classes = (0...9).map(String.init)
  static let manual = Manual(
    "data mnist", "Handwritten digits: 60 000 for training, 10 000 for testing, 28×28.",
    reference: "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Proc. IEEE 86(11), 1998, doi:10.1109/5.726791",
    details:
      "The files are looked for in the folder of 'set data', in SOMA_DATA and in the user's cache; soma data get mnist fetches them."
  )
}
/// `data fashion-mnist`
struct DataFashion: PublishedImages {
  static let known = KnownData.fashion
  static let classes = [
    "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
  ]
  static let manual = Manual(
    "data fashion-mnist", "Articles of clothing in the form of MNIST.",
    reference: "H. Xiao, K. Rasul, R. Vollgraf, 2017, arXiv:1708.07747",
    details:
      "The files are looked for in the folder of 'set data', in SOMA_DATA and in the user's cache; soma data get fashion-mnist fetches them."
  )
}
/// `data idx images=… labels=…`: a user's own images.
struct DataIDX: Command {
  var images = "", labels = ""
  static let accepts: [ValueType] = [.nothing], gives: [ValueType] = [.dataset]
  static let manual = Manual(
    "data idx", "Images and labels of one's own, in IDX files, plain, gzip or xz.",
    details:
      "Files are looked up in the working folder, then in the data folder. The data set has one part, which is used whole. Signed bytes are numbers as they are, others shares of 255. Labels with a second extent belong to the steps of samples that are sequences; 255 is none."
  )
  static let settings: [Setting<Self>] = [
    Setting("images", \.images, "File with the images.", form: .file(endings: [], isWritten: false), required: true),
    Setting(
      "labels", \.labels, "File with one label per image.", form: .file(endings: [], isWritten: false), required: true),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard context.isKnown("images"), context.isKnown("labels") else { return .unknown }
    let folder = DataFolder(set: context.settings.data)
    for file in [images, labels] {
      do throws(FileProblem) { _ = try folder.locate(file) } catch {
        throw Diagnostic(
          error.code, error.description,
          notes: folder.folders.isEmpty || error.fact != .missing
            ? [] : ["looked here and in " + folder.folders.joined(separator: ", ")],
          help: error.remedy)
      }
    }
    return .unknown
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let folder = DataFolder(set: context.settings.data)
    let data = try reading { () throws(FileProblem) in
      try IDXDataset.read(
        name: "idx", images: folder.locate(images), labels: folder.locate(labels),
        isInterrupted: context.surroundings.isInterrupted)
    }
    let met = Set(data[data.usualPart]?.bank.labels ?? []).count
    if data.task == .classes, met < data.classes.count {
      context.notes.add(
        "data.classes",
        "labels go up to \(data.classes.count - 1), so there are \(data.classes.count) classes, \(data.classes.count - met) of them without samples"
      )
    }
    return .dataset(data)
  }
}

/// Gives problems of files the form of diagnostics.
func reading<R>(_ body: () throws(FileProblem) -> R) throws -> R {
  do throws(FileProblem) { return try body() } catch {
    if error.fact == .interrupted { throw Interrupted() }
    throw Diagnostic(error.code, error.description, help: error.remedy)
  }
}

internal import Compute
internal import Datasets
internal import Engine
internal import Language
internal import Spiking

/// `data nmnist`
struct DataNMNIST: Command {
  var frames = EventFrames(), duration: Time?
  static let accepts: [ValueType] = [.nothing], gives: [ValueType] = [.dataset]
  static let manual = Manual(
    "data nmnist", "Handwritten digits as an event camera saw them: 34×34, some 300 ms each.",
    equation: "bin(t) = ⌊t·bins / T⌋",
    reference:
      "G. Orchard, A. Jayawant, G. K. Cohen, N. Thakor, Front. Neurosci. 9:437, 2015, doi:10.3389/fnins.2015.00437",
    details:
      "An event says that a pixel became brighter (on) or darker (off). Events are sorted into bins of equal length; samples have the shape bins, channels, 34, 34, for encode frames. polarity=channels has two channels, off and on, polarity=signed one with on as +1 and off as -1, which are ternary spikes, polarity=merged one with both as 1. Values tell that there was an event, or which polarity had more; counts=true counts instead. T is the whole recording, of whatever length, or for=. A step of the run is still one step of 'set dt'. Files are Train/CLASS/NUMBER.bin and Test/CLASS/NUMBER.bin below nmnist in the folder of 'set data', SOMA_DATA or the user's cache; a share of the recordings will do.",
  )
  static let settings: [Setting<Self>] = [
    Setting("bins", \.frames.bins, "Bins of time, which are the steps of encode frames.", in: 1...1000),
    Setting("polarity", \.frames.polarity, "What becomes of on and off."),
    Setting("counts", \.frames.counts, "Counts events instead of telling that there are some."),
    Setting("for", \.duration, "Length of the stretch that is binned; the whole recording by default.", in: 1e-5...100),
  ]
  /// The settings as the reader takes them.
  private var binned: EventFrames {
    var result = frames
    result.window = duration.map { max(1, Int(($0.seconds * 1e6).rounded())) }
    return result
  }
  private func files(_ context: Context) throws -> NMNIST {
    let folder = DataFolder(set: context.settings.data), found: NMNIST
    do throws(FileProblem) { found = try NMNIST(in: folder) } catch {
      throw Diagnostic(
        "data.missing",
        error.fact == .missing ? "the folder '\(error.file)' of 'nmnist' is not there" : error.description,
        notes: ["looked in " + folder.folders.joined(separator: ", ")],
        help: KnownData.remedyForNMNIST(folder.folders.first))
    }
    try Registry.requireMemory(found.bytes(binned), "the frames of 'nmnist'")
    return found
  }
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard context.pending.isEmpty else { return .unknown }
    let files = try files(context)
    return .dataset(
      Dataset.Outline(
        name: NMNIST.name, shape: frames.shape, classes: NMNIST.classes,
        counts: [.train: files.count(.train), .test: files.count(.test)], alphabet: frames.alphabet))
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let surroundings = context.surroundings, files = try files(context)
    defer { surroundings.progress(nil) }
    return .dataset(
      try reading { () throws(FileProblem) in
        try files.read(
          binned, machine: context.machine, isInterrupted: surroundings.isInterrupted,
          report: { surroundings.progress("reading nmnist, \(Int($0 * 100))%") })
      })
  }
}

internal import Compute
internal import Datasets
internal import Engine
internal import Language
internal import Spiking

/// `data mackey-glass`: a chaotic series made by the program, to be foretold.
struct DataMackeyGlass: Command {
  var train = 64, test = 64, length = 1000, ahead = 15, tau = 17, seed: Int?
  static let accepts: [ValueType] = [.nothing], gives: [ValueType] = [.dataset]
  static let manual = Manual(
    "data mackey-glass",
    "Series of Mackey and Glass made by the program; every step asks for the value some steps ahead.",
    equation: "dx/dt = 0.2·x(t−τ)/(1 + x(t−τ)^10) − 0.1·x;  z = tanh(x − 1) without its mean;  asked is z(t + ahead)",
    reference: "M. C. Mackey, L. Glass, 1977, doi:10.1126/science.267326; A. R. Voelker et al., NeurIPS 2019",
    details:
      "Series differ in their random beginnings, of which the first hundred values are dropped. length=5000 is published.",
    examples: [
      "data mackey-glass train=8 test=4 length=100 | encode frames | lmu 10 memory=4 window=4 | dense 1 | train hybrid epochs=2 batch=4"
    ])
  static let settings: [Setting<Self>] = [
    Setting("train", \.train, "Series to learn from.", in: 1...100_000),
    Setting("test", \.test, "Series of the test part.", in: 1...100_000),
    Setting("length", \.length, "Steps of a series.", in: 1...1_000_000),
    Setting("ahead", \.ahead, "How many steps ahead the value lies that is asked for.", in: 0...100_000),
    Setting("tau", \.tau, "The delay τ of the equation; from 17 on it is chaotic.", in: 1...10_000),
    Setting("seed", \.seed, "Start of the random numbers; that of the session by default."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    try Registry.requireMemory(32 * Double(train + test) * Double(length + ahead), "'data mackey-glass'")
    return .dataset(
      Dataset.Outline(
        name: "mackey-glass", shape: [length, 1], classes: [], counts: [.train: train, .test: test], task: .numbers(1)))
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let start = seed.map { UInt64(bitPattern: Int64($0)) } ?? context.seed
    let data = SeriesDataset.mackeyGlass(
      train: train, test: test, steps: length, ahead: ahead, delay: tau,
      random: RandomStream(seed: start, "mackey-glass"),
      isInterrupted: context.surroundings.isInterrupted)
    guard let data else { throw Interrupted() }
    return .dataset(data)
  }
}

/// `data csv sunspots.csv`: a column of numbers, to be foretold.
struct DataCSV: Command {
  var file = "", column = "", length = 100, ahead = 1, test = 0.2
  static let accepts: [ValueType] = [.nothing], gives: [ValueType] = [.dataset]
  static let manual = Manual(
    "data csv", "A column of numbers from a file as series; every step asks for the value some steps ahead.",
    details: """
      The file is text with numbers in rows and columns, with or without names in the first row. The column is cut into \
      pieces of equal length, the last share of them is the test part, and all are scaled to mean 0 and standard \
      deviation 1 of the others. Files are looked up in the working folder, then in the data folder.
      """)
  static let settings: [Setting<Self>] = [
    Setting("file", \.file, "The file.", form: .file(endings: [], isWritten: false), positional: true, required: true),
    Setting("column", \.column, "Name or number of the column, counted from 0; the last when left open.", form: .text),
    Setting("length", \.length, "Steps of a piece.", in: 1...1_000_000),
    Setting("ahead", \.ahead, "How many steps ahead the value lies that is asked for.", in: 0...100_000),
    Setting("test", \.test, "Share of the pieces that is the test part.", in: 0...0.99),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    // The file may be written by a line before this one.
    .dataset(
      Dataset.Outline(
        name: "csv", shape: [length, 1], classes: [], counts: [.train: nil as Int?, .test: nil as Int?],
        task: .numbers(1)))
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let path = try reading { () throws(FileProblem) in try DataFolder(set: context.settings.data).locate(file) }
    let values = try reading { () throws(FileProblem) in
      try NumberFile.read(path, isInterrupted: context.surroundings.isInterrupted).column(column)
    }
    let data = SeriesDataset.pieces(of: values, name: "csv", origin: path, steps: length, ahead: ahead, test: test)
    guard let data else {
      throw Diagnostic(
        "data.empty", "\(values.count) values are too few for two pieces of length=\(length) and ahead=\(ahead)",
        help: "a smaller length= gives more pieces")
    }
    return .dataset(data)
  }
}

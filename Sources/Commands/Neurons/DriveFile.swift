internal import Compute
internal import Datasets
internal import Engine
internal import Language
internal import Spiking

/// `drive file signal.csv`: a neuron under a current from a file.
struct DriveFile: Command {
  var file = "", column = "", rate: Quantity?, gain = 1.0, duration: Time?
  static let accepts: [ValueType] = [.neuron], gives: [ValueType] = [.recording]
  static let manual = Manual(
    "drive file", "Drives a neuron with a column of numbers from a file.",
    equation: "i(t) = gain·value[⌊rate·t⌋]",
    details: """
      The file is text with numbers in rows and columns, with or without names in the first row. Without rate= there is \
      one value for each step; else values are held until the next one. Without for= the whole file is shown.
      """)
  static let settings: [Setting<Self>] = [
    Setting("file", \.file, "The file.", form: .file(endings: [], isWritten: false), positional: true, required: true),
    Setting("column", \.column, "Name or number of the column, counted from 0; the last when left open.", form: .text),
    Setting(
      "rate", \.rate, "Values per second; left open, one for each step.", form: .number(.frequency), in: 1e-9...1e9),
    Setting("gain", \.gain, "What every value is multiplied by."),
    Setting("for", \.duration, "Length of the run; the whole file when left open.", in: 1e-9...1e9),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    // The file may be written by a line before this one.
    guard case .neuron(let neuron) = input else { return .unknown }
    return .recording(RecordingFacts(layers: [neuron.kind], variables: neuron.variables, isNetwork: false))
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let neuron = try input.neuron()
    let values = try reading { () throws(FileProblem) in
      try NumberFile.read(folder(context).locate(file), isInterrupted: context.surroundings.isInterrupted).column(
        column)
    }
    let perStep = (rate?.value ?? 1 / context.dt.seconds) * context.dt.seconds
    let steps = (duration.map { $0 / context.dt } ?? Double(values.count) / perStep).rounded()
    guard steps >= 1, steps <= 20_000_000 else {
      throw Diagnostic(
        "drive.length", "the run would have \(Quantity(steps).written()) steps; 1 to 20 million are possible")
    }
    // The last value is held where the run is longer than the file.
    let current = (0..<Int(steps)).map { gain * values[min(values.count - 1, Int(Double($0) * perStep + 1e-9))] }
    return .recording(
      try simulate(
        neuron: neuron, current: current, dt: context.dt, random: context.random.child("neuron"), poll: context.poll))
  }
  private func folder(_ context: Context) -> DataFolder { DataFolder(set: context.settings.data) }
}

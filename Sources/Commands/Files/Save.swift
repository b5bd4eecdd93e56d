internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `save file`: writes what flows in and passes it on; the ending decides.
struct Save: Command {
  var file = "", training = true
  static let accepts: [ValueType] = ValueType.allCases.filter { $0 != .nothing }, gives: [ValueType] = []
  static let manual = Manual(
    "save", "Writes what flows in to a file and passes it on; the ending of the name decides how.",
    details:
      ".soma-model a model, .soma-neuron a neuron, .soma the lines that made a value, .csv and .json a table or report, .npy a list of numbers, .png a figure.",
    examples: ["sweep n 1..3 { n * n } | save squares.csv"])
  static let settings: [Setting<Self>] = [
    Setting(
      "file", \.file, "File to write.",
      form: .file(endings: FileKind.allCases.map { "." + $0.rawValue }, isWritten: true), positional: true,
      required: true),
    Setting(
      "training", \.training,
      "Whether a model keeps what its training needs to go on; without it one-bit weights take one bit."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard context.isKnown("file") else { return input }
    let kind = try FileKind(path: file)
    if let type = input.type, !kind.types.contains(type) {
      throw Diagnostic("file.type", "a .\(kind.rawValue) file holds \(kind.types.alternatives), not \(type.noun)")
    }
    try AtomicFile.checkWritable(file)
    return input
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let kind = try FileKind(path: file)
    guard kind.types.contains(input.type) else {
      throw Diagnostic("file.type", "a .\(kind.rawValue) file holds \(kind.types.alternatives), not \(input.type.noun)")
    }
    try AtomicFile.write(try kind.bytes(of: training ? input : input.withoutTraining, context), to: file)
    if case .figure(let figure) = input {
      context.surroundings.write("wrote \(file), \(Int(figure.size.width * 2))×\(Int(figure.size.height * 2)) pixels\n")
    }
    return input
  }
}

/// What the ending of a file name means.
enum FileKind: String, CaseIterable {
  case model = "soma-model", neuron = "soma-neuron", script = "soma", csv, json, npy, png

  init(path: String) throws {
    guard let kind = Self.allCases.first(where: { path.hasSuffix("." + $0.rawValue) }) else {
      throw Diagnostic(
        "file.ending", "'\(path)' has no ending that tells what to write",
        help: "endings are \(Self.allCases.map { "." + $0.rawValue }.joined(separator: ", "))")
    }
    self = kind
  }
  var types: [ValueType] {
    switch self {
    case .model: [.model]
    case .neuron: [.neuron]
    case .script: ValueType.allCases.filter { $0 != .nothing }
    case .csv: [.table, .report, .recording]
    case .json: [.report, .table]
    case .npy: [.list, .range]
    case .png: [.figure]
    }
  }
  func bytes(of content: Value.Content, _ context: Context) throws -> [UInt8] {
    switch (self, content) {
    case (.model, .model(let model)): try ModelFile.bytes(model.initialised(seed: context.seed), context.recipe)
    case (.neuron, .neuron(let neuron)): Array(text(neuron).utf8)
    case (.script, _): Array(((context.recipe?.lines ?? []).joined(separator: "\n") + "\n").utf8)
    case (.csv, .report(let report)): Array(TableFile.csv(report.table).utf8)
    case (.csv, .table(let table)): Array(TableFile.csv(table).utf8)
    case (.csv, .recording(let recording)): Array(TableFile.csv(recording.table).utf8)
    case (.json, .report(let report)): Array(TableFile.json(report).utf8)
    case (.json, .table(let table)): Array(TableFile.json(table).utf8)
    case (.npy, _): NumPy.bytes(try content.numbers(), rows: content.rowCount)
    case (.png, .figure(let figure)): try drawn(figure)
    default: throw Diagnostic("file.type", "a .\(rawValue) file cannot hold \(content.type.noun)")
    }
  }
  /// A neuron as the line that makes it, behind its equations where it has some.
  private func text(_ neuron: any Neuron) -> String {
    let definition = (neuron as? any RunTimeNeuron).map { $0.definition + "\n" } ?? ""
    return "# soma neuron 1\n\(definition)neuron \(neuron.kind) \(neuron.settingsText)\n"
  }
  private func drawn(_ figure: Figure) throws -> [UInt8] {
    do throws(PlotProblem) { return try figure.png() } catch { throw Diagnostic("plot.size", "\(error)") }
  }
}
extension Value.Content {
  /// A model without the state of its training; other values as they are.
  var withoutTraining: Value.Content {
    guard case .model(var model) = self else { return self }
    model.training = nil
    return .model(model)
  }
  /// Rows of a list of lists; nil for a flat one.
  var rowCount: Int? {
    if case .list(let items) = self, case .list? = items.first { items.count } else { nil }
  }
}
extension Recording {
  /// Time and every variable of every neuron, one row per step.
  var table: Table {
    var columns = [Table.Column("time", times.map(\.seconds), dimension: .time)]
    for layer in [input] + layers {
      for variable in layer.variables {
        for neuron in 0..<layer.spikes.neurons {
          let name = layers.count == 1 ? variable.name : "\(layer.name).\(variable.name).\(neuron)"
          columns.append(Table.Column(name, layer.trace(variable.name, of: neuron) ?? []))
        }
      }
    }
    for layer in layers where layers.count == 1 {
      columns.append(Table.Column("spike", counts: (0..<steps).map { Int(layer.spikes[$0, 0]) }))
    }
    return Table(columns)
  }
}

/// Numbers in NumPy's format, version 1.0: 64-bit floats, rows first.
enum NumPy {
  static func bytes(_ numbers: [Double], rows: Int?) -> [UInt8] {
    let shape = rows.map { $0 > 0 ? "(\($0), \(numbers.count / $0))" : "(0,)" } ?? "(\(numbers.count),)"
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    var bytes: [UInt8] =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
      + Array(header.utf8)
    bytes.reserveCapacity(bytes.count + numbers.count * 8)
    for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
    return bytes
  }
}

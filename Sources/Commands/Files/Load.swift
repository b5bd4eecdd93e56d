internal import Datasets
internal import Engine
internal import FoundationEssentials
internal import Language
internal import Spiking

/// `load file`: reads what `save` wrote.
struct Load: Command {
  var file = ""
  static let accepts: [ValueType] = [.nothing], gives: [ValueType] = [.model, .neuron, .table]
  static let manual = Manual(
    "load", "Reads a model, a neuron or a table from a file; the ending of the name decides.",
    details: "Files are looked up in the working folder, then in the data folder.")
  static let settings: [Setting<Self>] = [
    Setting(
      "file", \.file, "File to read.", form: .file(endings: [".soma-model", ".soma-neuron", ".csv"], isWritten: false),
      positional: true, required: true)
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts { .unknown }

  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    guard let kind = try? FileKind(path: file), [.model, .neuron, .csv].contains(kind) else {
      throw Diagnostic(
        "file.ending", "'\(file)' is nothing that load can read",
        help: file.hasSuffix(".soma")
          ? "scripts are run, as in: run \(file)" : "endings are .soma-model, .soma-neuron, .csv")
    }
    let path = try reading { () throws(FileProblem) in try DataFolder(set: context.settings.data).locate(file) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Diagnostic("file.unreadable", "'\(path)' cannot be read")
    }
    let bytes = [UInt8](data)
    switch kind {
    case .neuron: return try neuron(bytes, context)
    case .csv: return .table(try CSVReader.table(bytes, file: file))
    default: return .model(try ModelFile.model(bytes, file: file, context))
    }
  }
  private func neuron(_ bytes: [UInt8], _ context: Context) throws -> Value.Content {
    guard let text = String(validating: bytes, as: UTF8.self), text.hasPrefix("# soma neuron 1\n") else {
      throw Diagnostic("file.foreign", "'\(file)' is not a neuron of Soma")
    }
    var context = context, lines = text.split(separator: "\n").dropFirst().map(String.init)
    if let definition = lines.first, lines.count > 1 {
      try context.registry.define(definition)
      lines.removeFirst()
    }
    return try context.registry.applied(lines.joined(separator: " "), to: .nothing, context)
  }
}

/// Tables from comma-separated values with a header line.
enum CSVReader {
  static func table(_ bytes: [UInt8], file: String) throws -> Table {
    guard bytes.count < 500_000_000, let text = String(validating: bytes, as: UTF8.self) else {
      throw Diagnostic("file.text", "'\(file)' is not a text in UTF-8")
    }
    let rows = rows(of: text)
    guard let names = rows.first, !names.isEmpty else { throw Diagnostic("file.empty", "'\(file)' holds no table") }
    if let row = rows.firstIndex(where: { $0.count != names.count }) {
      throw Diagnostic(
        "file.table", "line \(row + 1) of '\(file)' has \(rows[row].count) entries, the header has \(names.count)")
    }
    return Table(
      names.enumerated().map { place, name in
        Table.Column(name, rows.dropFirst().map { cell($0[place]) })
      })
  }
  private static func cell(_ text: String) -> Cell {
    if text.isEmpty { return .missing }
    if text == "true" || text == "false" { return .flag(text == "true") }
    if let number = Double(text), number.isFinite { return .number(number) }
    return .text(text)
  }
  private static func rows(of text: String) -> [[String]] {
    var rows: [[String]] = [], row: [String] = [], entry = "", isQuoted = false, wasQuote = false
    for character in text {
      if isQuoted {
        if character == "\"" {
          isQuoted = false
          wasQuote = true
        } else {
          entry.append(character)
        }
      } else if character == "\"" {
        if wasQuote { entry.append("\"") }
        isQuoted = true
        wasQuote = false
      } else if character == "," {
        row.append(entry)
        (entry, wasQuote) = ("", false)
      } else if character.isNewline {
        rows.append(row + [entry])
        (row, entry, wasQuote) = ([], "", false)
      } else {
        entry.append(character)
      }
    }
    if !entry.isEmpty || !row.isEmpty { rows.append(row + [entry]) }
    return rows.filter { $0 != [""] }
  }
}

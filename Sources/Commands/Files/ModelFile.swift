internal import Compute
internal import Datasets
internal import Engine
internal import Language
internal import Spiking

/// Models as files: a header line, a text that says how the network is built, the values, and a checksum of it all.
///
/// ```
/// soma-model 1
/// section NAME BYTES        repeated: text, parameters, training, history, recipe, data
/// …
/// ```
/// The text holds one line per layer, as a user would write it; binary weights take one bit each unless training can go
/// on, in which case their real values are kept as well. The last two sections are the lines that made the model and its data.
enum ModelFile {
  static let magic = "soma-model 1\n"

  static func bytes(_ model: Model, _ recipe: Recipe?) throws -> [UInt8] {
    var bytes = Array(magic.utf8)
    section("text", Array(try text(model).utf8), into: &bytes)
    section("parameters", parameters(model), into: &bytes)
    if let training = model.training { section("training", training.bytes, into: &bytes) }
    section("history", history(model.history), into: &bytes)
    section("recipe", text(recipe?.lines ?? model.origin?.lines), into: &bytes)
    section("data", text(recipe?.dataset?.lines ?? model.origin?.dataLines), into: &bytes)
    bytes += Array("checksum \(Checksum.sha256(bytes))\n".utf8)
    return bytes
  }
  private static func section(_ name: String, _ content: [UInt8], into bytes: inout [UInt8]) {
    bytes += Array("section \(name) \(content.count)\n".utf8) + content + [10]
  }

  private static func text(_ lines: [String]?) -> [UInt8] { Array((lines ?? []).joined(separator: "\n").utf8) }

  // MARK: Text

  private static func text(_ model: Model) throws -> String {
    let input = model.input
    var lines = ["version \(Version.current)", "dt \(input.dt.seconds)"]
    if let data = input.dataset {
      lines.append("data \(data.name)")
      lines.append("shape \(data.shape.extents.map(String.init).joined(separator: " "))")
      if data.alphabet != .graded { lines.append("alphabet \(data.alphabet.rawValue)") }
      lines += data.classes.map { "class \($0)" }
    }
    if let checksum = model.data?.dataset.checksum ?? model.origin?.checksum, !checksum.isEmpty {
      lines.append("read \(checksum)")
    }
    lines.append("encode \(input.encoderKind) \(input.encoderText)")
    if let seed = model.data?.seed ?? input.seed { lines.append("seed \(seed)") }
    lines += try definitions(model.network).map { "define \($0)" }
    lines += model.network.nodes.flatMap(layer)
    if model.network.carry != 1 { lines.append("carry \(model.network.carry)") }
    if let trainer = model.trainer { lines.append("trainer \(trainer)") }
    if let executor = model.executor { lines.append("executor \(executor)") }
    lines += model.notes.map { "note \($0.split(separator: "\n").joined(separator: " "))" }
    if let conversion = model.conversion { lines += converted(conversion) }
    return lines.joined(separator: "\n")
  }
  /// The neurons by equations, each once.
  private static func definitions(_ network: Network) throws -> [String] {
    var equations: [String: String] = [:]
    return try network.nodes.compactMap { $0.neuron as? any RunTimeNeuron }.filter { neuron in
      let known = equations.updateValue(neuron.card.equation, forKey: neuron.kind)
      guard let known, known != neuron.card.equation else { return known == nil }
      throw Diagnostic("file.neurons", "two different neurons of the model are called '\(neuron.kind)'")
    }.map(\.definition)
  }
  /// "layer conv2 conv 8 kernel=3", behind "from 3" where it does not read the layer before it; sums are "sum NAME 5 3".
  private static func layer(_ node: Node) -> [String] {
    if let other = node.other { return ["sum \(node.name) \(node.source) \(other)"] }
    let line = "layer \(node.name) \(LayerText.written(node.layer))"
    return node.source == node.index ? [line] : ["from \(node.source)", line]
  }
  /// "converted dense1 scale number 3.77", entry by entry.
  private static func converted(_ notes: LayerNotes) -> [String] {
    notes.columns.flatMap { column in
      zip(notes.layers, notes[column]).compactMap { layer, entry in
        switch entry {
        case .number(let x): "converted \(layer) \(column) number \(x)"
        case .text(let text): "converted \(layer) \(column) text \(text)"
        case .none: nil
        }
      }
    }
  }
  private static func conversion(_ lines: [String]) -> LayerNotes? {
    let entries = lines.map { $0.split(separator: " ", maxSplits: 3).map(String.init) }.filter { $0.count == 4 }
    guard !entries.isEmpty else { return nil }
    var layers: [String] = []
    for entry in entries where !layers.contains(entry[0]) { layers.append(entry[0]) }
    var notes = LayerNotes(layers: layers)
    for entry in entries {
      guard let row = layers.firstIndex(of: entry[0]) else { continue }
      var column = notes[entry[1]]
      column[row] = entry[2] == "number" ? Double(entry[3]).map(LayerNotes.Entry.number) ?? .none : .text(entry[3])
      notes[entry[1]] = column
    }
    return notes
  }

  // MARK: Values

  /// Latent weights of a finished model as bits, everything else as floats; with a training state all as floats.
  private static func parameters(_ model: Model) -> [UInt8] {
    guard let parameters = model.parameters else { return [] }
    var bytes: [UInt8] = []
    for entry in parameters.layout.entries {
      let values = parameters.values(of: entry)
      if entry.spec.role == .latent, model.training == nil {
        bytes += packed(values)
      } else {
        for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
      }
    }
    return bytes
  }
  /// Sign bits, least significant first: 1 where a weight is 0 or more.
  static func packed(_ values: [Float]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (values.count + 7) / 8)
    for (i, value) in values.enumerated() where value >= 0 { bytes[i / 8] |= 1 << UInt8(i % 8) }
    return bytes
  }
  private static func history(_ history: [EpochRecord]) -> [UInt8] {
    Array(TableFile.csv(History.table(history)).utf8)
  }

  // MARK: Reading

  static func model(_ bytes: [UInt8], file: String, _ context: Context) throws -> Model {
    let sections = try Sections(bytes, file: file)
    let isContinued = sections["training"] != nil
    var model = try network(sections.text("text"), file, context)
    model.parameters = try values(sections["parameters"] ?? [], model.network.layout, isPacked: !isContinued, file)
    if let training = sections["training"] {
      guard let state = TrainingState(bytes: training) else { throw damaged(file, "its training state cannot be read") }
      model.training = state
    }
    model.history = epochs(sections.text("history"))
    model.origin = ModelOrigin(
      lines: lines(sections.text("recipe")), dataLines: lines(sections.text("data")),
      checksum: lines(sections.text("text")).first { $0.hasPrefix("read ") }.map { String($0.dropFirst(5)) } ?? "")
    return model
  }
  private static func lines(_ text: String) -> [String] { text.split(whereSeparator: \.isNewline).map(String.init) }
  private static func network(_ text: String, _ file: String, _ context: Context) throws -> Model {
    let lines = text.split(separator: "\n").map { line in
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      return (key: parts[0], rest: parts.count > 1 ? parts[1] : "")
    }
    func first(_ key: String) -> String? { lines.first { $0.key == key }?.rest }
    guard let encode = first("encode"), let dt = first("dt").flatMap({ Double($0) }), dt > 0, dt.isFinite else {
      throw damaged(file, "its text lacks the code")
    }
    let shape = (first("shape") ?? "").split(separator: " ").compactMap { Int($0) }
    guard !shape.isEmpty, shape.allSatisfy({ $0 > 0 && $0 < 1 << 24 }), shape.reduce(1.0, { $0 * Double($1) }) < 1e9
    else { throw damaged(file, "its text lacks the shape of the samples") }
    let parts = encode.split(separator: " ", maxSplits: 1).map(String.init)
    let encoder = try context.registry.encoder(kind: parts.first ?? "", text: parts.count > 1 ? parts[1] : "")
    let outline = Dataset.Outline(
      name: first("data") ?? "", shape: Shape(shape), classes: lines.filter { $0.key == "class" }.map(\.rest),
      counts: [:], alphabet: first("alphabet").flatMap(Alphabet.init) ?? .graded)
    let code = try shaping { () throws(ShapeError) in try encoder.code(of: outline, dt: Time(seconds: dt)) }
    var model = Model(
      input: InputOutline(
        dataset: outline, encoderKind: encoder.kind, encoderText: encoder.settingsText, code: code,
        dt: Time(seconds: dt), seed: first("seed").flatMap { UInt64($0) }))
    var source: Int?, context = context
    for line in lines {
      let words = line.rest.split(separator: " ", maxSplits: 1).map(String.init)
      switch line.key {
      case "define": try context.registry.define(line.rest)
      case "from": source = Int(line.rest)
      case "sum": try addSum(line.rest, to: &model, file)
      case "layer":
        guard words.count == 2 else { throw damaged(file, "a layer cannot be read") }
        model = try LayerText.adding(words[1], name: words[0], to: model, behind: source, file, context)
        source = nil
      default: break
      }
    }
    if let carry = first("carry") {
      guard let carry = Double(carry), (0...1).contains(carry) else {
        throw damaged(file, "its read-out cannot be read")
      }
      model.network.carry = carry
    }
    (model.trainer, model.executor) = (first("trainer"), first("executor"))
    model.notes = lines.filter { $0.key == "note" }.map(\.rest)
    model.conversion = conversion(lines.filter { $0.key == "converted" }.map(\.rest))
    return model
  }
  private static func addSum(_ text: String, to model: inout Model, _ file: String) throws {
    let words = text.split(separator: " ").map(String.init), signals = words.dropFirst().compactMap { Int($0) }
    guard words.count == 3, signals.count == 2, signals.allSatisfy({ 0...model.network.nodes.count ~= $0 }) else {
      throw damaged(file, "a sum cannot be read")
    }
    try shaping { () throws(ShapeError) in try model.network.join(signals[0], with: signals[1], name: words[0]) }
  }
  private static func values(_ bytes: [UInt8], _ layout: ParameterLayout, isPacked: Bool, _ file: String) throws
    -> Parameters
  {
    var parameters = Parameters(zeros: layout), at = 0
    for entry in layout.entries {
      let isBits = entry.spec.role == .latent && isPacked
      let size = isBits ? (entry.count + 7) / 8 : entry.count * 4
      guard bytes.count - at >= size else { throw damaged(file, "it holds fewer values than its network has") }
      let values: [Float] = (0..<entry.count).map { i in
        if isBits { return bytes[at + i / 8] >> UInt8(i % 8) & 1 == 1 ? 1 : -1 }
        let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + 4 * i + $1]) << UInt32(8 * $1) }
        return Float(bitPattern: word)
      }
      parameters.set(entry, values)
      at += size
    }
    guard at == bytes.count else { throw damaged(file, "it holds more values than its network has") }
    guard parameters.isFinite else { throw damaged(file, "a value is not a number") }
    return parameters
  }
  private static func epochs(_ csv: String) -> [EpochRecord] {
    let rows = csv.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard let names = rows.first else { return [] }
    return rows.dropFirst().map { row in
      var record = EpochRecord(epoch: min(1 << 40, max(0, Int(row.first ?? "") ?? 0)))
      for (name, text) in zip(names, row).dropFirst() {
        guard let x = Double(text) else { continue }
        switch name {
        case "loss": record.loss = x
        case "accuracy": record.accuracy = x
        case "accuracy_tied": record.accuracyTied = x
        case "validation_loss": record.validationLoss = x
        case "validation_accuracy": record.validationAccuracy = x
        case "seconds": record.seconds = x
        default: record.extra[name] = x
        }
      }
      return record
    }
  }
  static func damaged(_ file: String, _ reason: String) -> Diagnostic {
    Diagnostic("file.damaged", "'\(file)' is damaged: \(reason)")
  }
}

/// The parts of a model file, their checksum verified.
private struct Sections {
  private var parts: [String: [UInt8]] = [:]
  subscript(name: String) -> [UInt8]? { parts[name] }
  func text(_ name: String) -> String { parts[name].map { String(decoding: $0, as: UTF8.self) } ?? "" }

  init(_ bytes: [UInt8], file: String) throws {
    guard bytes.starts(with: Array("soma-model ".utf8)) else {
      throw Diagnostic("file.foreign", "'\(file)' is not a model of Soma")
    }
    guard bytes.starts(with: Array(ModelFile.magic.utf8)) else {
      throw Diagnostic("file.version", "'\(file)' was written by another version of Soma")
    }
    var at = ModelFile.magic.utf8.count
    while let line = Self.line(bytes, at) {
      let words = line.text.split(separator: " ").map(String.init)
      if words.first == "checksum" {
        guard words.count == 2, Checksum.sha256(bytes[..<at]) == words[1] else {
          throw ModelFile.damaged(file, "its checksum is wrong")
        }
        guard line.end == bytes.count else { throw ModelFile.damaged(file, "something follows its end") }
        return
      }
      guard words.count == 3, words[0] == "section", let count = Int(words[2]), count >= 0,
        count < bytes.count - line.end
      else { break }
      parts[words[1]] = Array(bytes[line.end..<line.end + count])
      at = line.end + count + 1
    }
    throw Diagnostic("file.truncated", "'\(file)' ends too early")
  }
  private static func line(_ bytes: [UInt8], _ start: Int) -> (text: String, end: Int)? {
    guard start < bytes.count, let end = bytes[start..<min(bytes.count, start + 200)].firstIndex(of: 10) else {
      return nil
    }
    return (String(decoding: bytes[start..<end], as: UTF8.self), end + 1)
  }
}

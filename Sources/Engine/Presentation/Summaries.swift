internal import Compute
internal import Plotting
public import Spiking

extension Dataset {
  /// "mnist: 60 000 train, 10 000 test, 28×28, 10 classes".
  var summary: String {
    let parts = Part.allCases.filter { count($0) > 0 }.map {
      "\(Presentation.grouped(count($0))) \(isSinglePart ? "samples" : $0.rawValue)"
    }
    return "dataset \(name): \(parts.joined(separator: ", ")), \(shape), \(asked)"
  }
  /// "10 classes", "a number at every step".
  private var asked: String {
    switch task {
    case .classes: "\(classes.count) classes"
    case .stepClasses: "one of \(classes.count) classes at every step"
    case .numbers(let width): width == 1 ? "a number at every step" : "\(width) numbers at every step"
    }
  }
  /// Counts, shape, classes, origin and checksum, one a line.
  var card: String {
    var lines = [summary] + (classes.isEmpty ? [] : ["  classes   " + classes.joined(separator: ", ")])
    if !augmentation.isNone { lines.append("  augment   \(augmentation.text)") }
    if !origin.isEmpty { lines.append("  origin    \(origin)") }
    if !checksum.isEmpty { lines.append("  checksum  \(checksum)") }
    return lines.joined(separator: "\n")
  }
}
extension Figure {
  /// Its title, or what its panels show: "current and v over time".
  var caption: String {
    guard title.isEmpty else { return title }
    let across = panels.last?.x.label ?? ""
    let shown = panels.map { $0.y.label.isEmpty ? $0.title : $0.y.label }.filter { !$0.isEmpty }
    let names = shown.enumerated().filter { !shown[..<$0.offset].contains($0.element) }.map(\.element)
    let list = names.count > 4 ? "\(names.count) panels" : names.joined(separator: ", ")
    return list.isEmpty || across.isEmpty || names.count > 4 ? list : "\(list) over \(across)"
  }
}
extension EncodedData {
  var summary: String {
    let text = encoder.settingsText.isEmpty ? encoder.kind : "\(encoder.kind) \(encoder.settingsText)"
    return
      "spikes \(text): \(Presentation.grouped(code.steps)) steps of \(dt.argument.written), \(code.features), from \(dataset.name)"
  }
}
extension Model {
  /// The sizes of input and linear layers: "784-600-10".
  public var sizes: String {
    var sizes = [network.input.count]
    for node in network.nodes { if case .linear = node.layer.role { sizes.append(node.output.count) } }
    return sizes.map(String.init).joined(separator: "-")
  }
  /// One line: "model 784-600-10, 476 400 one-bit synapses, untrained".
  public var summary: String {
    let latent = network.layout.entries.filter { $0.spec.role == .latent }.reduce(0) { $0 + $1.count }
    let weights = network.layout.entries.filter { $0.spec.role == .weight }.reduce(0) { $0 + $1.count }
    var parts = ["model \(sizes)"]
    if latent > 0 { parts.append("\(Presentation.grouped(latent)) one-bit synapses") }
    if weights > 0 { parts.append("\(Presentation.grouped(weights)) synapses") }
    parts.append(trainingSummary)
    if let conversion { parts.append(conversion.columns.contains("height") ? "folded" : "converted") }
    if let place = training?.interruption { parts.append("interrupted in epoch \(place.epoch) of \(place.of)") }
    return parts.joined(separator: ", ")
  }
  private var trainingSummary: String {
    guard isTrained || epochs > 0 else { return "untrained" }
    guard let trainer, epochs > 0 else { return isTrained ? "with weights" : "untrained" }
    let accuracy =
      history.last?.accuracy.map { ", \(Quantity($0 * 100).written(digits: 4))% on its training data" } ?? ""
    return "\(epochs) epoch\(epochs == 1 ? "" : "s") of \(trainer)\(accuracy)"
  }
  /// The layer table: shapes, parameters, memory, and what a conversion did.
  public var layerRows: Table {
    let rows = layerTable
    let told = (conversion?.columns ?? []).map { column in
      Table.Column(column, rows.map { Cell(conversion?[column, $0.name] ?? .none) })
    }
    return Table(
      [
        Table.Column("layer", texts: rows.map(\.name)), Table.Column("kind", texts: rows.map(\.summary)),
        Table.Column("output", texts: rows.map { $0.output.description }),
        Table.Column("parameters", counts: rows.map(\.parameters)),
        Table.Column("bytes", counts: rows.map(\.bytes)),
      ] + told)
  }
}
extension Cell {
  init(_ entry: LayerNotes.Entry) {
    self =
      switch entry {
      case .number(let x): x.isFinite ? .number(x) : .missing
      case .text(let text): .text(text)
      case .none: .missing
      }
  }
}
extension Recording {
  var summary: String {
    let names = layers.flatMap { layer in
      layer.variables.map { layers.count > 1 ? "\(layer.name).\($0.name)" : $0.name }
    }
    let duration = Quantity(Double(steps) * dt.seconds, .time).written()
    return "recording of \(duration) in steps of \(dt.argument.written): \(names.prefix(8).joined(separator: ", "))"
  }
}

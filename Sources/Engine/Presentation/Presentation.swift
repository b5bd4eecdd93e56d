internal import Compute
internal import Language
public import Plotting
public import Spiking

/// Values as text: a summary in one line, or the whole.
public enum Presentation {
  /// A value inside a text: `"{n} neurons"`.
  public static func inline(_ content: Value.Content, digits: Int) -> String {
    switch content {
    case .number(let quantity): quantity.written(digits: digits)
    case .text(let text): text
    case .flag(let flag): flag ? "true" : "false"
    case .range(let ladder): ladder.written
    case .list(let items):
      "[" + items.prefix(20).map { inline($0, digits: digits) }.joined(separator: " ") + (items.count > 20 ? " …" : "")
        + "]"
    default: summary(content)
    }
  }

  /// One line that says what a value is.
  public static func summary(_ content: Value.Content, digits: Int = 4) -> String {
    switch content {
    case .nothing: ""
    case .number, .text, .flag, .range: inline(content, digits: digits)
    case .list(let items):
      if items.allSatisfy(\.isLookByNature), items.count <= 20, items.first?.type != .figure {
        inline(content, digits: digits)
      } else {
        "list of \(grouped(items.count)) \(plural(items.first?.type ?? .number, items.count))"
      }
    case .neuron(let neuron): neuronSummary(neuron)
    case .recording(let recording): recording.summary
    case .dataset(let data): data.summary
    case .spikes(let spikes): spikes.summary
    case .model(let model): model.summary
    case .report(let report):
      "\(report.title): "
        + report.fields.prefix(4).map { "\($0.name) \(cell($0.cell, $0.dimension, digits: digits))" }.joined(
          separator: ", ")
    case .table(let table):
      "table of \(grouped(table.rowCount)) row\(table.rowCount == 1 ? "" : "s"): \(table.columns.map(\.name).joined(separator: ", "))"
    case .figure(let figure): "figure" + (figure.caption.isEmpty ? "" : ": \(figure.caption)")
    }
  }
  private static func plural(_ type: ValueType, _ count: Int) -> String {
    switch type {
    case .spikes, .nothing: type.rawValue
    default: count == 1 ? type.rawValue : type.rawValue + "s"
    }
  }
  private static func neuronSummary(_ neuron: any Neuron) -> String {
    neuron.settingsText.isEmpty ? "neuron \(neuron.kind)" : "neuron \(neuron.kind) \(neuron.settingsText)"
  }

  public static func cell(_ cell: Cell, _ dimension: Dimension, digits: Int) -> String {
    switch cell {
    case .number(let x): Quantity(x, dimension).written(digits: digits)
    case .text(let text): text
    case .flag(let flag): flag ? "true" : "false"
    case .missing: "–"
    }
  }
  /// An integer with thin gaps between groups of three: 476 400.
  public static func grouped(_ n: Int) -> String {
    let digits = Array(String(n.magnitude))
    var text = n < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0, digits.count > 4 { text += " " }
      text.append(digit)
    }
    return text
  }

  /// The whole value, as a line that is just its name shows it.
  public static func full(
    _ content: Value.Content, _ settings: SessionSettings, options: TextOptions, width: Int? = nil
  ) -> String {
    switch content {
    case .table(let table): TableText.render(table, settings, width: width)
    case .report(let report): TableText.render(report, settings, width: width)
    case .figure(let figure): figure.text(options)
    case .list(let items) where items.first?.type == .figure:
      items.map { full($0, settings, options: options, width: width) }.joined(separator: "\n")
    case .neuron(let neuron): Wrapping.wrapped(NeuronCard.render(neuron, settings), width: width)
    case .model(let model):
      ([summary(content), TableText.render(model.layerRows, settings, width: width)] + model.notes).joined(
        separator: "\n")
    case .dataset(let data): data.card
    default: summary(content, digits: settings.precision)
    }
  }
}

/// A neuron as its card: equation, settings with units and defaults, source.
enum NeuronCard {
  static func render(_ neuron: any Neuron, _ settings: SessionSettings) -> String {
    if let declared = neuron as? any Declared { return lines(declared).joined(separator: "\n") }
    guard let made = neuron as? any RunTimeNeuron else { return "neuron \(neuron.kind)" }
    return lines(made.card, made.currentSettings, made.described).joined(separator: "\n")
  }
  private static func lines<D: Declared>(_ neuron: D) -> [String] {
    lines(D.manual, neuron.currentSettings, D.described)
  }
  private static func lines(
    _ manual: Manual, _ current: [(name: String, argument: Argument)], _ described: [SettingDescription]
  ) -> [String] {
    var lines = ["neuron \(manual.name): \(manual.summary)"]
    if !manual.equation.isEmpty {
      lines.append("  " + manual.equation.split(separator: "\n").joined(separator: "\n  "))
    }
    let widest = current.map { $0.name.count + $0.argument.written.count + 1 }.max() ?? 0
    for (entry, description) in zip(current, described) {
      let text = "\(entry.name)=\(entry.argument.written)"
      let preset = entry.argument.written == description.preset ? "" : " (default \(description.preset))"
      lines.append("  " + text + String(repeating: " ", count: widest - text.count + 2) + description.summary + preset)
    }
    if !manual.reference.isEmpty { lines.append("  " + manual.reference) }
    return lines
  }
}

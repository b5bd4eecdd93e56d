public import Spiking

/// What is known of a value before anything runs.
public indirect enum Facts: Sendable {
  /// Not known until the line runs.
  case unknown
  case nothing
  case number(Dimension), text, flag, range(Dimension), list(Facts)
  case neuron(any Neuron), recording(RecordingFacts), dataset(Dataset.Outline), spikes(SpikesFacts), model(ModelFacts)
  /// Fields or columns, nil where only the run tells which.
  case report([Field]?), table([Field]?)
  case figure

  public struct Field: Sendable {
    public var name: String, facts: Facts
    public init(_ name: String, _ facts: Facts = .number(.none)) { (self.name, self.facts) = (name, facts) }
  }
  public var type: ValueType? {
    switch self {
    case .unknown: nil
    case .nothing: .nothing
    case .number: .number
    case .text: .text
    case .flag: .flag
    case .range: .range
    case .list: .list
    case .neuron: .neuron
    case .recording: .recording
    case .dataset: .dataset
    case .spikes: .spikes
    case .model: .model
    case .report: .report
    case .table: .table
    case .figure: .figure
    }
  }
  /// Facts of a value whose type is all that is known.
  public init(_ type: ValueType) {
    self =
      switch type {
      case .nothing: .nothing
      case .number: .number(.none)
      case .text: .text
      case .flag: .flag
      case .range: .range(.none)
      case .list: .list(.unknown)
      case .report: .report(nil)
      case .table: .table(nil)
      case .figure: .figure
      case .neuron, .recording, .dataset, .spikes, .model: .unknown
      }
  }
}

/// A recording's traces by name and unit, and whether it holds a whole network.
public struct RecordingFacts: Sendable {
  public var layers: [String], variables: [Variable], isNetwork: Bool
  public init(layers: [String], variables: [Variable], isNetwork: Bool) {
    (self.layers, self.variables, self.isNetwork) = (layers, variables, isNetwork)
  }
}
/// A data set behind a code.
public struct SpikesFacts: Sendable {
  public var input: InputOutline, encoder: any Encoder
  public init(input: InputOutline, encoder: any Encoder) { (self.input, self.encoder) = (input, encoder) }
}
/// A network and what it was shaped for; the model holds neither values nor data.
public struct ModelFacts: Sendable {
  public var model: Model, encoder: (any Encoder)?
  public init(_ model: Model, encoder: (any Encoder)?) { (self.model, self.encoder) = (model, encoder) }
}

extension Value {
  public var facts: Facts { content.facts }
}
extension Value.Content {
  public var facts: Facts {
    switch self {
    case .nothing: .nothing
    case .number(let quantity): .number(quantity.dimension)
    case .text: .text
    case .flag: .flag
    case .range(let ladder): .range(ladder.dimension)
    case .list(let items): .list(items.first?.facts ?? .unknown)
    case .neuron(let neuron): .neuron(neuron)
    case .recording(let recording): .recording(RecordingFacts(recording))
    case .dataset(let data): .dataset(data.outline)
    case .spikes(let spikes): .spikes(SpikesFacts(input: spikes.outline, encoder: spikes.encoder))
    case .model(let model): .model(ModelFacts(model))
    case .report(let report): .report(report.fields.map { Facts.Field($0.name, Facts($0.cell, $0.dimension)) })
    case .table(let table):
      .table(table.columns.map { Facts.Field($0.name, Facts($0.cells.first ?? .missing, $0.dimension)) })
    case .figure: .figure
    }
  }
}
extension Facts {
  init(_ cell: Cell, _ dimension: Dimension) {
    self =
      switch cell {
      case .number, .missing: .number(dimension)
      case .text: .text
      case .flag: .flag
      }
  }
}

extension ModelFacts {
  /// What is known of a model that exists: all but its values and its data.
  public init(_ model: Model) {
    var outline = model
    (outline.parameters, outline.data) = (nil, nil)
    self.init(outline, encoder: model.data?.encoder)
  }
}
extension RecordingFacts {
  public init(_ recording: Recording) {
    self.init(
      layers: recording.layers.map(\.name),
      variables: recording.layers.flatMap { $0.variables.map { Variable($0.name, unit: $0.unit) } },
      isNetwork: recording.layers.count > 1)
  }
}

public import Plotting
public import Spiking

/// A value of the language, with the memory of how it was made.
public struct Value: Sendable {
  public var content: Content
  public var recipe: Recipe?

  public init(_ content: Content, recipe: Recipe? = nil) { (self.content, self.recipe) = (content, recipe) }

  /// What a value holds, by type.
  public indirect enum Content: Sendable {
    case nothing
    case number(Quantity), text(String), flag(Bool), range(Ladder), list([Content])
    case neuron(any Neuron), recording(Recording), dataset(Dataset), spikes(EncodedData), model(Model)
    case report(Report), table(Table), figure(Figure)

    public var type: ValueType {
      switch self {
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
    /// What a setting is given.
    public var argument: Argument {
      switch self {
      case .number(let quantity): .quantity(quantity)
      case .text(let text): .text(text)
      case .flag(let flag): .flag(flag)
      case .range(let ladder): .list(ladder.quantities.map(Argument.quantity))
      case .list(let items): .list(items.map(\.argument))
      case .nothing, .neuron, .recording, .dataset, .spikes, .model, .report, .table, .figure: .object(self)
      }
    }
    /// A literal or a picture: something one looks at and goes on.
    var isLookByNature: Bool {
      switch self {
      case .number, .text, .flag, .range, .figure, .nothing: true
      case .list(let items): items.allSatisfy(\.isLookByNature)
      default: false
      }
    }
    init(_ cell: Cell, _ dimension: Dimension) {
      switch cell {
      case .number(let x): self = .number(Quantity(x, dimension))
      case .text(let text): self = .text(text)
      case .flag(let flag): self = .flag(flag)
      case .missing: self = .number(Quantity(.nan, dimension))
      }
    }
  }
  public var type: ValueType { content.type }
}

extension Argument {
  /// The value of the laboratory behind an object argument.
  public var content: Value.Content? { if case .object(let object) = self { object as? Value.Content } else { nil } }
}

internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `overlay f g …`: figures with equal units in one.
struct Overlay: Command {
  var figures: [FigureArgument] = []
  static let accepts: [ValueType] = [.nothing, .list, .figure], gives: [ValueType] = [.figure]
  static let manual = Manual(
    "overlay", "Puts figures with equal units into one.",
    examples: [
      "let a = neuron lif | plot fi current=0..3 by 0.1 label=\"20 ms\"\nlet b = neuron lif tau=40ms | plot fi current=0..3 by 0.1 label=\"40 ms\"\noverlay a b"
    ])
  static let settings: [Setting<Self>] = [
    Setting("figures", \.figures, "Figures to lay over each other.", form: .list(.value("figure")), positional: true)
  ]
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    .figure(try combine(input, figures, context) { try Figure.overlay($0) })
  }
}

/// `grid f g … columns=2`: figures side by side.
struct Grid: Command {
  var figures: [FigureArgument] = []
  var columns = 2
  static let accepts: [ValueType] = [.nothing, .list, .figure], gives: [ValueType] = [.figure]
  static let manual = Manual(
    "grid", "Puts figures side by side.",
    examples: [
      "let a = neuron lif | drive current=1.2 | plot membrane\nlet b = neuron lif tau=40ms | drive current=1.2 | plot membrane\ngrid a b"
    ])
  static let settings: [Setting<Self>] = [
    Setting("figures", \.figures, "Figures to show.", form: .list(.value("figure")), positional: true),
    Setting("columns", \.columns, "How many stand side by side.", in: 1...20),
  ]
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    .figure(try combine(input, figures, context) { try Figure.grid($0, columns: columns) })
  }
}

/// A figure given as an argument.
struct FigureArgument: SettingValue {
  var figure: Figure
  static var form: SettingForm { .value("figure") }
  init?(argument: Argument) {
    guard case .figure(let figure)? = argument.content else { return nil }
    self.figure = figure
  }
  var argument: Argument { .object(Value.Content.figure(figure)) }
}

private func combine(
  _ input: Value.Content, _ given: [FigureArgument], _ context: Context, _ body: ([Figure]) throws -> Figure
) throws -> Figure {
  var figures: [Figure] = []
  switch input {
  case .figure(let figure): figures = [figure]
  case .list(let items):
    for item in items {
      guard case .figure(let figure) = item else {
        throw Diagnostic("types.items", "figures are needed, not a list of \(item.type.rawValue)s")
      }
      figures.append(figure)
    }
  default: break
  }
  figures += given.map(\.figure)
  guard !figures.isEmpty else {
    throw Diagnostic("plot.none", "no figure was given", help: "name figures, as in: overlay a b, or grid a b")
  }
  do {
    var figure = try body(figures)
    figure.size = Figure.Size(width: context.settings.size[0], height: context.settings.size[1])
    return figure
  } catch let problem as PlotProblem {
    throw Diagnostic("plot.combine", "\(problem)")
  }
}

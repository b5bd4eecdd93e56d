public import Plotting
public import Spiking

/// What every plot can be told: its title, its label, its size and the scales of its axes.
public struct PlotFrame: Sendable {
  public enum Scale: String, Choice { case linear, log }
  public var title = "", label = "", size: [Double] = [], xscale = Scale.linear, yscale = Scale.linear
  public init() {}

  func apply(to figure: inout Figure, _ settings: SessionSettings) {
    if !title.isEmpty { figure.title = title }
    if !label.isEmpty { figure.label = label }
    let size = size.count == 2 ? size : settings.size
    if size.count == 2 { figure.size = Figure.Size(width: size[0], height: size[1]) }
    for stack in figure.stacks.indices {
      for panel in figure.stacks[stack].indices {
        if xscale == .log { figure.stacks[stack][panel].x.scale = .logarithmic }
        if yscale == .log { figure.stacks[stack][panel].y.scale = .logarithmic }
      }
    }
  }
}

/// A kind of plot: data in, a figure out. Title, label, size and scales are common to all.
public protocol Plot: Command {
  var frame: PlotFrame { get set }
  static var plotSettings: [Setting<Self>] { get }
  /// Whether it has axes; pictures side by side have none.
  static var hasAxes: Bool { get }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure
}
extension Plot {
  public static var gives: [ValueType] { [.figure] }
  public static var plotSettings: [Setting<Self>] { [] }
  public static var hasAxes: Bool { true }
  public static var settings: [Setting<Self>] {
    let scales: [Setting<Self>] = [
      Setting("xscale", \Self.frame.xscale, "Scale of the horizontal axis."),
      Setting("yscale", \Self.frame.yscale, "Scale of the vertical axis."),
    ]
    return plotSettings + [
      Setting("title", \Self.frame.title, "Text above the figure."),
      Setting("label", \Self.frame.label, "Name of the curve in a legend."),
      Setting("size", \Self.frame.size, "Width and height of the picture in points.", in: 100...10_000),
    ] + (hasAxes ? scales : [])
  }
  public func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    var figure = try figure(of: input, context)
    frame.apply(to: &figure, context.settings)
    return .figure(figure)
  }
}

/// A drawing as data: one or more panels and how they stand together.
///
/// A figure knows nothing about how it is drawn. The same value becomes lines of text with ``text(_:)`` and a
/// picture with ``png(scale:)``.
///
/// ```swift
/// let membrane = Panel(
///   x: Axis("time", unit: "ms"), y: Axis("v"),
///   marks: [
///     .line(x: times, y: voltage, label: "membrane"),
///     .rule(y: 1, label: "threshold"),
///     .spikes(at: spikeTimes, above: 1),
///   ])
/// let current = Panel(y: Axis("current"), marks: [.steps(x: times, y: input)], share: 0.35)
/// let figure = Figure(stacked: [current, membrane], title: "lif, 200 ms")
/// print(figure.text(TextOptions(width: 80, style: .braille)))
/// let bytes = try figure.png()
/// ```
public struct Figure: Equatable, Sendable {
  /// The text above all panels.
  public var title: String
  /// The name of this figure's series when it is laid over others.
  public var label: String
  /// Width and height of the picture in points.
  public var size: Size
  /// The cells of the grid, row by row; the panels of one cell stand above each other and share their x axis.
  public var stacks: [[Panel]]
  /// How many cells stand side by side.
  public var columns: Int

  /// Creates a figure of panels above each other that share their x axis.
  ///
  /// Only the lowest panel shows the numbers and the label of the x axis.
  public init(stacked panels: [Panel], title: String = "", label: String = "", size: Size = .standard) {
    self.init(stacks: [panels], columns: 1, title: title, label: label, size: size)
  }

  /// Creates a figure of one panel.
  public init(_ panel: Panel, label: String = "", size: Size = .standard) {
    self.init(stacks: [[panel]], columns: 1, label: label, size: size)
  }

  /// Creates a figure of independent panels, row by row.
  public init(panels: [Panel], columns: Int, title: String = "", label: String = "", size: Size = .standard) {
    self.init(stacks: panels.map { [$0] }, columns: columns, title: title, label: label, size: size)
  }

  /// Creates a figure of cells, each of which is a stack of panels.
  public init(stacks: [[Panel]], columns: Int, title: String = "", label: String = "", size: Size = .standard) {
    self.stacks = stacks
    self.columns = max(1, columns)
    self.title = title
    self.label = label
    self.size = size
  }
}

extension Figure {
  /// Width and height in points.
  public struct Size: Hashable, Sendable {
    public var width: Double
    public var height: Double

    public init(width: Double, height: Double) {
      self.width = width
      self.height = height
    }

    /// 800 × 500 points.
    public static let standard = Size(width: 800, height: 500)
  }

  /// The panels of all cells.
  public var panels: [Panel] { stacks.flatMap { $0 } }

  /// The cells cut into rows of ``columns``.
  var rows: [[[Panel]]] {
    let filled = stacks.filter { !$0.isEmpty }
    let width = max(1, columns)
    return stride(from: 0, to: filled.count, by: width).map { start in
      Array(filled[start..<min(start + width, filled.count)])
    }
  }
}

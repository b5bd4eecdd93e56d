/// Where a panel of a stack stands: the area of its data and the ticks around it.
struct PanelFrame {
  var plot: Plot
  /// The area of the data.
  var area: Rectangle
  var xTicks: [Tick]
  var yTicks: [Tick]
  /// Whether the numbers and the label of the x axis stand below.
  var showsXLabels: Bool
  /// The x of the middle of the rotated y label's baseline.
  var yLabelX: Double
  /// Where the legend stands, when it has one.
  var legend: Rectangle?
}

extension PanelFrame {
  /// Finds margins from measured texts, the same left and right for all panels of the stack.
  static func stack(_ panels: [Panel], in cell: Rectangle) -> [PanelFrame] {
    let plots = Plot.stack(panels)
    let areas = bands(of: plots, in: cell)
    let yTicks = zip(plots, areas).map { plot, area in
      plot.yTicks.fitting(
        area.height, atMost: plot.panel.y.categories.isEmpty ? max(2, Int(area.height / 32)) : 200,
        gap: 3, extent: { _ in Theme.tickText })
    }
    let numbers = yTicks.joined().map { StrokeFont.width($0.label, capHeight: Theme.tickText) }.max() ?? 0
    let hasLabel = plots.contains { !$0.panel.y.title.isEmpty }
    let label = hasLabel ? Theme.labelText * 1.3 + Theme.gap : 0
    let left = label + numbers + Theme.tickLength + 4
    let frames = zip(plots, zip(areas, yTicks)).map { plot, part in
      PanelFrame(
        plot: plot, area: part.0.inset(left: left, right: 0), xTicks: [], yTicks: part.1,
        showsXLabels: false, yLabelX: cell.x + Theme.labelText)
    }
    return finished(frames)
  }

  /// Cuts the cell into the heights of the panels, without the texts above and below them.
  private static func bands(of plots: [Plot], in cell: Rectangle) -> [Rectangle] {
    let titles = plots.map { $0.panel.title.isEmpty ? 3 : Theme.titleText + 1.2 * Theme.gap }
    let gaps = Theme.panelGap * Double(max(0, plots.count - 1)) * 0.6
    let hasLabel = !(plots.last?.xAxis.title.isEmpty ?? true)
    let below = Theme.tickLength + 4 + Theme.tickText * 1.3 + (hasLabel ? Theme.gap + Theme.labelText * 1.4 : 0)
    let free = max(1, cell.height - titles.reduce(0, +) - gaps - below)
    let weights = plots.map(\.panel.weight)
    let unit = free / max(1e-9, weights.reduce(0, +))
    var y = cell.y
    return zip(titles, weights).map { title, weight in
      defer { y += title + weight * unit + Theme.panelGap * 0.6 }
      return Rectangle(x: cell.x, y: y + title, width: cell.width, height: max(1, weight * unit))
    }
  }

  /// Adds the right margin, the ticks along x and the legends.
  private static func finished(_ frames: [PanelFrame]) -> [PanelFrame] {
    let bars = frames.map { $0.plot.panel.matrix.map(ColourBar.init)?.width ?? 0 }.max() ?? 0
    let beside = frames.map { $0.needsLegendBeside ? LegendBox($0.plot.legend).width + Theme.gap : 0 }.max() ?? 0
    guard let width = frames.first?.area.width else { return [] }
    let ticks = frames.last.map { $0.fittingXTicks(width: width - bars - beside) } ?? []
    let overhang = frames.last.map { $0.overhang(of: ticks, width: width - bars - beside) } ?? 0
    let right = max(overhang, bars + beside)
    return frames.enumerated().map { index, frame in
      var frame = frame
      let isBeside = frame.needsLegendBeside
      frame.area = frame.area.inset(right: right)
      frame.showsXLabels = index == frames.count - 1
      frame.xTicks = frame.fittingXTicks(width: frame.area.width)
      frame.legend = frame.legendPlace(beside: isBeside, offset: bars)
      return frame
    }
  }

  private func fittingXTicks(width: Double) -> [Tick] {
    let most = plot.xAxis.categories.isEmpty ? max(2, Int(width / 60)) : 200
    return plot.xTicks.fitting(width, atMost: most, gap: 9) { StrokeFont.width($0, capHeight: Theme.tickText) }
  }

  /// How far the last number reaches beyond the right end of the axis.
  private func overhang(of ticks: [Tick], width: Double) -> Double {
    ticks.map { tick in
      StrokeFont.width(tick.label, capHeight: Theme.tickText) / 2 - (1 - plot.x.fraction(tick.value)) * width
    }.max().map { max(2, $0) } ?? 2
  }
}

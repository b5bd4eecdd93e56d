/// A panel with everything decided that both renderers need: scales, colours, legend.
struct Plot {
  /// The panel, its marks with their final tints.
  var panel: Panel
  var x: Scale
  var y: Scale
  /// The axis below the panel, which a stack shares.
  var xAxis: Axis
  var legend: [LegendEntry]

  /// Decides the panels of one stack, which share their x axis.
  static func stack(_ panels: [Panel]) -> [Plot] {
    guard let axis = panels.last?.x else { return [] }
    let range = panels.lazy.compactMap(\.x.range).first
    let isLogarithmic = axis.scale == .logarithmic
    var extent = Extent(logarithmic: isLogarithmic)
    for panel in panels { extent.formUnion(panel.horizontalExtent(logarithmic: isLogarithmic)) }
    let x = Scale(
      range ?? extent.range ?? (isLogarithmic ? 1...10 : 0...1), logarithmic: isLogarithmic, reversed: axis.reversed)
    return panels.map { Plot($0, x: x, xAxis: axis) }
  }

  private init(_ panel: Panel, x: Scale, xAxis: Axis) {
    self.panel = panel
    self.panel.marks = panel.marks.tinted()
    self.x = x
    self.xAxis = xAxis
    let isLogarithmic = panel.y.scale == .logarithmic
    let range = panel.y.range ?? panel.verticalExtent().range ?? (isLogarithmic ? 1...10 : 0...1)
    y = Scale(range, logarithmic: isLogarithmic, reversed: panel.y.reversed)
    legend = panel.showsLegend ? self.panel.marks.flatMap(\.legend) : []
  }

  var xTicks: Ticks {
    var ticks = Ticks(axis: xAxis, scale: x)
    for case .histogram(let histogram) in panel.marks {
      guard let extra = histogram.extra, let box = histogram.extraBox else { continue }
      let centre = (box.x.lowerBound + box.x.upperBound) / 2
      if ticks.extra.isEmpty { ticks.extra = [Tick(value: centre, label: extra.label)] }
      if let last = histogram.lastEdge { ticks.limit = min(ticks.limit, last) }
    }
    return ticks
  }

  var yTicks: Ticks { Ticks(axis: panel.y, scale: y) }
}

/// A name and what it looks like.
struct LegendEntry: Equatable {
  enum Sample: Equatable {
    case line(LineStyle, Series.Marker?)
    case marker(Series.Marker)
    case block
    /// Spikes of a raster.
    case dots
    /// Spikes above a membrane potential.
    case stroke
  }

  var label: String
  var tint: Tint
  var sample: Sample
}

extension Mark {
  /// The entries of the labelled parts. Rules carry their label beside them.
  var legend: [LegendEntry] {
    switch self {
    case .series(let series):
      let sample: LegendEntry.Sample =
        series.connection == .none ? .marker(series.marker ?? .circle) : .line(series.style, series.marker)
      return [LegendEntry(label: series.label, tint: series.tint, sample: sample)].labelled
    case .raster(let raster):
      return raster.groups.map { LegendEntry(label: $0.label, tint: $0.tint, sample: .dots) }.labelled
    case .spikes(let spikes):
      return [LegendEntry(label: spikes.label, tint: spikes.tint, sample: .stroke)].labelled
    case .bars(let bars):
      return bars.groups.map { LegendEntry(label: $0.label, tint: $0.tint, sample: .block) }.labelled
    case .histogram(let histogram):
      return [LegendEntry(label: histogram.label, tint: histogram.tint, sample: .block)].labelled
    case .rule, .matrix, .images:
      return []
    }
  }
}

extension [LegendEntry] {
  fileprivate var labelled: [LegendEntry] { filter { !$0.label.isEmpty } }
}

extension [Mark] {
  /// The marks with a colour of the palette for each that left it open.
  func tinted() -> [Mark] {
    var next = 0
    func decide(_ tint: inout Tint) {
      guard tint == .automatic else { return }
      tint = .palette(next)
      next += 1
    }
    return map { mark in
      switch mark {
      case .series(var series):
        decide(&series.tint)
        return .series(series)
      case .raster(var raster):
        for index in raster.groups.indices { decide(&raster.groups[index].tint) }
        return .raster(raster)
      case .bars(var bars):
        for index in bars.groups.indices { decide(&bars.groups[index].tint) }
        return .bars(bars)
      case .histogram(var histogram):
        decide(&histogram.tint)
        return .histogram(histogram)
      case .spikes(var spikes):
        decide(&spikes.tint)
        return .spikes(spikes)
      case .rule(var rule):
        decide(&rule.tint)
        return .rule(rule)
      case .matrix, .images:
        return mark
      }
    }
  }
}

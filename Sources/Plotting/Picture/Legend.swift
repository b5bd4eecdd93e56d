/// The list of names in a picture, measured.
struct LegendBox {
  static let sampleWidth = 20.0
  static let lineHeight = 14.0
  static let padding = 6.0

  let entries: [LegendEntry]

  init(_ entries: [LegendEntry]) { self.entries = entries }

  var width: Double {
    let text = entries.map { StrokeFont.width($0.label, capHeight: Theme.tickText) }.max() ?? 0
    return text + Self.sampleWidth + 2 * Self.padding + 6
  }

  var height: Double { Double(entries.count) * Self.lineHeight + Self.padding }
}

extension Drawing {
  /// Draws a legend.
  mutating func draw(_ legend: LegendBox, in box: Rectangle) {
    fill(box, .white, opacity: 0.9)
    outline(box, Colour(0xC8C8C8), thickness: 0.5)
    for (index, entry) in legend.entries.enumerated() {
      let y = box.y + LegendBox.padding / 2 + (Double(index) + 0.5) * LegendBox.lineHeight
      draw(entry, at: Point(x: box.x + LegendBox.padding, y: y))
      let place = Point(x: box.x + LegendBox.padding + LegendBox.sampleWidth + 6, y: y + Theme.tickText / 2)
      text(entry.label, at: place, capHeight: Theme.tickText)
    }
  }

  private mutating func draw(_ entry: LegendEntry, at left: Point) {
    let (colour, width) = (entry.tint.colour, LegendBox.sampleWidth)
    let middle = Point(x: left.x + width / 2, y: left.y)
    switch entry.sample {
    case .line(let style, let marker):
      line([left, Point(x: left.x + width, y: left.y)], colour, thickness: Theme.dataLine, style: style)
      if let marker { self.marker(marker, at: middle, radius: Theme.markerRadius, colour) }
    case .marker(let marker):
      self.marker(marker, at: middle, radius: Theme.markerRadius, colour)
    case .block:
      fill(Rectangle(x: left.x + 3, y: left.y - 4, width: width - 6, height: 8), colour)
    case .dots, .stroke:
      for shift in [-4.0, 0, 4] {
        fill(Rectangle(x: middle.x + shift - 0.75, y: left.y - 4, width: 1.5, height: 8), colour)
      }
    }
  }
}

extension PanelFrame {
  /// Whether data fills the panel so that the legend has to stand beside it.
  var needsLegendBeside: Bool {
    guard !plot.legend.isEmpty else { return false }
    if plot.panel.marks.contains(where: { $0.kind == "raster" }) { return true }
    let box = LegendBox(plot.legend)
    if box.width > area.width * 0.6 { return false }
    let hasAreas = plot.panel.marks.contains { $0.kind == "bars" || $0.kind == "histogram" }
    return best(box).crowding > (hasAreas ? 0 : max(3, plot.inkSamples.count / 40))
  }

  /// The place of the legend: beside the panel, or inside where the least data is.
  func legendPlace(beside: Bool, offset: Double) -> Rectangle? {
    guard !plot.legend.isEmpty else { return nil }
    let box = LegendBox(plot.legend)
    guard beside else { return best(box).place }
    return Rectangle(x: area.right + offset + Theme.gap, y: area.y, width: box.width, height: box.height)
  }

  private func best(_ box: LegendBox) -> (place: Rectangle, crowding: Int) {
    let ink = plot.inkSamples
    let labels = plot.panel.marks.compactMap { mark -> Rectangle? in
      if case .rule(let rule) = mark { labelPlace(of: rule) } else { nil }
    }
    let margin = 7.0
    let xs = [area.right - box.width - margin, area.x + margin, area.middle.x - box.width / 2]
    let ys = [area.y + margin, area.bottom - box.height - margin, area.middle.y - box.height / 2]
    let places = ys.flatMap { y in xs.map { Rectangle(x: $0, y: y, width: box.width, height: box.height) } }
    let scored = places.map { place in
      let near = place.inset(left: -4, top: -4, right: -4, bottom: -4)
      return (place: place, crowding: crowding(near, ink) + labels.count { $0.overlaps(near) } * 20)
    }
    return scored.reduce(scored[0]) { $1.crowding < $0.crowding ? $1 : $0 }
  }
}

extension Rectangle {
  fileprivate func overlaps(_ other: Rectangle) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }
}

extension Plot {
  /// Points on everything drawn, for finding out what a text would hide.
  var inkSamples: [UnitPoint] { panel.marks.flatMap(samples) }

  private func samples(of mark: Mark) -> [UnitPoint] {
    switch mark {
    case .series(let series):
      return runs(of: series).flatMap { run in
        series.connection == .none ? run : run.clippedPieces(margin: 0).flatMap(\.resampled)
      } + errorBars(of: series).flatMap { [$0.low, $0.high] }
    case .rule(let rule):
      return ends(of: rule).map { [$0.0, $0.1].resampled } ?? []
    case .spikes(let spikes):
      return spikes.times.compactMap { stroke(of: spikes, at: $0) }.flatMap { [$0.low, $0.high].resampled }
    case .bars(let bars):
      return bars.boxes.compactMap(rectangle).flatMap(Self.filling)
    case .histogram(let histogram):
      return histogram.boxes.compactMap(rectangle).flatMap(Self.filling)
    case .raster(let raster):
      return raster.groups.flatMap { group in (0..<group.count).compactMap { place(group.times[$0], group.rows[$0]) } }
    case .matrix, .images:
      return []
    }
  }

  private static func filling(_ low: UnitPoint, _ high: UnitPoint) -> [UnitPoint] {
    stride(from: 0.0, through: 1, by: 0.25).flatMap { share in
      let x = low.x + (high.x - low.x) * share
      return [UnitPoint(x: x, y: low.y), UnitPoint(x: x, y: high.y)].resampled
    }
  }
}

extension [UnitPoint] {
  /// Points on the line, no further apart than one part in eighty.
  fileprivate var resampled: [UnitPoint] {
    guard count > 1 else { return self }
    return zip(self, dropFirst()).flatMap { a, b in
      let pieces = Swift.max(1, (Swift.max((b.x - a.x).magnitude, (b.y - a.y).magnitude) * 80).rounded(in: 1...100))
      return (0...pieces).map { piece in
        let share = Double(piece) / Double(pieces)
        return UnitPoint(x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share)
      }
    }
  }
}

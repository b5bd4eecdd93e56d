extension Drawing {
  /// Draws one mark into the area of a frame.
  mutating func draw(_ mark: Mark, _ frame: PanelFrame) {
    switch mark {
    case .series(let series): draw(series, frame)
    case .rule(let rule): draw(rule, frame)
    case .raster(let raster): draw(raster, frame)
    case .spikes(let spikes): draw(spikes, frame)
    case .bars(let bars): draw(bars.boxes, frame, gap: true)
    case .histogram(let histogram): draw(histogram.boxes, frame, gap: false, opacity: frame.plot.fillOpacity)
    case .matrix(let matrix): draw(matrix, frame)
    case .images: break
    }
  }

  private mutating func draw(_ series: Series, _ frame: PanelFrame) {
    let colour = series.tint.colour
    for (low, high) in frame.plot.errorBars(of: series) { drawError(low, high, colour, frame) }
    if series.connection != .none {
      // A line that others will cover is wider, so that it shows on both sides of them.
      let thickness = Theme.dataLine + Theme.coveredBorder * Double(frame.plot.linesCovering(series))
      for run in frame.plot.runs(of: series) {
        for piece in run.clippedPieces(margin: 0.02) {
          line(piece.map(frame.area.place), colour, thickness: thickness, style: series.style)
        }
      }
    }
    guard let marker = series.marker ?? (series.connection == .none ? .circle : nil) else { return }
    for point in frame.plot.points(of: series) where point.isInside {
      self.marker(marker, at: frame.area.place(point), radius: Theme.markerRadius, colour)
    }
  }

  private mutating func drawError(_ low: UnitPoint, _ high: UnitPoint, _ colour: Colour, _ frame: PanelFrame) {
    guard let (low, high) = clipped(low, high, margin: 0.02) else { return }
    let (bottom, top) = (frame.area.place(low), frame.area.place(high))
    line([bottom, top], colour, thickness: 1)
    for end in [bottom, top] {
      line([Point(x: end.x - 3, y: end.y), Point(x: end.x + 3, y: end.y)], colour, thickness: 1)
    }
  }

  private mutating func draw(_ rule: Rule, _ frame: PanelFrame) {
    guard let (start, end) = frame.plot.ends(of: rule) else { return }
    line(
      [frame.area.place(start), frame.area.place(end)], rule.tint.colour, thickness: Theme.ruleLine,
      style: rule.style)
  }

  private mutating func draw(_ raster: Raster, _ frame: PanelFrame) {
    let rows = frame.plot.y.range
    let row = frame.area.height / max(1, rows.upperBound - rows.lowerBound)
    let (width, height) = (row > 6 ? 1.5 : 1.2, max(1.5, min(row * 0.8, 14)))
    for group in raster.groups {
      for index in 0..<group.count {
        guard let point = frame.plot.place(group.times[index], group.rows[index]), point.isInside else { continue }
        let centre = frame.area.place(point)
        let tick = Rectangle(x: centre.x - width / 2, y: centre.y - height / 2, width: width, height: height)
        fill(tick, group.tint.colour)
      }
    }
  }

  private mutating func draw(_ spikes: Spikes, _ frame: PanelFrame) {
    for time in spikes.times {
      guard let (low, high) = frame.plot.stroke(of: spikes, at: time) else { continue }
      let (bottom, top) = (frame.area.place(low), frame.area.place(high))
      fill(Rectangle(x: bottom.x - 0.7, y: top.y, width: 1.4, height: bottom.y - top.y), spikes.tint.colour)
    }
  }

  private mutating func draw(_ boxes: [Box], _ frame: PanelFrame, gap: Bool, opacity: Double = 1) {
    for box in boxes {
      guard let (low, high) = frame.plot.rectangle(of: box) else { continue }
      let (a, b) = (frame.area.place(low), frame.area.place(high))
      let space = gap ? min(1, (b.x - a.x) * 0.1) : (b.x - a.x) > 4 ? 0.5 : 0
      let bar = Rectangle(x: a.x + space / 2, y: b.y, width: max(0.3, b.x - a.x - space), height: a.y - b.y)
      let isExtra = !gap && box.group == 1
      fill(bar, isExtra ? box.tint.colour.mixed(with: .muted, 0.75) : box.tint.colour, opacity: opacity)
      let middle = (box.x.lowerBound + box.x.upperBound) / 2
      guard box.error > 0, let bottom = frame.plot.place(middle, box.top - box.error),
        let top = frame.plot.place(middle, box.top + box.error)
      else { continue }
      drawError(bottom, top, .ink, frame)
    }
  }
}

extension Plot {
  /// How many later lines hide a line: those without gaps that run where it runs, for half of its points or more.
  func linesCovering(_ series: Series) -> Int {
    let lines = panel.marks.compactMap { mark -> Series? in
      if case .series(let line) = mark, line.connection != .none { line } else { nil }
    }
    guard let place = lines.firstIndex(of: series) else { return 0 }
    let points = points(of: series)
    return lines.dropFirst(place + 1).count { other in
      guard other.style == .solid else { return false }
      let others = Dictionary(self.points(of: other).map { ($0.x, $0.y) }) { first, _ in first }
      let shared = points.count { point in others[point.x].map { abs($0 - point.y) < 0.004 } ?? false }
      return !points.isEmpty && 2 * shared >= points.count
    }
  }
  /// Histograms that overlap are drawn so that each can be seen.
  fileprivate var fillOpacity: Double {
    panel.marks.count { if case .histogram = $0 { true } else { false } } > 1 ? 0.6 : 1
  }
}

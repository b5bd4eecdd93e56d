extension Drawing {
  /// Draws a panel: grid, data, axes, texts.
  mutating func draw(_ frame: PanelFrame) {
    if frame.plot.panel.matrix == nil { drawGrid(frame) }
    setClip(
      Rectangle(x: frame.area.x - 1, y: frame.area.y - 1, width: frame.area.width + 2, height: frame.area.height + 2))
    for mark in frame.plot.panel.marks { draw(mark, frame) }
    setClip(nil)
    drawAxes(frame)
    drawTexts(frame)
    for case .rule(let rule) in frame.plot.panel.marks { drawLabel(of: rule, frame) }
    if let matrix = frame.plot.panel.matrix { draw(ColourBar(matrix), beside: frame.area) }
    if let place = frame.legend { draw(LegendBox(frame.plot.legend), in: place) }
  }

  private mutating func drawGrid(_ frame: PanelFrame) {
    let area = frame.area
    if frame.plot.panel.y.categories.isEmpty {
      for tick in frame.yTicks where !tick.isMinor {
        let y = area.bottom - frame.plot.y.fraction(tick.value) * area.height
        level(y: y, from: area.x, to: area.right, .grid, thickness: Theme.gridLine)
      }
    }
    guard frame.plot.xAxis.categories.isEmpty else { return }
    for tick in frame.xTicks where !tick.isMinor {
      let x = area.x + frame.plot.x.fraction(tick.value) * area.width
      upright(x: x, from: area.y, to: area.bottom, .grid, thickness: Theme.gridLine)
    }
  }

  private mutating func drawAxes(_ frame: PanelFrame) {
    let area = frame.area
    if frame.plot.panel.matrix == nil {
      level(y: area.bottom, from: area.x - 0.5, to: area.right, .axis, thickness: Theme.axisLine)
      upright(x: area.x, from: area.y, to: area.bottom + 0.5, .axis, thickness: Theme.axisLine)
    } else {
      outline(area.inset(left: -0.5, top: -0.5, right: -0.5, bottom: -0.5), .axis, thickness: Theme.axisLine)
    }
    for tick in frame.yTicks {
      let y = area.bottom - frame.plot.y.fraction(tick.value) * area.height
      let length = tick.isMinor ? Theme.tickLength / 2 : Theme.tickLength
      level(y: y, from: area.x - length, to: area.x, .axis, thickness: Theme.axisLine)
    }
    for tick in frame.xTicks {
      let x = area.x + frame.plot.x.fraction(tick.value) * area.width
      let length = tick.isMinor ? Theme.tickLength / 2 : Theme.tickLength
      upright(x: x, from: area.bottom, to: area.bottom + length, .axis, thickness: Theme.axisLine)
    }
  }

  private mutating func drawTexts(_ frame: PanelFrame) {
    let (area, panel) = (frame.area, frame.plot.panel)
    for tick in frame.yTicks {
      let y = area.bottom - frame.plot.y.fraction(tick.value) * area.height + Theme.tickText / 2
      text(tick.label, at: Point(x: area.x - Theme.tickLength - 3, y: y), .end, capHeight: Theme.tickText)
    }
    if !panel.title.isEmpty {
      let capHeight = StrokeFont.fitting(panel.title, capHeight: Theme.titleText, width: area.width)
      text(panel.title, at: Point(x: area.middle.x, y: area.y - Theme.gap), .middle, capHeight: capHeight)
    }
    let yTitle = panel.y.title
    let yHeight = StrokeFont.fitting(yTitle, capHeight: Theme.labelText, width: area.height)
    text(yTitle, at: Point(x: frame.yLabelX, y: area.middle.y), .middle, capHeight: yHeight, rotated: true)
    guard frame.showsXLabels else { return }
    let baseline = area.bottom + Theme.tickLength + 4 + Theme.tickText
    for tick in frame.xTicks {
      let x = area.x + frame.plot.x.fraction(tick.value) * area.width
      text(tick.label, at: Point(x: x, y: baseline), .middle, capHeight: Theme.tickText)
    }
    let xTitle = frame.plot.xAxis.title
    let xHeight = StrokeFont.fitting(xTitle, capHeight: Theme.labelText, width: area.width)
    let place = Point(x: area.middle.x, y: baseline + Theme.gap + Theme.labelText * 1.15)
    text(xTitle, at: place, .middle, capHeight: xHeight)
  }

  /// Writes the name of a rule on the rule, where data is least in the way.
  private mutating func drawLabel(of rule: Rule, _ frame: PanelFrame) {
    guard let box = frame.labelPlace(of: rule) else { return }
    fill(box, .white, opacity: 0.75)
    text(
      rule.label, at: Point(x: box.x + 2, y: box.bottom - 3), capHeight: Theme.smallText,
      rule.tint == .ink ? .axis : rule.tint.colour)
  }
}

extension PanelFrame {
  /// Where the name of a rule stands.
  func labelPlace(of rule: Rule) -> Rectangle? {
    guard !rule.label.isEmpty, let start = plot.ends(of: rule)?.0 else { return nil }
    let width = StrokeFont.width(rule.label, capHeight: Theme.smallText) + 4
    let height = Theme.smallText + 5
    let place = area.place(start)
    let candidates: [Rectangle]
    if rule.direction == .horizontal {
      let rows = [place.y - height - 1, place.y + 2].filter { $0 >= area.y && $0 + height <= area.bottom }
      candidates = rows.flatMap { y in
        [area.right - width - 3, area.x + 4, area.middle.x - width / 2].map {
          Rectangle(x: $0, y: y, width: width, height: height)
        }
      }
    } else {
      let fitsRight = place.x + 3 + width <= area.right
      let x = fitsRight ? place.x + 3 : place.x - 3 - width
      candidates = [area.y + 2, area.bottom - height - 4].map {
        Rectangle(x: x, y: $0, width: width, height: height)
      }
    }
    let ink = plot.inkSamples
    return candidates.enumerated().min { a, b in
      (crowding(a.element, ink), a.offset) < (crowding(b.element, ink), b.offset)
    }?.element
  }

  /// How many of the samples lie in a rectangle.
  func crowding(_ box: Rectangle, _ ink: [UnitPoint]) -> Int {
    ink.count { point in
      let place = area.place(point)
      return place.x >= box.x && place.x <= box.right && place.y >= box.y && place.y <= box.bottom
    }
  }
}

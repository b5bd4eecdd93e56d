extension Figure {
  /// The figure as a picture in the format PNG, ``size`` points large.
  ///
  /// - Parameter scale: Pixels per point.
  /// - Throws: ``PlotProblem/unusableSize(width:height:)`` when a side is not between 1 and 16 384 pixels.
  public func png(scale: Double = 2) throws(PlotProblem) -> [UInt8] {
    let (width, height) = (size.width * scale, size.height * scale)
    guard scale.isFinite, (1...16_384).contains(width), (1...16_384).contains(height) else {
      throw .unusableSize(width: width, height: height)
    }
    let canvas = drawn(scale: scale).canvas
    return try PNGEncoder(scale: scale).encode(width: canvas.width, height: canvas.height, pixels: canvas.pixels)
  }

  /// The figure drawn, before it is compressed.
  func drawn(scale: Double) -> Drawing {
    var drawing = Drawing(width: size.width, height: size.height, scale: scale)
    var area = Rectangle(x: 0, y: 0, width: size.width, height: size.height)
      .inset(
        left: Theme.outerMargin, top: Theme.outerMargin, right: Theme.outerMargin, bottom: Theme.outerMargin)
    if !title.isEmpty {
      let capHeight = StrokeFont.fitting(title, capHeight: Theme.titleText, width: area.width)
      drawing.text(
        title, at: Point(x: area.middle.x, y: area.y + Theme.titleText), .middle, capHeight: capHeight)
      area = area.inset(top: Theme.titleText + 2 * Theme.gap)
    }
    drawing.draw(rows, in: area)
    return drawing
  }
}

extension StrokeFont {
  /// A height of capitals, at most the wanted one, at which a text fits.
  static func fitting(_ text: String, capHeight: Double, width: Double) -> Double {
    let wanted = StrokeFont.width(text, capHeight: capHeight)
    return wanted <= width ? capHeight : max(capHeight * 0.6, capHeight * width / wanted)
  }
}

extension Drawing {
  /// Draws the cells of a grid, all of one size.
  fileprivate mutating func draw(_ rows: [[[Panel]]], in area: Rectangle) {
    guard let columns = rows.first?.count else { return }
    let gap = rows.count * columns > 1 ? Theme.panelGap : 0
    let width = (area.width - gap * Double(columns - 1)) / Double(columns)
    let height = (area.height - gap * Double(rows.count - 1)) / Double(rows.count)
    for (row, cells) in rows.enumerated() {
      for (column, panels) in cells.enumerated() {
        let cell = Rectangle(
          x: area.x + Double(column) * (width + gap), y: area.y + Double(row) * (height + gap), width: width,
          height: height)
        draw(panels, in: cell)
      }
    }
  }

  /// Draws one cell.
  private mutating func draw(_ panels: [Panel], in cell: Rectangle) {
    let pictures = panels.compactMap { panel in panel.images.map { (panel, $0) } }
    guard pictures.isEmpty else {
      let height = cell.height / Double(pictures.count)
      for (index, (panel, images)) in pictures.enumerated() {
        let part = Rectangle(x: cell.x, y: cell.y + Double(index) * height, width: cell.width, height: height)
        draw(images, title: panel.title, in: part)
      }
      return
    }
    for frame in PanelFrame.stack(panels, in: cell) { draw(frame) }
  }
}

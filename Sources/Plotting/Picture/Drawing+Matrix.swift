extension Drawing {
  /// Draws the cells of a matrix and, where wanted, their numbers.
  mutating func draw(_ matrix: Matrix, _ frame: PanelFrame) {
    let range = matrix.valueRange
    let cells = MatrixCells(matrix, frame.plot)
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns {
        guard let value = matrix.value(row: row, column: column),
          let (low, high) = cells.corners(row: row, column: column)
        else { continue }
        let (a, b) = (frame.area.place(low), frame.area.place(high))
        let colour = matrix.map.colour(at: range.share(of: value))
        let cell = Rectangle(x: min(a.x, b.x), y: min(a.y, b.y), width: abs(b.x - a.x), height: abs(b.y - a.y))
        fillSnapped(cell, colour)
        if let decimals = matrix.printedDecimals { draw(value, decimals, in: cell, on: colour) }
      }
    }
  }

  private mutating func draw(_ value: Double, _ decimals: Int, in cell: Rectangle, on colour: Colour) {
    let number = NumberText.fixed(value, decimals: decimals)
    let natural = StrokeFont.width(number, capHeight: Theme.tickText)
    let capHeight = min(Theme.tickText, cell.height * 0.6, Theme.tickText * cell.width * 0.85 / max(natural, 1e-9))
    guard capHeight >= 3 else { return }
    let place = Point(x: cell.middle.x, y: cell.middle.y + capHeight / 2)
    text(number, at: place, .middle, capHeight: capHeight, colour.luminance > 0.55 ? .black : .white)
  }

  /// Draws a colour bar to the right of a panel.
  mutating func draw(_ bar: ColourBar, beside area: Rectangle) {
    let box = Rectangle(
      x: area.right + 2 * Theme.gap, y: area.y, width: Theme.colourBarWidth, height: area.height)
    let pieces = 128
    for piece in 0..<pieces {
      let height = box.height / Double(pieces)
      let part = Rectangle(x: box.x, y: box.y + Double(piece) * height, width: box.width, height: height)
      fillSnapped(part, bar.matrix.map.colour(at: 1 - (Double(piece) + 0.5) / Double(pieces)))
    }
    outline(box, .axis, thickness: 0.5)
    for tick in bar.ticks(height: box.height) {
      let y = box.bottom - bar.scale.fraction(tick.value) * box.height
      level(y: y, from: box.right, to: box.right + 3, .axis, thickness: Theme.axisLine)
      let place = Point(x: box.right + 6, y: y + Theme.tickText / 2)
      text(tick.label, at: place, capHeight: Theme.tickText)
    }
    let right = area.right + bar.width
    text(
      bar.matrix.label, at: Point(x: right - Theme.labelText * 0.35, y: area.middle.y), .middle,
      capHeight: Theme.labelText, rotated: true)
  }
}

/// The places of the cells of a matrix.
struct MatrixCells {
  private let matrix: Matrix
  private let plot: Plot

  init(_ matrix: Matrix, _ plot: Plot) {
    self.matrix = matrix
    self.plot = plot
  }

  /// Two opposite corners of a cell cut to the panel, or nothing outside it.
  func corners(row: Int, column: Int) -> (UnitPoint, UnitPoint)? {
    guard let a = plot.place(border(column, horizontal: true), border(row, horizontal: false)),
      let b = plot.place(border(column + 1, horizontal: true), border(row + 1, horizontal: false)),
      max(a.x, b.x) > 0, min(a.x, b.x) < 1, max(a.y, b.y) > 0, min(a.y, b.y) < 1
    else { return nil }
    return (a.held, b.held)
  }

  private func border(_ index: Int, horizontal: Bool) -> Double {
    let extent = horizontal ? matrix.horizontal : matrix.vertical
    let count = Double(max(1, horizontal ? matrix.columns : matrix.rows))
    return extent.lowerBound + (extent.upperBound - extent.lowerBound) * Double(index) / count
  }
}

extension UnitPoint {
  /// The nearest point of the panel.
  fileprivate var held: UnitPoint { UnitPoint(x: max(0, min(1, x)), y: max(0, min(1, y))) }
}

/// The colours of a matrix with their values.
struct ColourBar {
  let matrix: Matrix
  let scale: Scale

  init(_ matrix: Matrix) {
    self.matrix = matrix
    scale = Scale(matrix.valueRange)
  }

  func ticks(height: Double) -> [Tick] {
    Ticks(axis: Axis(), scale: scale).fitting(
      height, atMost: max(2, Int(height / 40)), gap: 3, extent: { _ in Theme.tickText })
  }

  /// The width with numbers and label, from the right end of the panel.
  var width: Double {
    let numbers = ticks(height: 320).map { StrokeFont.width($0.label, capHeight: Theme.tickText) }.max() ?? 0
    let label = matrix.label.isEmpty ? 0 : Theme.labelText + Theme.gap + 2
    return 2 * Theme.gap + Theme.colourBarWidth + 8 + numbers + label
  }
}

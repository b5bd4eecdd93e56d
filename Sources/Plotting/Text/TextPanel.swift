/// One panel as text: a heading, a legend, the data and the axes.
struct TextPanel {
  let plot: Plot
  let options: TextOptions
  let width: Int
  /// The number of lines for the data.
  var rows = 3
  /// The number of columns for the numbers of the y axis.
  var margin = 0
  /// Whether the numbers of the x axis stand below.
  var isLowest = false
  /// The number of columns for the data when it is not what is left.
  private var fixedColumns: Int?

  init(_ plot: Plot, _ options: TextOptions, width: Int) {
    self.plot = plot
    self.options = options
    self.width = width
  }

  /// The first column of the data.
  var left: Int { margin + (margin > 0 ? 2 : 1) }
  /// The number of columns for the data.
  var columns: Int { fixedColumns ?? max(1, width - left) }

  /// The lines that are not data.
  var overhead: Int {
    let axis = isLowest ? 2 + (plot.xAxis.title.isEmpty ? 0 : 1) : 1
    return headings.count + legendLines.count - (sharesLine ? 1 : 0) + axis
  }

  /// Makes the cells of a matrix equally large where there is room.
  mutating func fitMatrix() {
    guard let matrix = plot.panel.matrix else { return }
    func fitted(_ room: Int, _ count: Int) -> Int {
      guard count > 0, count <= room else { return room }
      let whole = room / count * count
      return matrix.printedDecimals != nil || 5 * whole >= 4 * room ? whole : room
    }
    fixedColumns = fitted(columns, matrix.columns)
    rows = fitted(rows, matrix.rows)
  }

  func drawn() -> TextGrid {
    var grid = TextGrid(width: width, height: overhead + rows)
    var row = 0
    for heading in headings {
      heading.draw(&grid, row: row, from: left)
      row += 1
    }
    if sharesLine { row -= 1 }
    for line in legendLines {
      draw(line, &grid, row: row)
      row += 1
    }
    grid.place(data, row: row, column: left)
    drawVerticalAxis(&grid, top: row)
    drawHorizontalAxis(&grid, row: row + rows)
    return grid
  }
}

extension TextPanel {
  /// A line above the data: the label of the y axis at the left, the title in the middle, or both.
  struct Heading {
    var label: String
    var title: String

    func draw(_ grid: inout TextGrid, row: Int, from left: Int) {
      grid.writeCentred(title, row: row, from: label.isEmpty ? left : 0)
      grid.write(label.shortened(to: grid.width), row: row, column: 0)
    }
  }

  var headings: [Heading] {
    let (label, title) = (options.plain(plot.panel.y.title), options.plain(plot.panel.title))
    if label.isEmpty && title.isEmpty { return [] }
    if title.isEmpty || label.isEmpty || label.count + 2 <= (width - title.count) / 2 {
      return [Heading(label: label, title: title)]
    }
    return [Heading(label: "", title: title), Heading(label: label, title: "")]
  }

  /// Whether the legend stands beside the label of the y axis.
  private var sharesLine: Bool {
    guard legendLines.count == 1, let heading = headings.last, heading.title.isEmpty else { return false }
    return heading.label.count + 2 <= legendStart(legendLines[0])
  }

  /// The ticks of the y axis, at most one on every second line.
  var yTicks: [Tick] {
    let most = plot.panel.y.categories.isEmpty ? max(2, rows / 3) : max(1, rows)
    let ticks = plot.yTicks.candidates(atMost: most)
    return ticks.filter { (-1e-6...1 + 1e-6).contains(plot.y.fraction($0.value)) }
  }

  /// The columns the numbers of the y axis need.
  var labelWidth: Int { min(14, yTicks.map { options.plain($0.label).count }.max() ?? 0) }

  private func drawVerticalAxis(_ grid: inout TextGrid, top: Int) {
    let isASCII = options.style == .ascii
    for row in 0..<rows { grid.write(isASCII ? "|" : "│", row: top + row, column: left - 1) }
    for tick in yTicks where !tick.isMinor {
      let row = top + line(of: plot.y.fraction(tick.value))
      grid.write(isASCII ? "+" : "┤", row: row, column: left - 1)
      guard margin > 0 else { continue }
      let label = options.plain(tick.label).shortened(to: margin)
      grid.write(label, row: row, column: margin - label.count)
    }
  }

  /// The line of the data at a height.
  func line(of fraction: Double) -> Int {
    plot.panel.y.categories.isEmpty
      ? ((1 - fraction) * Double(rows - 1)).rounded(in: 0...rows - 1)
      : Self.cell((1 - fraction) * Double(rows)).rounded(in: 0...rows - 1)
  }

  /// The column of the data at a fraction of the width.
  func column(of fraction: Double) -> Int {
    plot.xAxis.categories.isEmpty
      ? (fraction * Double(columns - 1)).rounded(in: 0...columns - 1)
      : Self.cell(fraction * Double(columns)).rounded(in: 0...columns - 1)
  }
  /// The whole number below, where a number that is whole but for rounding counts as whole.
  static func cell(_ place: Double) -> Double { (place + 1e-9).rounded(.down) }

  private func drawHorizontalAxis(_ grid: inout TextGrid, row: Int) {
    let isASCII = options.style == .ascii
    grid.write(isASCII ? "+" : "└", row: row, column: left - 1)
    for column in 0..<columns { grid.write(isASCII ? "-" : "─", row: row, column: left + column) }
    let most = plot.xAxis.categories.isEmpty ? max(2, columns / 8) : columns
    let ticks = plot.xTicks.fitting(Double(columns), atMost: most, gap: 1.5) { Double(options.plain($0).count) }
    for tick in ticks where !tick.isMinor {
      let column = left + column(of: plot.x.fraction(tick.value))
      grid.write(isASCII ? "+" : "┬", row: row, column: column)
      if isLowest { writeNumber(options.plain(tick.label), &grid, row: row + 1, column: column) }
    }
    guard isLowest, !plot.xAxis.title.isEmpty else { return }
    let title = options.plain(plot.xAxis.title).shortened(to: width)
    let start = left + (columns - title.count) / 2
    grid.write(title, row: row + 2, column: max(0, min(width - title.count, start)))
  }

  /// Writes the number of a tick below it, moved inside where it would be cut off.
  private func writeNumber(_ label: String, _ grid: inout TextGrid, row: Int, column: Int) {
    let start = max(0, min(width - label.count, column - (label.count - 1) / 2))
    let around = max(0, start - 1)..<min(width, start + label.count + 1)
    if grid.isFree(row: row, columns: around) { grid.write(label, row: row, column: start) }
  }
}

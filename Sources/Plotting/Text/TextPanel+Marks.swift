extension TextPanel {
  /// The data of the panel.
  var data: TextGrid {
    var canvas = DotCanvas(columns: columns, rows: rows, style: options.style)
    var grid = TextGrid(width: columns, height: rows)
    for mark in plot.panel.marks {
      switch mark {
      case .bars(let bars): fill(bars.boxes, &grid)
      case .histogram(let histogram): fill(histogram.boxes, &grid)
      case .matrix(let matrix): fill(matrix, &grid)
      case .series(let series): draw(series, &canvas)
      case .raster(let raster): draw(raster, &canvas)
      case .rule, .spikes, .images: break
      }
    }
    for row in 0..<rows {
      for column in 0..<columns {
        let cell = canvas.cell(row: row, column: column)
        if !cell.isEmpty { grid[row, column] = cell }
      }
    }
    for mark in plot.panel.marks {
      if case .spikes(let spikes) = mark { draw(spikes, &grid) }
      if case .rule(let rule) = mark { draw(rule, &grid) }
    }
    for case .rule(let rule) in plot.panel.marks { writeLabel(of: rule, &grid) }
    return grid
  }

  private func draw(_ series: Series, _ canvas: inout DotCanvas) {
    for (low, high) in plot.errorBars(of: series) { canvas.line([low, high], series.tint, pattern: [true]) }
    guard series.connection != .none else {
      for point in plot.points(of: series) { canvas.dot(point, series.tint) }
      return
    }
    let pattern = Self.patterns[options.style == .ascii ? 0 : patternIndex(series.style, series.tint)]
    for run in plot.runs(of: series) { canvas.line(run, series.tint, pattern: pattern) }
    if series.marker != nil {
      for point in plot.points(of: series) { canvas.dot(point, series.tint) }
    }
  }

  private static let patterns: [[Bool]] = [
    [true], [true, true, true, false, false], [true, false, false],
    [true, true, true, true, false, false, true, false, false], [true, false], [true, true, false],
    [true, true, true, true, true, true, true, true, false, false, false, false],
    [true, false, false, false, false, false],
  ]

  private func draw(_ raster: Raster, _ canvas: inout DotCanvas) {
    for group in raster.groups {
      for index in 0..<group.count {
        if let point = plot.place(group.times[index], group.rows[index]) { canvas.dot(point, group.tint) }
      }
    }
  }

  private func draw(_ spikes: Spikes, _ grid: inout TextGrid) {
    let character: Character = options.style == .ascii ? "|" : "│"
    for time in spikes.times {
      guard let (low, high) = plot.stroke(of: spikes, at: time) else { continue }
      for row in min(line(of: high.y), line(of: low.y))...max(line(of: high.y), line(of: low.y)) {
        let column = column(of: low.x)
        if grid[row, column].isEmpty {
          grid[row, column] = TextGrid.Cell(character: character, colour: spikes.tint.terminalColour)
        }
      }
    }
  }

  private func draw(_ rule: Rule, _ grid: inout TextGrid) {
    guard let (start, _) = plot.ends(of: rule) else { return }
    let isASCII = options.style == .ascii
    let colour = rule.tint.terminalColour
    switch rule.direction {
    case .horizontal:
      let row = line(of: start.y)
      for column in 0..<columns where grid[row, column].isEmpty {
        grid[row, column] = TextGrid.Cell(character: isASCII ? "-" : "╌", colour: colour)
      }
    case .vertical:
      let column = column(of: start.x)
      for row in 0..<rows where grid[row, column].isEmpty {
        grid[row, column] = TextGrid.Cell(character: isASCII ? ":" : "╎", colour: colour)
      }
    }
  }

  /// Writes the name of a rule on or beside it, where the fewest dots are lost.
  private func writeLabel(of rule: Rule, _ grid: inout TextGrid) {
    guard !rule.label.isEmpty, let (start, _) = plot.ends(of: rule) else { return }
    let label = options.plain(rule.label).shortened(to: columns)
    let places: [(row: Int, column: Int)]
    if rule.direction == .horizontal {
      places = [columns - label.count - 1, 1, (columns - label.count) / 2].map { (line(of: start.y), max(0, $0)) }
    } else {
      let right = column(of: start.x) + 1
      let column = right + label.count <= columns ? right : max(0, right - 1 - label.count)
      places = [0, rows - 1, rows / 2].map { ($0, column) }
    }
    func lost(_ place: (row: Int, column: Int)) -> Int {
      (place.column..<place.column + label.count).count { !"╌╎-: ".contains(grid[place.row, $0].character) }
    }
    let best = places.reduce(places[0]) { lost($1) < lost($0) ? $1 : $0 }
    grid.write(label, row: best.row, column: best.column, rule.tint.terminalColour)
  }
}

extension TextPanel {
  /// Fills upright bars, in eighths of a line where there are block characters.
  func fill(_ boxes: [Box], _ grid: inout TextGrid) {
    for box in boxes {
      guard let (low, high) = plot.rectangle(of: box), high.y > low.y else { continue }
      let first = (low.x * Double(columns)).rounded(in: 0...columns - 1)
      let last = max(first, ((high.x * Double(columns)).rounded() - 1).rounded(in: 0...columns - 1))
      let tint = box.group == 1 && isHistogram ? Tint.muted : box.tint
      for column in first...last { fill(low.y * Double(rows), high.y * Double(rows), column, tint, &grid) }
    }
  }

  private var isHistogram: Bool {
    plot.panel.marks.contains { if case .histogram = $0 { true } else { false } }
  }

  /// Fills a column between two heights, measured in lines from the bottom.
  private func fill(_ low: Double, _ high: Double, _ column: Int, _ tint: Tint, _ grid: inout TextGrid) {
    let character = fillCharacter(tint)
    for row in 0..<rows {
      let bottom = Double(rows - 1 - row)
      let covered = min(high, bottom + 1) - max(low, bottom)
      guard covered > 0 else { continue }
      let drawn: Character?
      if options.style == .ascii || character != "█" || low > bottom {
        drawn = covered >= 0.5 ? character : nil
      } else {
        drawn = Self.eighths[(covered * 8).rounded(in: 0...8)]
      }
      if let drawn, drawn != " " { grid[row, column] = TextGrid.Cell(character: drawn, colour: tint.terminalColour) }
    }
  }

  private static let eighths: [Character] = Array(" ▁▂▃▄▅▆▇█")

  /// Fills the cells of a matrix with shades, or prints their numbers where they fit.
  func fill(_ matrix: Matrix, _ grid: inout TextGrid) {
    guard matrix.rows > 0, matrix.columns > 0 else { return }
    let numbers = printedNumbers(matrix)
    let range = matrix.valueRange
    if numbers == nil || options.isColoured {
      for row in 0..<rows {
        for column in 0..<columns {
          guard let value = mean(matrix, row: row, column: column) else { continue }
          grid[row, column] = options.shade(range.share(of: value), matrix.map)
        }
      }
    }
    guard let numbers else { return }
    let cells = MatrixCells(matrix, plot)
    for (index, number) in numbers.enumerated() where !number.isEmpty {
      let (row, column) = (index / matrix.columns, index % matrix.columns)
      guard let (a, b) = cells.corners(row: row, column: column) else { continue }
      write(number, between: a, b, &grid)
    }
  }

  private func write(_ number: String, between a: UnitPoint, _ b: UnitPoint, _ grid: inout TextGrid) {
    let row = Self.cell((1 - (a.y + b.y) / 2) * Double(rows)).rounded(in: 0...rows - 1)
    let middle = Self.cell((a.x + b.x) / 2 * Double(columns)).rounded(in: 0...columns - 1)
    let start = middle - (number.count - 1) / 2
    for (offset, character) in number.enumerated() {
      let background = grid[row, start + offset].background
      let colour = background.map { $0.luminance > 0.55 ? Colour.black : .white }
      grid[row, start + offset] = TextGrid.Cell(character: character, colour: colour, background: background)
    }
  }

  /// The texts of all cells, or nothing when none are wanted or the cells are too small.
  private func printedNumbers(_ matrix: Matrix) -> [String]? {
    guard let decimals = matrix.printedDecimals, matrix.rows <= rows else { return nil }
    let room = columns / matrix.columns
    let numbers = (0..<matrix.rows * matrix.columns).map { index -> String in
      guard let value = matrix.value(row: index / matrix.columns, column: index % matrix.columns) else { return "" }
      if value == 0, decimals == 0, !options.isColoured { return options.plain("·") }
      return options.plain(NumberText.fixed(value, decimals: decimals))
    }
    return numbers.allSatisfy { $0.count < room } ? numbers : nil
  }

  /// The mean of the cells of a matrix that lie under a character.
  private func mean(_ matrix: Matrix, row: Int, column: Int) -> Double? {
    let across = indices(
      plot.x.value(at: Double(column) / Double(columns)), plot.x.value(at: Double(column + 1) / Double(columns)),
      matrix.horizontal, matrix.columns)
    let down = indices(
      plot.y.value(at: 1 - Double(row + 1) / Double(rows)), plot.y.value(at: 1 - Double(row) / Double(rows)),
      matrix.vertical, matrix.rows)
    guard let across, let down else { return nil }
    var (sum, count) = (0.0, 0.0)
    for row in down {
      for column in across {
        guard let value = matrix.value(row: row, column: column) else { continue }
        (sum, count) = (sum + value, count + 1)
      }
    }
    return count > 0 ? sum / count : nil
  }

  /// The indices of the cells between two values.
  private func indices(_ a: Double, _ b: Double, _ extent: ClosedRange<Double>, _ count: Int) -> ClosedRange<Int>? {
    func index(_ value: Double) -> Double {
      (value - extent.lowerBound) / (extent.upperBound - extent.lowerBound) * Double(count)
    }
    let (low, high) = (min(index(a), index(b)), max(index(a), index(b)))
    guard low.isFinite, high.isFinite, high > 0, low < Double(count) else { return nil }
    let middle = ((low + high) / 2).rounded(.down).rounded(in: 0...count - 1)
    guard high - low > 1 else { return middle...middle }
    let first = (low + 1e-9).rounded(.down).rounded(in: 0...count - 1)
    let last = ((high - 1e-9).rounded(.up) - 1).rounded(in: 0...count - 1)
    return first...max(first, last)
  }
}

extension Figure {
  /// The figure as lines of text, without spaces at their ends and without a line break after the last.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    var page = TextGrid(width: options.width, height: 0)
    if !title.isEmpty {
      var line = TextGrid(width: options.width, height: 1)
      line.writeCentred(options.plain(title), row: 0)
      page.append(line)
    }
    for (index, row) in textRows(options).enumerated() {
      if index > 0 { page.append(TextGrid(width: options.width, height: 1)) }
      page.append(Self.sideBySide(row, options, height: options.height - (title.isEmpty ? 0 : 1)))
    }
    return page.text(options.colour)
  }

  /// The rows of cells, with fewer columns where the lines are too short for them.
  private func textRows(_ options: TextOptions) -> [[[Panel]]] {
    let fitting = max(1, (options.width + 2) / 34)
    var narrow = self
    narrow.columns = min(columns, fitting)
    return narrow.rows
  }

  private static func sideBySide(_ cells: [[Panel]], _ options: TextOptions, height: Int) -> TextGrid {
    let gap = 2
    let width = (options.width - gap * (cells.count - 1)) / max(1, cells.count)
    let grids = cells.map { TextStack($0, options).drawn(width: width, height: height) }
    var row = TextGrid(width: options.width, height: grids.map(\.height).max() ?? 0)
    for (index, grid) in grids.enumerated() { row.place(grid, row: 0, column: index * (width + gap)) }
    return row
  }
}

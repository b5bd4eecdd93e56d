extension TextPanel {
  /// The legend cut into lines.
  var legendLines: [[LegendEntry]] {
    var lines: [[LegendEntry]] = []
    var used = 0
    for entry in plot.legend {
      let length = options.plain(entry.label).count + 4
      if lines.isEmpty || used + length + 3 > width - 1 {
        lines.append([])
        used = 0
      }
      lines[lines.count - 1].append(entry)
      used += length + 3
    }
    return showsShades ? lines + [[]] : lines
  }

  /// Whether a line explains the shades of a matrix.
  private var showsShades: Bool {
    guard let matrix = plot.panel.matrix else { return false }
    return matrix.printedDecimals == nil
  }

  /// Draws a line of the legend; an empty one stands for the shades of a matrix.
  func draw(_ entries: [LegendEntry], _ grid: inout TextGrid, row: Int) {
    guard !entries.isEmpty else { return drawShades(&grid, row: row) }
    var column = legendStart(entries)
    for entry in entries {
      let text = options.plain(entry.label)
      let colour = options.isColoured ? entry.tint.terminalColour : nil
      grid.write(sample(entry), row: row, column: column, colour)
      grid.write(text.shortened(to: width - column - 4), row: row, column: column + 4)
      column += text.count + 7
    }
  }

  /// The first column of a line of the legend.
  func legendStart(_ entries: [LegendEntry]) -> Int {
    guard !entries.isEmpty else { return left }
    let length = entries.reduce(0) { $0 + options.plain($1.label).count + 7 } - 3
    return max(0, min(left + max(0, (columns - length) / 2), width - length))
  }

  /// Three characters that look like the mark.
  private func sample(_ entry: LegendEntry) -> String {
    let glyph = TextOptions.glyph(entry.tint)
    if options.style == .ascii { return entry.sample == .stroke ? " | " : String(repeating: glyph, count: 3) }
    switch entry.sample {
    case .line(let style, _):
      return ["───", "╌╌╌", "···", "─ ·", "┈┈┈", "┄┄┄", "─ ─", "· ·"][patternIndex(style, entry.tint)]
    case .marker: return " • "
    case .dots: return "•••"
    case .stroke: return " │ "
    case .block: return String(repeating: fillCharacter(entry.tint), count: 3)
    }
  }

  private func drawShades(_ grid: inout TextGrid, row: Int) {
    guard let matrix = plot.panel.matrix else { return }
    let (range, count) = (matrix.valueRange, 10)
    let low = options.plain(NumberText.short(range.lowerBound)) + " "
    let high = " " + options.plain(NumberText.short(range.upperBound))
    let label = matrix.label.isEmpty ? "" : "  " + options.plain(matrix.label)
    let start = left
    grid.write(low, row: row, column: start)
    for index in 0..<count {
      let share = (Double(index) + 0.5) / Double(count)
      grid[row, start + low.count + index] = options.shade(share, matrix.map)
    }
    grid.write(
      (high + label).shortened(to: width - start - low.count - count), row: row, column: start + low.count + count)
  }

  /// The character that fills bars: shades tell groups apart where there are no colours.
  func fillCharacter(_ tint: Tint) -> Character {
    if options.style == .ascii { return plot.hasManyGroups ? TextOptions.glyph(tint) : "#" }
    guard !options.isColoured, let index = tint.index else { return "█" }
    return ["█", "░", "▓", "▒"][index % 4]
  }

  /// Which pattern a line has: its own, or one of its number where there are no colours.
  func patternIndex(_ style: LineStyle, _ tint: Tint) -> Int {
    switch style {
    case .dashed: 1
    case .dotted: 2
    case .solid: options.isColoured || plot.legend.count < 2 ? 0 : (tint.index ?? 0) % 8
    }
  }
}

extension Plot {
  /// Whether bars of several groups stand in the panel.
  fileprivate var hasManyGroups: Bool {
    legend.count { $0.sample == .block } > 1
  }
}

extension TextOptions {
  /// A character as dense as a value is high.
  func shade(_ share: Double, _ map: ColourMap) -> TextGrid.Cell {
    if isColoured { return TextGrid.Cell(character: " ", background: map.colour(at: share)) }
    let ramp: [Character] =
      switch (map, style) {
      case (.diverging, .ascii): ["=", "-", " ", "+", "#"]
      case (.diverging, _): ["=", "-", " ", "▒", "█"]
      case (_, .ascii): Array(" .:-=+*#%@")
      default: [" ", "░", "▒", "▓", "█"]
      }
    return TextGrid.Cell(character: ramp[min(ramp.count - 1, Int(share * Double(ramp.count)))])
  }
}

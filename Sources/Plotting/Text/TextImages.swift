/// Small pictures as text, several side by side, wrapped to the width.
struct TextImages {
  let images: Images
  let title: String
  let options: TextOptions

  init(_ images: Images, title: String, _ options: TextOptions) {
    self.images = images
    self.title = title
    self.options = options
  }

  func drawn(width: Int, height: Int) -> TextGrid {
    let shown = images.images.filter { $0.width > 0 && $0.height > 0 }
    var page = TextGrid(width: width, height: title.isEmpty ? 0 : 1)
    if !title.isEmpty { page.writeCentred(options.plain(title), row: 0) }
    guard !shown.isEmpty else { return page }
    let range = images.valueRange
    let scale = reduction(shown, width: width, height: height)
    let cells = shown.map { cell($0, range, scale) }
    let cellWidth = cells.map(\.width).max() ?? 1
    let fitting = max(1, (width + 2) / (cellWidth + 2)), group = max(1, min(images.columns ?? cells.count, cells.count))
    for first in stride(from: 0, to: cells.count, by: group) {
      let end = min(first + group, cells.count)
      for start in stride(from: first, to: end, by: fitting) {
        let row = cells[start..<min(start + fitting, end)]
        if start > 0 { page.append(TextGrid(width: width, height: 1)) }
        var line = TextGrid(width: width, height: row.map(\.height).max() ?? 0)
        for (index, cell) in row.enumerated() { line.place(cell, row: 0, column: index * (cellWidth + 2)) }
        page.append(line)
      }
    }
    return page
  }

  /// Pixels in one character across and down.
  private var density: (x: Int, y: Int) {
    if options.isColoured { return (1, 2) }
    switch options.style {
    case .ascii: return (1, 2)
    case .blocks: return (2, 2)
    case .braille: return (2, 4)
    }
  }

  /// How many pixels become one, so that a picture fits the width and many fit twice the height.
  private func reduction(_ shown: [Images.Image], width: Int, height: Int) -> Int {
    let (across, down) = (shown.map(\.width).max() ?? 1, shown.map(\.height).max() ?? 1)
    func size(_ scale: Int) -> (width: Int, lines: Int) {
      let cell = (across / scale + density.x - 1) / density.x
      let rows = (shown.count - 1) / max(1, (width + 2) / (cell + 2)) + 1
      return (cell, rows * ((down / scale + density.y - 1) / density.y + 2))
    }
    var scale = 1
    while size(scale).width > width { scale += 1 }
    while size(scale).lines > 2 * height, min(across, down) / (scale + 1) >= 12 { scale += 1 }
    return scale
  }

  /// One picture with its caption.
  private func cell(_ image: Images.Image, _ range: ClosedRange<Double>, _ scale: Int) -> TextGrid {
    let (across, down) = (max(1, image.width / scale), max(1, image.height / scale))
    let columns = (across + density.x - 1) / density.x
    let rows = (down + density.y - 1) / density.y
    let pixels = Reduced(image: image, range: range, scale: scale, width: across, height: down)
    let caption = options.plain(image.caption)
    let width = max(columns, min(caption.count, columns + 6))
    var grid = TextGrid(width: width, height: rows + (caption.isEmpty ? 0 : 1))
    for row in 0..<rows {
      for column in 0..<columns { grid[row, (width - columns) / 2 + column] = character(pixels, row, column) }
    }
    grid.writeCentred(caption, row: rows)
    return grid
  }

  private func character(_ pixels: Reduced, _ row: Int, _ column: Int) -> TextGrid.Cell {
    if options.isColoured {
      let top = pixels.colour(2 * row, column, images.map) ?? images.map.colour(at: 0)
      let bottom = pixels.colour(2 * row + 1, column, images.map) ?? top
      return options.style == .ascii
        ? TextGrid.Cell(character: " ", background: top.mixed(with: bottom, 0.5))
        : TextGrid.Cell(character: "▀", colour: top, background: bottom)
    }
    if options.style == .ascii {
      let shares = [pixels.share(2 * row, column), pixels.share(2 * row + 1, column)].compactMap { $0 }
      return shares.isEmpty
        ? TextGrid.Cell() : options.shade(shares.reduce(0, +) / Double(shares.count), images.map)
    }
    var bits: UInt8 = 0
    for y in 0..<density.y {
      for x in 0..<density.x {
        let (line, place) = (density.y * row + y, density.x * column + x)
        guard let share = pixels.share(line, place), share > pixels.threshold(line, place) else { continue }
        bits |= DotCanvas.bit(x, y, options.style)
      }
    }
    return TextGrid.Cell(character: DotCanvas.character(bits, options.style))
  }
}

/// A picture with several pixels averaged into one.
private struct Reduced {
  let image: Images.Image
  let range: ClosedRange<Double>
  let scale: Int
  let width: Int
  let height: Int

  /// The mean value as a share of the range, or nothing outside.
  func share(_ row: Int, _ column: Int) -> Double? {
    mean(row, column) { image.value(row: $0, column: $1) }.map(range.share)
  }
  /// The mean colour, or nothing outside.
  func colour(_ row: Int, _ column: Int, _ map: ColourMap) -> Colour? {
    guard !image.colours.isEmpty else { return share(row, column).map(map.colour) }
    func part(_ path: KeyPath<Colour, UInt8>) -> UInt8? {
      mean(row, column) { image.colour(row: $0, column: $1).map { Double($0[keyPath: path]) } }.map {
        UInt8($0.rounded(in: 0...255))
      }
    }
    guard let red = part(\.red), let green = part(\.green), let blue = part(\.blue) else { return nil }
    return Colour(red, green, blue)
  }
  private func mean(_ row: Int, _ column: Int, _ value: (Int, Int) -> Double?) -> Double? {
    guard row < height, column < width else { return nil }
    var (sum, count) = (0.0, 0.0)
    for y in row * scale..<min(image.height, (row + 1) * scale) {
      for x in column * scale..<min(image.width, (column + 1) * scale) {
        guard let value = value(y, x) else { continue }
        (sum, count) = (sum + value, count + 1)
      }
    }
    return count > 0 ? sum / count : nil
  }

  /// From which share on there is a dot; pictures that have colours are dithered (B. E. Bayer, 1973).
  func threshold(_ row: Int, _ column: Int) -> Double {
    image.colours.isEmpty ? 0.5 : (Self.pattern[row % 4][column % 4] + 0.5) / 16
  }
  private static let pattern: [[Double]] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]
}

extension Drawing {
  /// Draws small pictures in a grid, as large as they fit.
  mutating func draw(_ images: Images, title: String, in cell: Rectangle) {
    var area = cell
    if !title.isEmpty {
      let capHeight = StrokeFont.fitting(title, capHeight: Theme.titleText, width: cell.width)
      text(title, at: Point(x: cell.middle.x, y: cell.y + Theme.titleText), .middle, capHeight: capHeight)
      area = area.inset(top: Theme.titleText + 1.5 * Theme.gap)
    }
    let shown = images.images.filter { $0.width > 0 && $0.height > 0 }
    guard !shown.isEmpty else { return }
    let grid = ImageGrid(shown, columns: images.columns, in: area, scale: scale)
    let range = images.valueRange
    for (index, image) in shown.enumerated() {
      draw(image, images.map, range, at: grid.place(index), pixel: grid.pixel)
      guard !image.caption.isEmpty else { continue }
      let box = grid.box(index)
      let capHeight = StrokeFont.fitting(image.caption, capHeight: Theme.tickText, width: box.width)
      let place = Point(
        x: box.middle.x, y: grid.place(index).y + Double(image.height) * grid.pixel + Theme.tickText + 4)
      text(image.caption, at: place, .middle, capHeight: capHeight)
    }
  }

  private mutating func draw(
    _ image: Images.Image, _ map: ColourMap, _ range: ClosedRange<Double>, at corner: Point, pixel: Double
  ) {
    for row in 0..<image.height {
      for column in 0..<image.width {
        guard
          let colour = image.colour(row: row, column: column)
            ?? image.value(row: row, column: column).map({ map.colour(at: range.share(of: $0)) })
        else { continue }
        let square = Rectangle(
          x: corner.x + Double(column) * pixel, y: corner.y + Double(row) * pixel, width: pixel, height: pixel)
        fillSnapped(square, colour)
      }
    }
    let frame = Rectangle(
      x: corner.x - 1, y: corner.y - 1, width: Double(image.width) * pixel + 2,
      height: Double(image.height) * pixel + 2)
    outline(frame, .muted, thickness: 0.5)
  }
}

/// Where small pictures stand and how large their pixels are.
struct ImageGrid {
  let images: [Images.Image]
  let area: Rectangle
  let columns: Int
  let rows: Int
  /// The side of a pixel in points.
  let pixel: Double

  init(_ images: [Images.Image], columns wanted: Int?, in area: Rectangle, scale: Double) {
    let hasCaptions = images.contains { !$0.caption.isEmpty }
    let (width, height) = (images.map(\.width).max() ?? 1, images.map(\.height).max() ?? 1)
    func side(_ columns: Int) -> Double {
      let rows = (images.count + columns - 1) / columns
      let across = (area.width / Double(columns) - 10) / Double(width)
      let down = (area.height / Double(rows) - 10 - (hasCaptions ? Theme.tickText + 8 : 0)) / Double(height)
      return min(across, down)
    }
    let choices = wanted.map { [max(1, min($0, images.count))] } ?? Array(1...images.count)
    columns = choices.reduce(choices[0]) { side($1) > side($0) ? $1 : $0 }
    rows = (images.count + columns - 1) / columns
    let whole = (side(columns) * scale).rounded(.down) / scale
    pixel = max(whole > 0 ? whole : side(columns), 0.05)
    self.images = images
    self.area = area
  }

  /// The part of the grid that belongs to a picture.
  func box(_ index: Int) -> Rectangle {
    let widest = Double(images.map(\.width).max() ?? 1) * pixel
    let width = min(area.width / Double(columns), widest + max(24, 0.15 * widest))
    let height = area.height / Double(rows)
    let left = area.x + (area.width - width * Double(columns)) / 2
    return Rectangle(
      x: left + Double(index % columns) * width, y: area.y + Double(index / columns) * height, width: width,
      height: height)
  }

  /// The upper left corner of a picture.
  func place(_ index: Int) -> Point {
    let (box, image) = (box(index), images[index])
    let caption = image.caption.isEmpty ? 0 : Theme.tickText + 8
    return Point(
      x: box.middle.x - Double(image.width) * pixel / 2,
      y: box.middle.y - (Double(image.height) * pixel + caption) / 2)
  }
}

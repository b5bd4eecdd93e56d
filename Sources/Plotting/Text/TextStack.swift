/// Panels above each other, as text.
struct TextStack {
  let panels: [Panel]
  let options: TextOptions

  init(_ panels: [Panel], _ options: TextOptions) {
    self.panels = panels
    self.options = options
  }

  func drawn(width: Int, height: Int) -> TextGrid {
    let pictures = panels.compactMap { panel in panel.images.map { (panel.title, $0) } }
    guard pictures.isEmpty else {
      var page = TextGrid(width: width, height: 0)
      for (title, images) in pictures {
        page.append(TextImages(images, title: title, options).drawn(width: width, height: height))
      }
      return page
    }
    var page = TextGrid(width: width, height: 0)
    for panel in arranged(width: width, height: height) { page.append(panel.drawn()) }
    return page
  }

  /// The panels with their heights and their common left margin.
  private func arranged(width: Int, height: Int) -> [TextPanel] {
    var panels = Plot.stack(panels).map { TextPanel($0, options, width: width) }
    guard !panels.isEmpty else { return [] }
    panels[panels.count - 1].isLowest = true
    let free = Double(height - panels.map(\.overhead).reduce(0, +))
    let weights = panels.map(\.plot.panel.weight)
    let total = weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      panels[index].rows = max(3, (free * weight / total).rounded(.down).rounded(in: 0...2000))
    }
    let margin = panels.map(\.labelWidth).max() ?? 0
    for index in panels.indices {
      panels[index].margin = margin + 10 <= width ? margin : 0
      panels[index].fitMatrix()
    }
    return panels
  }
}

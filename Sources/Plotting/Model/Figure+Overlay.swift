extension Figure {
  /// Lays figures over each other: the same axes, the series of all of them.
  ///
  /// A series carries the label of its figure; marks that are the same in two figures, as a common threshold, are
  /// drawn once.
  ///
  /// - Throws: ``PlotProblem`` when units, categories or the number of panels differ, or when one figure would
  ///   hide the other.
  public static func overlay(_ figures: [Figure]) throws(PlotProblem) -> Figure {
    guard var result = figures.first else { throw .noFigures }
    guard figures.count > 1 else { return result }
    for figure in figures { try figure.checkTransparent() }
    result.stacks = result.labelled().stacks
    for figure in figures.dropFirst() { try result.merge(figure.labelled()) }
    result.label = ""
    return result
  }

  /// Puts figures side by side, row by row.
  ///
  /// - Throws: ``PlotProblem/noFigures``.
  public static func grid(_ figures: [Figure], columns: Int = 2) throws(PlotProblem) -> Figure {
    guard let first = figures.first else { throw .noFigures }
    guard figures.count > 1 else { return first }
    let cells = figures.flatMap { figure in
      figure.stacks.enumerated().map { index, stack in index == 0 ? stack.titled(figure.title) : stack }
    }
    let columns = max(1, min(columns, cells.count))
    let rows = (cells.count + columns - 1) / columns
    let height = columns == 1 ? first.size.height * Double(rows) * 0.8 : 320 * Double(rows)
    return Figure(
      stacks: cells, columns: columns, size: Size(width: max(first.size.width, 400 * Double(columns)), height: height))
  }
}

extension Figure {
  private func checkTransparent() throws(PlotProblem) {
    for mark in panels.flatMap(\.marks) {
      switch mark {
      case .matrix, .images, .bars: throw .notTransparent(kind: mark.kind)
      default: break
      }
    }
  }

  private mutating func merge(_ other: Figure) throws(PlotProblem) {
    let (count, otherCount) = (panels.count, other.panels.count)
    guard stacks.map(\.count) == other.stacks.map(\.count) else {
      throw .differentPanels(first: count, second: otherCount)
    }
    for stack in stacks.indices {
      for index in stacks[stack].indices { try stacks[stack][index].merge(other.stacks[stack][index]) }
    }
  }

  /// The same figure with its label in its series.
  private func labelled() -> Figure {
    guard !label.isEmpty else { return self }
    var result = self
    for stack in stacks.indices {
      for index in stacks[stack].indices {
        let many = stacks[stack][index].marks.count(where: \.isNamed) > 1
        result.stacks[stack][index].marks = stacks[stack][index].marks.map { $0.named(label, keepingOwn: many) }
      }
    }
    return result
  }
}

extension Panel {
  fileprivate mutating func merge(_ other: Panel) throws(PlotProblem) {
    try x.merge(other.x, name: "x")
    try y.merge(other.y, name: "y")
    if title != other.title { title = "" }
    for mark in other.marks where !marks.contains(mark) { marks.append(mark) }
  }
}

extension Axis {
  fileprivate mutating func merge(_ other: Axis, name: String) throws(PlotProblem) {
    guard unit == other.unit else { throw .differentUnits(axis: name, first: unit, second: other.unit) }
    guard categories == other.categories else { throw .differentCategories(axis: name) }
    if let range, let more = other.range {
      self.range = min(range.lowerBound, more.lowerBound)...max(range.upperBound, more.upperBound)
    } else {
      range = nil
    }
    if label != other.label { label = label.isEmpty ? other.label : label }
  }
}

extension Mark {
  /// Whether the mark takes the label of its figure.
  fileprivate var isNamed: Bool {
    switch self {
    case .series, .histogram: true
    default: false
    }
  }

  fileprivate func named(_ name: String, keepingOwn: Bool) -> Mark {
    func full(_ own: String) -> String { keepingOwn && !own.isEmpty ? "\(name), \(own)" : name }
    switch self {
    case .series(var series):
      series.label = full(series.label)
      return .series(series)
    case .histogram(var histogram):
      histogram.label = full(histogram.label)
      return .histogram(histogram)
    case .raster(var raster):
      for index in raster.groups.indices {
        let own = raster.groups[index].label
        raster.groups[index].label = own.isEmpty ? name : "\(name), \(own)"
      }
      return .raster(raster)
    case .spikes(var spikes):
      spikes.tint = .automatic
      return .spikes(spikes)
    default:
      return self
    }
  }
}

extension [Panel] {
  /// The same panels with a title on the first that has none.
  fileprivate func titled(_ title: String) -> [Panel] {
    guard !title.isEmpty, var first else { return self }
    first.title = first.title.isEmpty ? title : "\(title): \(first.title)"
    return [first] + dropFirst()
  }
}

/// The least and the greatest of the values met so far, and how much air they want around them.
struct Extent: Equatable {
  private(set) var lower = Double.infinity
  private(set) var upper = -Double.infinity
  /// Air below and above as a share of the span.
  var padding = (below: 0.0, above: 0.0)
  let isLogarithmic: Bool

  init(logarithmic: Bool) { isLogarithmic = logarithmic }

  static func == (a: Extent, b: Extent) -> Bool { a.lower == b.lower && a.upper == b.upper }

  var isEmpty: Bool { lower > upper }

  mutating func include(_ value: Double) {
    guard value.isDrawable, !isLogarithmic || value > 0 else { return }
    lower = min(lower, value)
    upper = max(upper, value)
  }

  mutating func include(_ values: some Sequence<Double>) {
    for value in values { include(value) }
  }

  mutating func include(_ range: ClosedRange<Double>) {
    include(range.lowerBound)
    include(range.upperBound)
  }

  mutating func pad(below: Double, above: Double) {
    padding = (max(padding.below, below), max(padding.above, above))
  }

  mutating func formUnion(_ other: Extent) {
    if !other.isEmpty { include(other.lower...other.upper) }
    pad(below: other.padding.below, above: other.padding.above)
  }

  /// The range with its air; nothing when no value was met.
  var range: ClosedRange<Double>? {
    guard !isEmpty else { return nil }
    if isLogarithmic {
      let ratio = upper.logarithm - lower.logarithm
      return lower * .tenTo(-padding.below * ratio)...upper * .tenTo(padding.above * ratio)
    }
    let span = upper - lower
    return lower - padding.below * span...upper + padding.above * span
  }
}

extension Panel {
  /// The extent of all marks along x.
  func horizontalExtent(logarithmic: Bool) -> Extent {
    var extent = Extent(logarithmic: logarithmic)
    for mark in marks { mark.extend(horizontal: &extent) }
    return extent
  }

  /// The extent of all marks along y.
  func verticalExtent() -> Extent {
    var extent = Extent(logarithmic: y.scale == .logarithmic)
    for mark in marks { mark.extend(vertical: &extent) }
    return extent
  }
}

extension Mark {
  fileprivate func extend(horizontal extent: inout Extent) {
    switch self {
    case .series(let series):
      extent.include(series.x.prefix(series.count))
      if series.marker != nil || !series.errors.isEmpty { extent.pad(below: 0.03, above: 0.03) }
    case .rule(let rule):
      if rule.direction == .vertical { extent.include(rule.value) }
    case .raster(let raster):
      for group in raster.groups { extent.include(group.times.prefix(group.count)) }
      extent.pad(below: 0.01, above: 0.01)
    case .spikes(let spikes):
      extent.include(spikes.times)
    case .bars(let bars):
      if let count = bars.groups.map(\.values.count).max(), count > 0 { extent.include(-0.6...Double(count) - 0.4) }
    case .histogram(let histogram):
      for box in histogram.boxes { extent.include(box.x) }
      extent.pad(below: 0.02, above: 0.02)
    case .matrix(let matrix):
      extent.include(matrix.horizontal)
    case .images:
      break
    }
  }

  fileprivate func extend(vertical extent: inout Extent) {
    switch self {
    case .series(let series):
      extend(vertical: &extent, series)
    case .rule(let rule):
      if rule.direction == .horizontal {
        extent.include(rule.value)
        extent.pad(below: 0.05, above: 0.05)
      }
    case .raster(let raster):
      for group in raster.groups { extent.include(group.rows.prefix(group.count)) }
      if let rows = raster.rowCount { extent.include(0...Double(max(1, rows) - 1)) }
      extent.pad(below: 0.015, above: 0.015)
    case .spikes(let spikes):
      if let base = spikes.base { extent.include(base) }
      extent.pad(below: 0.05, above: 0.25)
    case .bars(let bars):
      extend(vertical: &extent, bars.boxes)
    case .histogram(let histogram):
      extend(vertical: &extent, histogram.boxes)
    case .matrix(let matrix):
      extent.include(matrix.vertical)
    case .images:
      break
    }
  }

  private func extend(vertical extent: inout Extent, _ series: Series) {
    extent.include(series.y.prefix(series.count))
    for (value, error) in zip(series.y, series.errors) where error.isDrawable {
      extent.include(value - error)
      extent.include(value + error)
    }
    extent.pad(below: 0.05, above: 0.05)
  }

  private func extend(vertical extent: inout Extent, _ boxes: [Box]) {
    for box in boxes {
      extent.include(box.y)
      if box.error > 0 { extent.include((box.top - box.error)...(box.top + box.error)) }
    }
    extent.pad(below: extent.lower < 0 ? 0.06 : 0, above: 0.06)
  }
}

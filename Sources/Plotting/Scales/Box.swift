/// An upright bar in the coordinates of its panel.
struct Box: Equatable {
  var x: ClosedRange<Double>
  /// From the base to the value, in rising order.
  var y: ClosedRange<Double>
  /// The value, which is one end of ``y``.
  var top: Double
  /// The half width of the error bar, or zero.
  var error = 0.0
  var tint: Tint
  /// Which group of bars it belongs to.
  var group = 0

  init(x: ClosedRange<Double>, top: Double, error: Double = 0, tint: Tint, group: Int = 0) {
    self.x = x
    self.y = min(0, top)...max(0, top)
    self.top = top
    self.error = error.isDrawable ? error.magnitude : 0
    self.tint = tint
    self.group = group
  }
}

extension Bars {
  /// The bars of all groups; values that are not finite have none.
  var boxes: [Box] {
    let width = 0.8 / Double(max(1, groups.count))
    return groups.enumerated().flatMap { index, group in
      group.values.enumerated().compactMap { position, value in
        guard value.isDrawable else { return nil }
        let left = Double(position) - 0.4 + Double(index) * width
        let error = position < group.errors.count ? group.errors[position] : 0
        return Box(x: left...left + width, top: value, error: error, tint: group.tint, group: index)
      }
    }
  }
}

extension Histogram {
  /// The bars, the extra one last.
  var boxes: [Box] {
    let count = min(counts.count, edges.count - 1)
    guard count > 0 else { return extraBox.map { [$0] } ?? [] }
    let boxes = (0..<count).compactMap { index -> Box? in
      let (left, right) = (edges[index], edges[index + 1])
      guard left.isDrawable, right.isDrawable, left <= right, counts[index].isDrawable else { return nil }
      return Box(x: left...right, top: counts[index], tint: tint)
    }
    return boxes + (extraBox.map { [$0] } ?? [])
  }

  /// The extra bar, to the right of the intervals.
  var extraBox: Box? {
    guard let extra, extra.count.isDrawable else { return nil }
    let finite = edges.filter(\.isDrawable)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    let span = high > low ? high - low : 1
    let width = max(span * 0.06, span / Double(max(1, counts.count)))
    let left = high + span * 0.08
    return Box(x: left...left + width, top: extra.count, tint: tint, group: 1)
  }

  /// The greatest value on the axis proper.
  var lastEdge: Double? { extra == nil ? nil : edges.filter(\.isDrawable).max() }
}

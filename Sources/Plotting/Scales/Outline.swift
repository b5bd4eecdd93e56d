/// A point in fractions of a panel, the origin at its lower left corner.
struct UnitPoint: Equatable {
  var x: Double
  var y: Double
}

extension Plot {
  /// The place of a point, or nothing when it has none on these axes.
  func place(_ x: Double, _ y: Double) -> UnitPoint? {
    guard self.x.accepts(x), self.y.accepts(y) else { return nil }
    return UnitPoint(x: self.x.fraction(x), y: self.y.fraction(y))
  }

  /// The points of a series that have a place.
  func points(of series: Series) -> [UnitPoint] {
    (0..<series.count).compactMap { place(series.x[$0], series.y[$0]) }
  }

  /// The lines of a series: a point that has no place interrupts it.
  func runs(of series: Series) -> [[UnitPoint]] {
    var runs: [[UnitPoint]] = [[]]
    for index in 0..<series.count {
      guard let point = place(series.x[index], series.y[index]) else {
        runs.append([])
        continue
      }
      if series.connection == .steps, let last = runs[runs.count - 1].last {
        runs[runs.count - 1].append(UnitPoint(x: point.x, y: last.y))
      }
      runs[runs.count - 1].append(point)
    }
    return runs.filter { !$0.isEmpty }
  }

  /// The error bars of a series, each from its lower to its upper end.
  func errorBars(of series: Series) -> [(low: UnitPoint, high: UnitPoint)] {
    (0..<min(series.count, series.errors.count)).compactMap { index in
      let (x, y, error) = (series.x[index], series.y[index], series.errors[index])
      guard error.isDrawable, error > 0, let high = place(x, y + error) else { return nil }
      let floor = self.y.isLogarithmic ? self.y.range.lowerBound : y - error
      guard let low = place(x, max(y - error, floor)) else { return nil }
      return (low, high)
    }
  }

  /// The rectangle of a bar, cut to the panel; nothing when none of it shows.
  func rectangle(of box: Box) -> (low: UnitPoint, high: UnitPoint)? {
    let base = y.isLogarithmic ? max(box.y.lowerBound, y.range.lowerBound) : box.y.lowerBound
    let left = x.isLogarithmic ? max(box.x.lowerBound, x.range.lowerBound) : box.x.lowerBound
    guard let a = place(left, base), let b = place(box.x.upperBound, box.y.upperBound) else { return nil }
    let (low, high) = (UnitPoint(x: min(a.x, b.x), y: min(a.y, b.y)), UnitPoint(x: max(a.x, b.x), y: max(a.y, b.y)))
    guard high.x >= 0, low.x <= 1, high.y >= 0, low.y <= 1 else { return nil }
    return (
      UnitPoint(x: max(0, low.x), y: max(0, low.y)), UnitPoint(x: min(1, high.x), y: min(1, high.y))
    )
  }
}

/// Cuts the line between two points to the unit square with a margin (Liang–Barsky).
func clipped(_ a: UnitPoint, _ b: UnitPoint, margin: Double = 0) -> (UnitPoint, UnitPoint)? {
  let (dx, dy) = (b.x - a.x, b.y - a.y)
  var (start, end) = (0.0, 1.0)
  let edges = [
    (-dx, a.x + margin), (dx, 1 + margin - a.x), (-dy, a.y + margin), (dy, 1 + margin - a.y),
  ]
  for (slope, distance) in edges {
    if slope == 0 {
      if distance < 0 { return nil }
    } else if slope < 0 {
      start = max(start, distance / slope)
    } else {
      end = min(end, distance / slope)
    }
  }
  guard start <= end else { return nil }
  return (
    UnitPoint(x: a.x + start * dx, y: a.y + start * dy), UnitPoint(x: a.x + end * dx, y: a.y + end * dy)
  )
}

extension UnitPoint {
  /// Whether the point lies in the panel, with a little room for rounding.
  var isInside: Bool { (-1e-6...1 + 1e-6).contains(x) && (-1e-6...1 + 1e-6).contains(y) }
}

extension [UnitPoint] {
  /// The pieces of a line inside the unit square with a margin.
  func clippedPieces(margin: Double) -> [[UnitPoint]] {
    guard count > 1 else { return allSatisfy(\.isInside) ? [self] : [] }
    var pieces: [[UnitPoint]] = []
    for (a, b) in zip(self, dropFirst()) {
      guard let (start, end) = clipped(a, b, margin: margin) else { continue }
      if let last = pieces.last?.last, last == start {
        pieces[pieces.count - 1].append(end)
      } else {
        pieces.append([start, end])
      }
    }
    return pieces
  }
}

extension Plot {
  /// Both ends of a rule, or nothing when it lies outside the panel.
  func ends(of rule: Rule) -> (UnitPoint, UnitPoint)? {
    let scale = rule.direction == .horizontal ? y : x
    guard scale.accepts(rule.value) else { return nil }
    let place = scale.fraction(rule.value)
    guard (-1e-6...1 + 1e-6).contains(place) else { return nil }
    return rule.direction == .horizontal
      ? (UnitPoint(x: 0, y: place), UnitPoint(x: 1, y: place))
      : (UnitPoint(x: place, y: 1), UnitPoint(x: place, y: 0))
  }

  /// The stroke of a spike above the membrane potential, or nothing when it lies outside the panel.
  func stroke(of spikes: Spikes, at time: Double) -> (low: UnitPoint, high: UnitPoint)? {
    guard x.accepts(time) else { return nil }
    let place = x.fraction(time)
    guard (-1e-6...1 + 1e-6).contains(place) else { return nil }
    let top = y.isReversed ? 0.03 : 0.97
    let base = spikes.base.flatMap { y.accepts($0) ? max(0, min(1, y.fraction($0))) : nil } ?? abs(top - 0.09)
    return (UnitPoint(x: place, y: min(base, top)), UnitPoint(x: place, y: max(base, top)))
  }
}

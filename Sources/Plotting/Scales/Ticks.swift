/// Which ticks an axis has.
struct Ticks {
  var axis: Axis
  var scale: Scale
  /// Ticks that stand apart from the axis proper, as that of a histogram's extra bar.
  var extra: [Tick] = []
  /// The largest value that may have an ordinary tick.
  var limit: Double = .infinity

  /// The largest set of ticks, at most `count`, whose labels do not touch.
  ///
  /// - Parameters:
  ///   - length: The length of the axis.
  ///   - gap: The least distance between two labels.
  ///   - extent: The length of a label along the axis.
  func fitting(_ length: Double, atMost count: Int, gap: Double, extent: (String) -> Double) -> [Tick] {
    for count in stride(from: max(1, count), through: 1, by: -1) {
      let ticks = candidates(atMost: count)
      if fits(ticks, length, gap, extent) { return ticks }
    }
    return Array(candidates(atMost: 1).prefix(1)).filter { extent($0.label) <= length }
  }

  /// About `count` ticks, whether their labels fit or not.
  func candidates(atMost count: Int) -> [Tick] {
    let ordinary =
      if !axis.categories.isEmpty {
        categories(atMost: count)
      } else if scale.isLogarithmic {
        decades(atMost: count)
      } else {
        linear(atMost: count)
      }
    return ordinary.filter { $0.value <= limit } + extra
  }

  private func fits(_ ticks: [Tick], _ length: Double, _ gap: Double, _ extent: (String) -> Double) -> Bool {
    var end = -Double.infinity
    let labelled = ticks.filter { !$0.isMinor }
    for tick in scale.isReversed ? labelled.reversed() : labelled {
      let (centre, half) = (scale.fraction(tick.value) * length, extent(tick.label) / 2)
      if centre - half < end + gap { return false }
      end = centre + half
    }
    return true
  }

  private func linear(atMost count: Int) -> [Tick] {
    let range = scale.range
    let step = TickStep(span: range.upperBound - range.lowerBound, atMost: count, wholeNumbers: axis.wholeNumbers)
    let values = step.multiples(in: range)
    let labels = TickLabels(step: step, largest: values.map(\.magnitude).max() ?? 0)
    return values.map { Tick(value: $0, label: labels.label($0)) }
  }

  private func categories(atMost count: Int) -> [Tick] {
    let every = max(1, (axis.categories.count + count - 1) / count)
    return stride(from: 0, to: axis.categories.count, by: every).compactMap { index in
      scale.range.contains(Double(index)) ? Tick(value: Double(index), label: axis.categories[index]) : nil
    }
  }
}

extension Ticks {
  /// Powers of ten, with the values between them as minor ticks; 1-2-5 where there are few powers.
  private func decades(atMost count: Int) -> [Tick] {
    let range = scale.range
    let first = Int((range.lowerBound.logarithm - 1e-9).rounded(.up))
    let last = Int((range.upperBound.logarithm + 1e-9).rounded(.down))
    guard last > first else { return withinDecade(atMost: count) }
    let every = max(1, (last - first + count) / count)
    return (first - 1...last).flatMap { exponent in
      (1...9).compactMap { digit in
        let value = Double(digit) * .tenTo(exponent)
        guard range.contains(value) || digit == 1 && exponent >= first else { return nil }
        guard digit == 1 else { return every == 1 ? Tick(value: value, label: "") : nil }
        let isLabelled = (exponent - first).isMultiple(of: every)
        return Tick(value: value, label: isLabelled ? Self.power(exponent) : "")
      }
    }
  }

  private func withinDecade(atMost count: Int) -> [Tick] {
    let range = scale.range
    let start = Int(range.lowerBound.logarithm.rounded(.down))
    let values = (start...start + 1).flatMap { exponent in
      [1.0, 2, 5].map { ($0 * .tenTo(exponent), exponent) }
    }.filter { range.contains($0.0) }
    guard values.count > 1, values.count <= count else { return linear(atMost: count) }
    return values.map { value, exponent in
      let isPlain = (-3...5).contains(exponent)
      let label =
        isPlain ? NumberText.fixed(value, decimals: max(0, -exponent)) : NumberText.scientific(value, decimals: 0)
      return Tick(value: value, label: label)
    }
  }

  private static func power(_ exponent: Int) -> String {
    (-3...4).contains(exponent)
      ? NumberText.fixed(.tenTo(exponent), decimals: max(0, -exponent))
      : NumberText.power(mantissa: "1", exponent: exponent)
  }
}

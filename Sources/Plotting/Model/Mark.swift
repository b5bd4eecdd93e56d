/// Something drawn in a panel.
public enum Mark: Equatable, Sendable {
  /// Points, joined or not.
  case series(Series)
  /// A straight line across the panel.
  case rule(Rule)
  /// Spikes of many neurons over time.
  case raster(Raster)
  /// Spikes of one neuron, above its membrane potential.
  case spikes(Spikes)
  /// Bars over categories.
  case bars(Bars)
  /// Counts over intervals.
  case histogram(Histogram)
  /// Coloured cells.
  case matrix(Matrix)
  /// Small pictures side by side; a panel of pictures shows nothing else.
  case images(Images)
}

extension Mark {
  /// Points joined by straight lines.
  public static func line(
    x: [Double], y: [Double], label: String = "", errors: [Double] = [], style: LineStyle = .solid,
    marker: Series.Marker? = nil, tint: Tint = .automatic
  ) -> Mark {
    .series(Series(x: x, y: y, label: label, errors: errors, style: style, marker: marker, tint: tint))
  }

  /// Values that hold until the next x.
  public static func steps(
    x: [Double], y: [Double], label: String = "", style: LineStyle = .solid, tint: Tint = .automatic
  ) -> Mark {
    .series(Series(x: x, y: y, label: label, connection: .steps, style: style, tint: tint))
  }

  /// Points without a line.
  public static func scatter(
    x: [Double], y: [Double], label: String = "", errors: [Double] = [], marker: Series.Marker = .circle,
    tint: Tint = .automatic
  ) -> Mark {
    .series(Series(x: x, y: y, label: label, errors: errors, connection: .none, marker: marker, tint: tint))
  }

  /// A horizontal line, for example a threshold.
  public static func rule(y: Double, label: String = "", style: LineStyle = .dashed, tint: Tint = .ink) -> Mark {
    .rule(Rule(.horizontal, at: y, label: label, style: style, tint: tint))
  }

  /// A vertical line, for example the moment of a decision.
  public static func rule(x: Double, label: String = "", style: LineStyle = .dashed, tint: Tint = .ink) -> Mark {
    .rule(Rule(.vertical, at: x, label: label, style: style, tint: tint))
  }

  /// Spikes of one neuron, drawn from a value (the threshold) upwards.
  public static func spikes(at times: [Double], above base: Double? = nil, label: String = "") -> Mark {
    .spikes(Spikes(times: times, base: base, label: label))
  }

  /// One bar per category.
  public static func bars(_ values: [Double], label: String = "", errors: [Double] = []) -> Mark {
    .bars(Bars([Bars.Group(values: values, label: label, errors: errors)]))
  }

  /// The name of the kind, for messages.
  var kind: String {
    switch self {
    case .series(let series): series.connection == .none ? "scatter" : "line"
    case .rule: "rule"
    case .raster: "raster"
    case .spikes: "spikes"
    case .bars: "bars"
    case .histogram: "histogram"
    case .matrix: "matrix"
    case .images: "images"
    }
  }
}

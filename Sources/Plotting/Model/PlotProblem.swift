/// Why figures cannot be combined or drawn.
public enum PlotProblem: Error, Equatable, Sendable {
  /// There are no figures.
  case noFigures
  /// Two figures measure the same axis in different units.
  case differentUnits(axis: String, first: String, second: String)
  /// Two figures name the positions of the same axis differently.
  case differentCategories(axis: String)
  /// Two figures consist of different numbers of panels.
  case differentPanels(first: Int, second: Int)
  /// A kind of drawing that hides whatever lies below it.
  case notTransparent(kind: String)
  /// A picture without pixels, or with too many.
  case unusableSize(width: Double, height: Double)
  /// The pixels could not be compressed.
  case compressionFailed
}

extension PlotProblem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noFigures:
      "no figure was given"
    case .differentUnits(let axis, let first, let second):
      "the \(axis) axes have different units: \(Self.name(first)) and \(Self.name(second))"
    case .differentCategories(let axis):
      "the \(axis) axes have different categories"
    case .differentPanels(let first, let second):
      "the figures have different numbers of panels: \(first) and \(second)"
    case .notTransparent(let kind):
      "a figure with \(kind) cannot be laid over another"
    case .unusableSize(let width, let height):
      "a picture cannot have \(NumberText.short(width)) × \(NumberText.short(height)) pixels"
    case .compressionFailed:
      "the picture could not be compressed"
    }
  }

  private static func name(_ unit: String) -> String { unit.isEmpty ? "none" : "'\(unit)'" }
}

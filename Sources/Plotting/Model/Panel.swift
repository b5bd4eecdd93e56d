/// One coordinate system and what is drawn in it.
public struct Panel: Equatable, Sendable {
  /// The text above the panel.
  public var title: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// What is drawn, the first lowest.
  public var marks: [Mark]
  /// The share of the height this panel has in a stack, relative to the others.
  public var share: Double
  /// Whether labelled marks are listed in a legend.
  public var showsLegend: Bool

  public init(
    title: String = "", x: Axis = Axis(), y: Axis = Axis(), marks: [Mark], share: Double = 1, showsLegend: Bool = true
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.marks = marks
    self.share = share
    self.showsLegend = showsLegend
  }
}

extension Panel {
  /// The pictures of a panel that shows pictures instead of a coordinate system.
  var images: Images? {
    for case .images(let images) in marks { return images }
    return nil
  }

  /// The matrix the panel shows, when there is one.
  var matrix: Matrix? {
    for case .matrix(let matrix) in marks { return matrix }
    return nil
  }

  /// The share as a usable positive number.
  var weight: Double { share.isFinite && share > 0 ? min(share, 1000) : 1 }
}

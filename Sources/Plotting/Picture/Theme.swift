/// Lengths in points that all pictures share.
enum Theme {
  /// Heights of capitals.
  static let tickText = 7.0
  static let labelText = 7.8
  static let titleText = 9.0
  static let smallText = 6.6

  static let gap = 6.0
  static let outerMargin = 10.0
  static let panelGap = 16.0
  static let tickLength = 4.0

  static let axisLine = 1.0
  static let gridLine = 0.5
  static let dataLine = 1.5
  /// What a line is wider for each that covers it.
  static let coveredBorder = 2.0
  static let ruleLine = 1.0
  static let markerRadius = 2.8

  static let colourBarWidth = 12.0
}

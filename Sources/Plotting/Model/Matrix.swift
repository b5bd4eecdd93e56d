/// Rows and columns of values, drawn as coloured cells.
///
/// Cell (row, column) stands at y = row and x = column unless extents say otherwise. Names of rows and columns are
/// the categories of the axes; a matrix whose first row is on top has a reversed y axis.
public struct Matrix: Equatable, Sendable {
  public var rows: Int
  public var columns: Int
  /// The values, row by row.
  public var values: [Double]
  /// The values at both ends of the colour map; taken from the data when absent.
  public var range: ClosedRange<Double>?
  public var map: ColourMap
  /// The number of decimals with which each cell prints its value; nothing is printed when absent.
  public var printedDecimals: Int?
  /// The x of the outer borders of the first and the last column.
  public var xExtent: ClosedRange<Double>?
  /// The y of the outer borders of the first and the last row.
  public var yExtent: ClosedRange<Double>?
  /// What the colours mean, with its unit, beside the colour bar.
  public var label: String

  public init(
    rows: Int, columns: Int, values: [Double], range: ClosedRange<Double>? = nil, map: ColourMap = .sequential,
    printedDecimals: Int? = nil, xExtent: ClosedRange<Double>? = nil, yExtent: ClosedRange<Double>? = nil,
    label: String = ""
  ) {
    self.rows = max(0, rows)
    self.columns = max(0, columns)
    self.values = values
    self.range = range
    self.map = map
    self.printedDecimals = printedDecimals
    self.xExtent = xExtent
    self.yExtent = yExtent
    self.label = label
  }

  /// The value of a cell, or nothing outside the matrix and for values that are not finite.
  func value(row: Int, column: Int) -> Double? {
    guard row >= 0, row < rows, column >= 0, column < columns else { return nil }
    let index = row * columns + column
    guard index < values.count, values[index].isDrawable else { return nil }
    return values[index]
  }

  /// The range of the colour map, symmetric around zero for a diverging map.
  var valueRange: ClosedRange<Double> { range ?? map.range(of: values) }

  var horizontal: ClosedRange<Double> { xExtent ?? -0.5...(Double(max(1, columns)) - 0.5) }
  var vertical: ClosedRange<Double> { yExtent ?? -0.5...(Double(max(1, rows)) - 0.5) }
}

/// Small pictures side by side.
public struct Images: Equatable, Sendable {
  /// One picture: values row by row from the top, and a caption.
  ///
  /// A picture in colours has them beside its values, which then only say how much there is of each pixel where nothing is
  /// coloured.
  public struct Image: Equatable, Sendable {
    public var width: Int
    public var height: Int
    public var values: [Double]
    /// Row by row; none for a picture in the colours of the map.
    public var colours: [Colour]
    public var caption: String

    public init(width: Int, height: Int, values: [Double], colours: [Colour] = [], caption: String = "") {
      self.width = max(0, width)
      self.height = max(0, height)
      self.values = values
      self.colours = colours
      self.caption = caption
    }

    func value(row: Int, column: Int) -> Double? {
      let index = row * width + column
      guard index >= 0, index < values.count, values[index].isDrawable else { return nil }
      return values[index]
    }
    /// The colour of a pixel in a picture that has its own.
    func colour(row: Int, column: Int) -> Colour? {
      let index = row * width + column
      return colours.indices.contains(index) ? colours[index] : nil
    }
  }

  public var images: [Image]
  /// How many stand side by side in a picture; as square as possible when absent.
  public var columns: Int?
  public var map: ColourMap
  /// The values at both ends of the colour map; taken from all pictures when absent.
  public var range: ClosedRange<Double>?

  public init(_ images: [Image], columns: Int? = nil, map: ColourMap = .grey, range: ClosedRange<Double>? = nil) {
    self.images = images
    self.columns = columns
    self.map = map
    self.range = range
  }

  var valueRange: ClosedRange<Double> { range ?? map.range(of: images.flatMap(\.values)) }
}

public import Plotting
public import Spiking

/// A trace as few enough points to be drawn: of each of many columns the least and the greatest, in their order.
///
/// A figure has at most some thousand columns, so nothing that could be seen is lost.
public struct ThinTrace {
  public private(set) var x: [Double] = [], y: [Double] = []
  public static let columns = 8000, most = 5 * columns

  /// - Parameter poll: called for every column.
  public init(count: Int, x: (Int) -> Double, y: (Int) -> Double, poll: () throws -> Void) rethrows {
    guard count > Self.most else {
      (self.x, self.y) = ((0..<count).map(x), (0..<count).map(y))
      return
    }
    for column in 0..<Self.columns {
      try poll()
      let first = count * column / Self.columns, last = count * (column + 1) / Self.columns
      var low = first, high = first
      for index in first..<last {
        // A gap anywhere in a column is less to see than the values beside it.
        if y(index) < y(low) || y(low).isNaN { low = index }
        if y(index) > y(high) || y(high).isNaN { high = index }
      }
      for index in low == high ? [low] : [min(low, high), max(low, high)] {
        self.x.append(x(index))
        self.y.append(y(index))
      }
    }
  }
}

/// A course through a plane without the points that lie where the one before lies, on a grid finer than any picture.
public struct ThinCourse {
  public private(set) var x: [Double], y: [Double]
  private static let cells = 4000.0

  public init(x: [Double], y: [Double]) {
    (self.x, self.y) = (x, y)
    guard min(x.count, y.count) > ThinTrace.most else { return }
    (self.x, self.y) = ([], [])
    let width = Self.cell(of: x), height = Self.cell(of: y)
    var last = (Double.nan, Double.nan), skipped: Int?
    for index in 0..<min(x.count, y.count) {
      let cell = ((x[index] / width).rounded(), (y[index] / height).rounded())
      if cell == last {
        skipped = index
        continue
      }
      // The last point before a move keeps the way it leaves a cell by.
      for kept in [skipped, index] {
        guard let kept else { continue }
        self.x.append(x[kept])
        self.y.append(y[kept])
      }
      (last, skipped) = (cell, nil)
    }
  }
  private static func cell(of values: [Double]) -> Double {
    var low = Double.infinity, high = -Double.infinity
    for value in values where value.isFinite { (low, high) = (min(low, value), max(high, value)) }
    let span = high - low
    return span > 0 && span.isFinite ? span / cells : 1
  }
}

/// How a figure over time shows it: in milliseconds, long runs in seconds.
public struct TimeScale {
  public let unit: String, duration: Double
  private let perSecond: Double

  public init(_ duration: Time) {
    (unit, perSecond) = duration.seconds >= 10 ? ("s", 1) : ("ms", 1000)
    self.duration = duration.seconds * perSecond
  }
  public func callAsFunction(_ time: Time) -> Double { unit == "s" ? time.seconds : time.milliseconds }
  public var axis: Axis { Axis("time", unit: unit, range: 0...max(1e-9, duration)) }

  /// Times in order without those that fall into the column of the one before.
  public func thinned(_ times: [Double]) -> [Double] {
    guard times.count > ThinTrace.most else { return times }
    let width = duration / Double(ThinTrace.columns)
    var column = -1.0
    return times.filter { time in
      let next = (time / width).rounded(.down)
      defer { column = next }
      return next != column
    }
  }
}

import Testing

@testable import Plotting

/// Values nobody wants to plot but somebody will.
@Suite("Unusable data")
struct HostileTests {
  static let arrays: [[Double]] = [
    [], [0], [1, 1, 1], [.nan], [.infinity, -.infinity], [1, .nan, 3], [1e308, -1e308],
    [.leastNonzeroMagnitude, 1e-300], [-1, 0, 1],
    [1e16, 1e16 + 2], [0, 1e-9], [1e90, -1e90], [.nan, .nan], [3.5, 3.5, .infinity, 2],
  ]

  static func marks(_ a: [Double], _ b: [Double]) -> [[Mark]] {
    let x = a.first ?? 0
    return [
      [], [.line(x: a, y: b, label: "l", errors: b, marker: .cross)], [.steps(x: a, y: b)],
      [.scatter(x: b, y: a, marker: .triangle)],
      [.rule(y: x, label: "r"), .rule(x: x, label: "a long label for a rule")],
      [.raster(Raster([.init(times: a, rows: b, label: "g")], rowCount: a.count - 1))],
      [.line(x: a, y: b), .spikes(at: a, above: b.first)], [.bars(a, label: "b", errors: b), .bars(b)],
      [.histogram(Histogram(edges: a, counts: b, extra: .init("silent", count: x)))],
      [.histogram(Histogram(of: a, bins: 7))],
      [.matrix(Matrix(rows: 2, columns: 2, values: a, printedDecimals: 1))],
      [.matrix(Matrix(rows: 0, columns: 3, values: b, map: .diverging, label: "m"))],
      [.images(Images([.init(width: 3, height: 2, values: a, caption: "c"), .init(width: 0, height: 1, values: b)]))],
    ]
  }

  @Test(arguments: arrays)
  func neverTraps(values: [Double]) throws {
    for other in Self.arrays {
      for marks in Self.marks(values, other) {
        for scale in [Axis.Scale.linear, .logarithmic] {
          let panel = Panel(
            title: "t", x: Axis("x", scale: scale), y: Axis("y", unit: "mV", scale: scale), marks: marks)
          let figure = Figure(panel, size: .init(width: 60, height: 40))
          for style in TextOptions.Style.allCases {
            _ = figure.text(TextOptions(width: 10, height: 6, style: style, colour: .full))
            _ = figure.text(TextOptions(width: 33, height: 9, style: style))
          }
          _ = figure.drawn(scale: 1)
        }
      }
    }
  }

  @Test func figuresWithoutContent() throws {
    for figure in [Figure(stacked: []), Figure(panels: [], columns: 0), Figure(Panel(marks: []))] {
      _ = figure.text()
      _ = try figure.png(scale: 1)
    }
  }

  @Test func unusableRanges() throws {
    for range in [0.0...0, -1...(-1), Double.leastNonzeroMagnitude...1e-307, -1e308...1e308, -5...(-2)] {
      let panel = Panel(
        x: Axis(scale: .logarithmic, range: range), y: Axis(range: range, wholeNumbers: true),
        marks: [.line(x: [1, 2], y: [1, 2])])
      _ = Figure(panel).text()
      _ = Figure(panel, size: .init(width: 50, height: 50)).drawn(scale: 1)
    }
  }

  @Test(arguments: [0, -3, .nan, .infinity, 1e9] as [Double])
  func unusableSizes(side: Double) {
    let figure = Figure(Panel(marks: []), size: .init(width: side, height: 100))
    #expect(throws: PlotProblem.self) { try figure.png() }
  }

  @Test func aPointThatIsNotFiniteInterruptsTheLine() {
    let panel = Panel(marks: [.line(x: [0, 1, 2, 3, 4], y: [0, 1, .nan, 1, 0])])
    let plot = Plot.stack([panel])[0]
    guard case .series(let series) = plot.panel.marks[0] else { return }
    #expect(plot.runs(of: series).map(\.count) == [2, 2])
  }
}

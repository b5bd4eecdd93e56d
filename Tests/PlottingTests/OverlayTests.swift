import Plotting
import Testing

@Suite("Figures combined")
struct OverlayTests {
  private func curve(_ label: String, unit: String = "Hz", own: String = "") -> Figure {
    Figure(
      Panel(
        x: Axis("current"), y: Axis("rate", unit: unit),
        marks: [.line(x: [0, 1], y: [0, Double(label.count)], label: own), .rule(y: 1, label: "threshold")]),
      label: label)
  }

  @Test func seriesTakeTheLabelsOfTheirFigures() throws {
    let figure = try Figure.overlay([curve("free"), curve("tired", own: "rate")])
    let labels = figure.panels[0].marks.compactMap { mark -> String? in
      if case .series(let series) = mark { series.label } else { nil }
    }
    #expect(labels == ["free", "tired"])
    #expect(figure.panels[0].marks.count == 3)
  }

  @Test func unitsMustBeEqual() {
    #expect(throws: PlotProblem.differentUnits(axis: "y", first: "Hz", second: "%")) {
      try Figure.overlay([curve("a"), curve("b", unit: "%")])
    }
    #expect(
      PlotProblem.differentUnits(axis: "y", first: "Hz", second: "").description
        == "the y axes have different units: 'Hz' and none")
  }

  @Test func whatHidesCannotBeLaidOver() {
    #expect(throws: PlotProblem.notTransparent(kind: "matrix")) {
      try Figure.overlay([Samples.confusion, Samples.confusion])
    }
    #expect(throws: PlotProblem.noFigures) { try Figure.overlay([]) }
    #expect(throws: PlotProblem.noFigures) { try Figure.grid([]) }
    #expect(throws: PlotProblem.differentPanels(first: 2, second: 1)) {
      try Figure.overlay([Samples.membrane, curve("a")])
    }
  }

  @Test func gridsKeepStacks() throws {
    let figure = try Figure.grid([Samples.membrane, curve("a"), Samples.accuracy], columns: 3)
    #expect(figure.stacks.map(\.count) == [2, 1, 1, 1])
    #expect(figure.columns == 3)
  }
}

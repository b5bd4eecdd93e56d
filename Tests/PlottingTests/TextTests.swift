import Plotting
import Testing

@Suite("Figures as text")
struct TextTests {
  @Test("every kind in every style", arguments: Samples.all.map(\.name), TextOptions.Style.allCases)
  func kinds(name: String, style: TextOptions.Style) throws {
    let figure = try #require(Samples.all.first { $0.name == name }?.figure)
    References.expectText(figure.text(TextOptions(width: 80, height: 20, style: style)), "\(name)-\(style.rawValue)-80")
    References.expectText(figure.text(TextOptions(width: 40, height: 16, style: style)), "\(name)-\(style.rawValue)-40")
  }

  @Test("colours", arguments: ["membrane", "confusion", "images", "bars"])
  func colours(name: String) throws {
    let figure = try #require(Samples.all.first { $0.name == name }?.figure)
    References.expectText(figure.text(TextOptions(width: 60, height: 14, style: .blocks, colour: .full)), "\(name)-256")
    References.expectText(
      figure.text(TextOptions(width: 60, height: 14, style: .braille, colour: .sixteen)), "\(name)-16")
  }

  @Test func aLine() {
    let figure = Figure(
      Panel(
        title: "a line", x: Axis("time", unit: "ms"), y: Axis("v", unit: "mV"),
        marks: [.line(x: [0, 10, 20], y: [0, 5, 10])]))
    #expect(
      figure.text(TextOptions(width: 30, height: 10, style: .braille)) == """
        v (mV)      a line
        10 ┤                       ⣀⠤⠒
           │                  ⢀⡠⠔⠒⠉
           │              ⣀⠤⠒⠉⠁
           │        ⢀⣀⠤⠔⠊⠉
           │   ⢀⣀⠤⠒⠊⠁
         0 ┤⠤⠒⠉⠁
           └┬────────────┬───────────┬
            0            10         20
                    time (ms)
        """)
  }

  @Test(
    "there are no escapes without colour, and only seven-bit characters in ascii", arguments: Samples.all.map(\.name))
  func plain(name: String) throws {
    let figure = try #require(Samples.all.first { $0.name == name }?.figure)
    for style in TextOptions.Style.allCases {
      let text = figure.text(TextOptions(width: 72, style: style))
      #expect(!text.contains("\u{1B}"))
      #expect(style != .ascii || text.utf8.allSatisfy { $0 < 128 })
    }
  }

  @Test("lines keep to the width and have no spaces at their ends", arguments: [10, 11, 17, 25, 40, 80, 133])
  func widths(width: Int) {
    for (name, figure) in Samples.all {
      for style in TextOptions.Style.allCases {
        for line in figure.text(TextOptions(width: width, style: style)).split(separator: "\n") {
          #expect(line.count <= width, "\(name)")
          #expect(line.last != " ", "\(name)")
        }
      }
    }
  }
}

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

  @Test("colours", arguments: ["membrane", "confusion", "images", "photographs", "bars"])
  func colours(name: String) throws {
    let figure = try #require(Samples.all.first { $0.name == name }?.figure)
    References.expectText(figure.text(TextOptions(width: 60, height: 14, style: .blocks, colour: .full)), "\(name)-256")
    References.expectText(
      figure.text(TextOptions(width: 60, height: 14, style: .braille, colour: .sixteen)), "\(name)-16")
  }

  /// A pixel has its own colour, and one made of several has their mean.
  @Test func coloursOfPictures() {
    func text(_ colours: [Colour], width: Int, _ depth: TextOptions.ColourDepth) -> String {
      let image = Images.Image(
        width: width, height: 2, values: colours.map(\.luminance), colours: colours)
      return Figure(Panel(marks: [.images(Images([image], range: 0...1))])).text(
        TextOptions(width: 10, height: 6, style: .blocks, colour: depth))
    }
    let two = [Colour(1, 2, 3), Colour(250, 100, 0)]
    #expect(text(two, width: 1, .direct) == "\u{1B}[0;38;2;1;2;3;48;2;250;100;0m▀\u{1B}[0m")
    #expect(text(two, width: 1, .full) == "\u{1B}[0;38;5;16;48;5;202m▀\u{1B}[0m")
    let wide = [Colour](repeating: Colour(10, 20, 30), count: 11) + [Colour](repeating: Colour(30, 40, 50), count: 11)
    #expect(text(wide, width: 11, .direct).hasPrefix("\u{1B}[0;38;2;20;30;40;48;2;20;30;40m▀"))
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

internal import Compute
public import Spiking

/// What `set` changes: the settings of a session, recorded by every result they matter for.
public struct SessionSettings: Declared {
  public var seed = 1
  public var threads = 2
  public var dt = Time.ms(1)
  public var precision = 4
  public var width = 0
  public var rows = 20
  public var color = ColorChoice.auto
  public var style = PlotStyle.braille
  public var size: [Double] = [800, 500]
  public var data = ""
  public var timing = false

  public enum ColorChoice: String, Choice { case auto, always, never }
  public enum PlotStyle: String, Choice { case ascii, blocks, braille }

  public init() {}
  public static let manual = Manual(
    "set", "Shows or changes the settings of the session.", examples: ["set seed 7", "set"])
  public static let settings: [Setting<Self>] = [
    Setting("seed", \.seed, "Start of everything random."),
    Setting(
      "threads", \.threads,
      "Threads for the heavy work, at first one for each processor but at most 8; results do not depend on it.",
      in: 1...256),
    Setting("dt", \.dt, "Length of one step.", in: 1e-9...1000),
    Setting("precision", \.precision, "Significant digits shown.", in: 1...15),
    Setting("width", \.width, "Columns of text output; 0 asks the terminal.", in: 0...1000),
    Setting("rows", \.rows, "Rows of a table shown.", in: 1...1_000_000),
    Setting("color", \.color, "Whether the terminal shows colours."),
    Setting("style", \.style, "Characters that text plots are made of."),
    Setting("size", \.size, "Width and height of a picture in points.", in: 100...10_000),
    Setting(
      "data", \.data, "Folder in which data sets and models are looked for.", form: .file(endings: [], isWritten: false)
    ),
    Setting("timing", \.timing, "Whether the time of each stage is told after each line."),
  ]
  public func validate() throws(SettingProblem) {
    guard size.count == 2 else {
      throw SettingProblem("size", .refused("two numbers are needed: width and height, as in [800 500]"))
    }
  }
}

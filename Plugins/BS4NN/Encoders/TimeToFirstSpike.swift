public import Compute
public import Spiking

/// Brighter is earlier, one spike per value:
///
///     t = ⌊(1 - x) · levels⌋,    x from 0 to 1
///
/// With `levels` equal to `steps` (256, S4NN) black never arrives. With one level less (255, BS4NN) it arrives at the
/// last step, where a crossing comes too late to count. All other grey levels have the same time in both. (arXiv
/// 2007.04039)
public struct TimeToFirstSpike: TimeEncoder, Declared {
  public var steps = 256
  /// Left open, as many as steps.
  public var levels: Int?
  public init() {}
  public init(steps: Int, levels: Int? = nil) { (self.steps, self.levels) = (steps, levels) }

  public static let manual = Manual(
    "ttfs", "One spike per value, the earlier the brighter.", equation: "t = floor((1 - x) levels)",
    reference: "S. R. Kheradpisheh, M. Mirsadeghi, T. Masquelier, Neural Processing Letters 54, 2022, arXiv 2007.04039",
    details:
      "Black never arrives with as many levels as steps; with one level less it arrives at the last step, without effect.",
    examples: ["data glyphs | encode ttfs", "data glyphs | encode ttfs steps=256 levels=255"])
  public static let settings: [Setting<Self>] = [
    Setting("steps", \.steps, "Length of the run.", in: 1...65535),
    Setting("levels", \.levels, "Time of black; as many as steps by default, so that it never arrives.", in: 1...65535),
  ]
  public func validate() throws(SettingProblem) {
    if let levels, levels > steps { throw SettingProblem("levels", .refused("there cannot be more levels than steps")) }
  }
  public func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code { try timeCode(steps: steps, shape) }

  /// A byte divided by 255 is off by 1e-7; a whole number of levels must not fall below itself for that.
  private static let rounding = 1e-3
  public func time(_ value: Float, _ code: Code) -> Int {
    let darkness = 1 - Double(value)
    guard darkness > 0 else { return darkness.isNaN ? code.steps : 0 }
    return Int(min(65535, (darkness * Double(levels ?? steps) + Self.rounding).rounded(.down)))
  }
}

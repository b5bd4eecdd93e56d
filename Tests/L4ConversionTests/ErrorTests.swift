import Foundation
import Testing

/// Every input of `errors.json` is refused, or remarked on, with a stable code and the words it must mention.
@Suite struct ErrorTests {
  struct Errors: Decodable {
    struct Case: Decodable { var code: String, mustMention: [String], severity: String? }
    var cases: [Case]
  }
  /// The code in Soma and a line that shows the problem. Settings are refused by their ranges, and layers of Soma take the shape
  /// of what flows in, so that weights that do not fit each other cannot come up; nor can values of data out of range,
  /// weights that are no numbers, dead layers, rows without weights or variances below 0 be typed: `SessionTests` makes them.
  private static let lines: [String: [(code: String, line: String)]] = [
    "rate-above-one": [("convert.rate-above-one", "ann | convert data rate=2000Hz")],
    "unsupported-layer": [
      (
        "convert.unsupported-layer",
        "data glyphs samples=40 | conv 4 | relu | pool 2 kind=maximum | dense 10 | convert robust"
      )
    ],
    "unsupported-activation": [("name.unknown", "data glyphs samples=40 | dense 20 | tanh | dense 10 | convert data")],
    "missing-activation": [
      ("convert.missing-activation", "data glyphs samples=40 | dense 20 | dense 10 | convert data")
    ],
    "calibration-empty": [("convert.calibration-empty", "ann | convert robust calibration=0")],
    "percentile-range": [
      ("warning", "ann | convert robust percentile=0.999"), ("setting.range", "ann | convert robust percentile=120"),
    ],
    "threshold-not-positive": [("setting.range", "neuron if threshold=0")],
    "steps-not-positive": [("setting.range", "ann | convert robust steps=0")],
    "literal-breaks-ann": [("warning", "ann | convert l4 mode=literal")],
    "published-with-bias": [("convert.published-with-bias", "ann | convert published2015")],
  ]
  private static let untypable: Set = [
    "input-out-of-range", "input-not-finite", "shape-mismatch", "weights-not-finite", "dead-layer", "zero-norm-row",
    "bn-variance",
  ]
  @Test func everyProblemHasItsCodeAndWords() throws {
    let golden = try Golden.read(Errors.self, "errors"), lab = try Lab()
    lab.run(SessionTests.ann)
    var seen: [String: Int] = [:]
    for problem in golden.cases where !Self.untypable.contains(problem.code) {
      let lines = try #require(Self.lines[problem.code], "\(problem.code)"), place = seen[problem.code, default: 0]
      seen[problem.code] = place + 1
      let (code, line) = lines[place], text = lab.run(line)
      #expect(text.contains(code == "warning" ? "note[convert.warning]: " : "error[\(code)]"), "\(line): \(text)")
      for word in problem.mustMention { #expect(text.contains(word), "\(line) must mention \(word): \(text)") }
    }
    #expect(seen.values.reduce(0, +) == 11)
  }
}

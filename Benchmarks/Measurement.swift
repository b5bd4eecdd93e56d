import Foundation
import Spiking

/// One thing measured several times: minimum, median and maximum of its figure.
struct Measurement {
  let name: String, unit: String, figures: [Double]

  /// Runs `body` some times; it returns the figure of one run.
  init(_ name: String, unit: String, runs: Int = 9, _ body: () throws -> Double) rethrows {
    (self.name, self.unit) = (name, unit)
    _ = try body()  // The first run warms caches and is not counted.
    figures = try (0..<runs).map { _ in try body() }.sorted()
  }
  init(_ name: String, unit: String, figures: [Double]) {
    (self.name, self.unit, self.figures) = (name, unit, figures.sorted())
  }
  var line: String {
    let numbers = [figures[0], figures[figures.count / 2], figures[figures.count - 1]]
    return name.padding(toLength: 52, withPad: " ", startingAt: 0)
      + numbers.map { String(format: "%12.4g", $0) }.joined() + "  " + unit
  }
  static let header =
    "".padding(toLength: 52, withPad: " ", startingAt: 0)
    + ["minimum", "median", "maximum"].map { $0.leftPadded(12) }.joined() + "\n"
}
extension String {
  func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}

/// Seconds that `body` takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return start.duration(to: .now).inSeconds
}

/// Processor seconds that `body` takes on this thread: what is left of a measurement where others use the machine too.
/// It does not count waiting, so it is for work of one thread only.
func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  let start = now()
  try body()
  return now() - start
}

/// Writes numbers in single precision, least significant byte first, for a peer to read.
func write(_ values: [Float], to file: URL) throws {
  try Data(values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }).write(to: file)
}

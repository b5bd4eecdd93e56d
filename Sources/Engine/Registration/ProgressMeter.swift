internal import Spiking

/// One line with epoch, share, rate, time left and accuracy.
final class ProgressMeter: Sendable {
  private let surroundings: Surroundings
  private let started = ContinuousClock.now
  init(_ surroundings: Surroundings) { self.surroundings = surroundings }

  func show(_ progress: Progress) {
    let elapsed = started.duration(to: .now).inSeconds
    let left = progress.fraction > 0.001 ? elapsed * (1 - progress.fraction) / progress.fraction : nil
    surroundings.progress(Self.line(progress, left: left))
  }
  static func line(_ progress: Progress, left: Double?) -> String {
    let filled = Int((min(1, max(0, progress.fraction)) * 20).rounded())
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    var parts = [
      "epoch \(progress.epoch) of \(progress.epochs)", bar, "\(Int((progress.fraction * 100).rounded(.down)))%",
    ]
    if let rate = progress.rate { parts.append("\(Presentation.grouped(Int(min(1e12, rate)))) samples/s") }
    if let left { parts.append("\(clock(left)) left") }
    if let accuracy = progress.accuracy { parts.append("accuracy \(Quantity(accuracy * 100).written(digits: 3))%") }
    if let loss = progress.loss { parts.append("loss \(Quantity(loss).written(digits: 3))") }
    return parts.joined(separator: "  ")
  }
  private static func clock(_ seconds: Double) -> String {
    let whole = Int(min(359_999, seconds.rounded(.up)))
    let padded = { (n: Int) in n < 10 ? "0\(n)" : "\(n)" }
    return whole >= 3600
      ? "\(whole / 3600):\(padded(whole / 60 % 60)):\(padded(whole % 60))" : "\(whole / 60):\(padded(whole % 60))"
  }
}

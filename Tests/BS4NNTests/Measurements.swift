import Accelerated
import Compute
import Datasets
import Foundation
import Spiking
import Testing

@testable import BS4NN

/// Figures of the README. They take minutes, so they run only where SOMA_MEASURE names one.
@Suite(.serialized) struct Measurements {
  static var wanted: String { ProcessInfo.processInfo.environment["SOMA_MEASURE"] ?? "" }

  @Test(.enabled(if: Measurements.wanted.hasPrefix("train"))) func train() throws {
    // train:DATA:KIND:HIDDEN:EPOCHS:SEEDS:name=value,…
    let words = Self.wanted.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let glyphs = Int(words[1].dropFirst(6)) ?? 0
    let all =
      glyphs > 0
      ? Glyphs(difficulty: 0.5, train: glyphs, test: 500).dataset(seed: 1)
      : try Files.data(words[1] == "fashion" ? .fashion : .mnist, for: "a measurement")
    guard let all else { return }
    let dataset = glyphs > 0 ? all : all.holdingOut(last: 5000)
    let isBinary = words[2] == "bs4nn", hidden = Int(words[3]) ?? 600
    let data = try EncodedData(dataset, TimeToFirstSpike(), seed: 1, dt: .ms(1))
    for seed in words[5].split(separator: ",").compactMap({ UInt64($0) }) {
      var arguments: [(name: String, argument: Argument)] = [("epochs", .quantity(Quantity(Double(words[4]) ?? 1)))]
      for pair in (words.count > 6 ? words[6] : "").split(separator: ",") {
        let parts = pair.split(separator: "=")
        let values = parts[1].split(separator: ";").map { v in
          Double(v).map { Argument.quantity(Quantity($0)) } ?? (v == "true" ? .flag(true) : .text(String(v)))
        }
        arguments.append((String(parts[0]), values.count == 1 ? values[0] : .list(values)))
      }
      let trainer: any Trainer = isBinary ? try BS4NN().applying(arguments) : try S4NN().applying(arguments)
      let model = try network(data, [hidden, 10], isBinary: isBinary)
      let result = try trainer.train(model, on: data, TrainingRun(machine: Machine(), seed: seed))
      for r in result.history where r.epoch <= 3 || r.epoch % 10 == 0 || r.epoch == result.epochs {
        print(
          "epoch \(r.epoch): \(String(format: "%.2f", r.seconds ?? 0)) s train \(r.accuracy ?? 0) validation \(r.validationAccuracy ?? 0) updates \(r.extra["updates"] ?? 0) silent \(r.extra["silent"] ?? 0)"
        )
      }
      guard let execution = SingleSpikeExecution(result, ExecutionOptions(machine: Machine()), ties: .potential) else {
        continue
      }
      let e = execution.evaluation(Array(0..<data.count(.test)), .test, of: data)
      print(
        "RESULT \(Self.wanted) seed \(seed): validation \(result.history.last?.validationAccuracy ?? 0) test strict \(e.accuracy) tied \(e.accuracyTied ?? e.accuracy) silent \(e.silentShare) ties \(e.tieShare) spikes \(e.spikesPerSample)"
      )
      fflush(nil)
    }
  }
}

/// Dense layers with if-once neurons of threshold 100.
func network(_ data: EncodedData, _ units: [Int], isBinary: Bool, threshold: Double = 100) throws -> Model {
  var model = Model(data)
  for n in units {
    model = try model.appending(Dense(n, weights: isBinary ? .binary : .real))
    model = try model.appending(Population(IfOnce(threshold: threshold)))
  }
  return model
}

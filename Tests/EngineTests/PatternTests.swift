import Classic
import Foundation
import Spiking
import Testing

/// Every pattern of Izhikevich's neuron shows what it is called after, under the current that its help gives.
@Suite struct PatternTests {
  struct Course {
    var spikes: [Double], v: [Double]
    var intervals: [Double] { zip(spikes.dropFirst(), spikes).map { $0 - $1 } }
    /// Spikes less than 20 ms apart.
    var bursts: [[Double]] {
      var bursts: [[Double]] = []
      for time in spikes {
        if let last = bursts.last?.last, time - last < 20 {
          bursts[bursts.count - 1].append(time)
        } else {
          bursts.append([time])
        }
      }
      return bursts
    }
    func count(_ times: ClosedRange<Double>) -> Int { spikes.count(where: times.contains) }
  }
  private func course(_ pattern: IzhikevichPattern) throws -> Course {
    let lab = try Lab(), file = NSTemporaryDirectory() + "pattern-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let example = try #require(Izhikevich.manual.examples.first { $0.contains("pattern=\(pattern.rawValue) ") })
    let told = lab.run("set dt 0.1ms\n" + example.replacing("| plot membrane", with: "| save \"\(file)\";"))
    #expect(told == "")
    let rows = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",").map { Double($0) ?? .nan }
    }
    let header = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isNewline)[0].split(
      separator: ",")
    let v = try #require(header.firstIndex(of: "v")), spike = try #require(header.firstIndex(of: "spike"))
    return Course(
      spikes: rows.dropFirst().filter { $0[spike] == 1 }.map { $0[0] * 1000 }, v: rows.dropFirst().map { $0[v] })
  }

  @Test(arguments: IzhikevichPattern.allCases) func itLooksLikeItsName(_ pattern: IzhikevichPattern) throws {
    let c = try course(pattern), gaps = c.intervals
    func holds(_ condition: Bool) { #expect(condition, "\(pattern.rawValue): \(c.spikes)") }
    switch pattern {
    case .regularSpiking:
      holds((6...10).contains(c.spikes.count) && gaps[1] > 2 * gaps[0] && gaps.dropFirst().allSatisfy { $0 > 40 })
    case .intrinsicallyBursting, .mixedMode:
      holds(c.bursts[0].count >= 3 && c.bursts.dropFirst().count >= 3)
      holds(c.bursts.dropFirst().allSatisfy { $0.count == 1 })
    case .chattering, .tonicBursting:
      holds(c.bursts.count >= 4 && c.bursts.allSatisfy { $0.count >= 4 })
    case .fastSpiking:
      holds(c.spikes.count > 35 && gaps.dropFirst(5).allSatisfy { abs($0 - gaps[20]) < 0.5 })
    case .lowThreshold:
      holds(c.spikes.count > 20 && (gaps.last ?? 0) > 3 * gaps[0])
      let weak = simulate(neuron: Izhikevich(pattern), current: Array(repeating: 1, count: 3000), dt: .ms(0.1))
      let other = simulate(neuron: Izhikevich(.regularSpiking), current: Array(repeating: 1, count: 3000), dt: .ms(0.1))
      holds(weak.layers[0].spikes.count >= 3 && other.layers[0].spikes.count == 0)
    case .thalamoCortical: holds(c.count(0...120) == 0 && c.bursts.count == 1 && c.spikes.count >= 2)
    case .resonator: holds(c.spikes.count == 1 && c.count(324...350) == 1)
    case .tonicSpiking: holds(c.count(0...10) == 0 && c.spikes.count >= 5 && (c.spikes.last ?? 0) > 80)
    case .phasicSpiking: holds(c.spikes.count == 1 && c.spikes[0] > 20)
    case .phasicBursting: holds(c.bursts.count == 1 && c.spikes.count >= 4 && (c.spikes.last ?? 0) < 80)
    case .frequencyAdaptation: holds(c.spikes.count >= 5 && (gaps.last ?? 0) > 5 * gaps[0])
    case .class2: holds(gaps[0] < 25 && (gaps.last ?? 0) > gaps[0] / 4 && c.count(0...90) == 0)
    case .spikeLatency: holds(c.spikes.count == 1 && c.spikes[0] > 15)
    case .oscillations:
      holds(c.spikes.count == 1)
      let rest = c.v[100], after = Array(c.v[600...]).map { $0 - rest }
      let crossings = zip(after, after.dropFirst()).count { $0 * $1 < 0 }
      #expect(crossings >= 4 && (after.max() ?? 0) > 0.2, "\(crossings)")
    case .reboundSpike: holds(c.spikes.count == 1 && c.spikes[0] > 25)
    case .reboundBurst: holds(c.count(0...25) == 0 && c.bursts.count == 1 && c.spikes.count >= 5)
    case .bistability: holds(c.count(0...37.5) == 0 && c.count(37.5...207) >= 4 && c.count(212...300) == 0)
    case .inhibitionSpiking: holds(c.spikes.count == 4 && c.count(0...50) == 0 && c.count(260...350) == 0)
    case .inhibitionBursting:
      holds(c.bursts.count == 3 && c.bursts.allSatisfy { $0.count >= 5 } && c.count(0...50) == 0)
      holds(c.count(280...350) == 0)
    }
  }
}

import Compute
import Foundation
import Spiking
import Testing

@testable import Classic

/// Losses and their gradients against the definitions in double precision.
@Suite struct LossTests {
  let labels = [2, 0, 3]
  static let steps = 3

  private func output(isConstant: Bool) -> (Signal, [Double]) {
    let random = RandomStream(seed: 1), steps = isConstant ? 1 : Self.steps
    let values = (0..<12 * steps).map { Float(3 * random.normal($0)) }
    let signal = Signal(
      Tensor(values, [values.count]), steps: steps, batch: 3, features: [4], isConstant: isConstant)
    return (signal, values.map(Double.init))
  }
  /// −log softmax(x)[label], averaged over the stored steps and summed over samples.
  private func cross(_ x: [Double]) -> Double {
    let steps = x.count / 12
    return (0..<x.count / 4).reduce(0.0) { sum, row in
      let part = x[row * 4..<row * 4 + 4].map { $0 }, total = part.reduce(0) { $0 + exp($1) }
      return sum - log(exp(part[labels[row % 3]]) / total) / Double(steps)
    }
  }
  /// The gradient is that of the mean over samples, by central differences.
  private func check(_ loss: any Loss, _ signal: Signal, _ x: [Double], _ definition: ([Double]) -> Double) {
    let found = loss.result(signal, labels)
    #expect(abs(found.loss - definition(x)) < 1e-4)
    for i in x.indices {
      var (up, down) = (x, x)
      up[i] += 1e-5
      down[i] -= 1e-5
      let difference = (definition(up) - definition(down)) / 2e-5 / 3
      #expect(abs(Double(found.gradient.values[i]) - difference) < 1e-5)
    }
  }
  @Test(arguments: [true, false]) func crossEntropy(_ isConstant: Bool) {
    let (signal, x) = output(isConstant: isConstant)
    check(CrossEntropy(), signal, x, cross)
    let right = (0..<3).count { row in
      let sums = (0..<4).map { j in stride(from: 0, to: x.count, by: 12).reduce(0.0) { $0 + x[$1 + row * 4 + j] } }
      return sums.max() == sums[labels[row]]
    }
    #expect(CrossEntropy().result(signal, labels).correct == right)
  }
  @Test(arguments: [0, 0.3, 1.0]) func everyStep(_ weight: Double) {
    let (signal, x) = output(isConstant: false), loss = TemporalEfficientLoss(weight: weight, target: 0.5)
    check(loss, signal, x) { x in
      let squares = x.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(x.count)
      return (1 - weight) * cross(x) + 3 * weight * squares
    }
    #expect(loss.readsEveryStep)
  }
  @Test func rate() {
    let (signal, x) = output(isConstant: true)
    check(RateLoss(), signal, x) { x in
      x.indices.reduce(0.0) { sum, i in
        let apart = x[i] - (i % 4 == labels[i / 4] ? 1 : 0)
        return sum + apart * apart / 4
      }
    }
  }
}

internal import Compute

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension Answers {
  /// Calls `body` for every step and sample that both have, with the place of the output's row and what is wanted there; a
  /// constant output stands for every step.
  func forEachRow(of output: Signal, _ body: (_ row: Int, _ wanted: UnsafePointer<Float>) -> Void) {
    guard let values, output.batch > 0 else { return }
    let steps = min(output.steps, values.count / max(1, output.batch * width))
    values.read { y in
      for t in 0..<steps {
        for sample in 0..<output.batch {
          body((output.isConstant ? 0 : t * output.batch) + sample, y + (t * output.batch + sample) * width)
        }
      }
    }
  }
}

/// The squared distance from the numbers wanted at every step, averaged over steps and outputs:
/// L = mean over t, j of (o[t][j] − y[t][j])².
public struct MeanSquares: Loss {
  public init() {}
  public var readsEveryStep: Bool { true }

  public func result(_ output: Signal, _ answers: Answers) -> LossResult {
    let width = output.features.count, compared = min(width, answers.width)
    var result = LossResult(gradient: output.like(output.features)), sum = 0.0, count = 0
    output.values.read { o in
      result.gradient.values.write { g in
        answers.forEachRow(of: output) { row, wanted in
          for j in 0..<compared {
            let apart = o[row * width + j] - wanted[j]
            sum += Double(apart * apart)
            g[row * width + j] += 2 * apart
          }
          count += compared
        }
        let scale = 1 / Float(max(1, count))
        for i in 0..<output.values.count { g[i] *= scale }
      }
    }
    result.loss = sum / Double(max(1, count)) * Double(output.batch)
    return result
  }
}

/// The cross-entropy at every step that has a class, averaged over these steps.
public struct StepCrossEntropy: Loss {
  public init() {}
  public var readsEveryStep: Bool { true }

  public func result(_ output: Signal, _ answers: Answers) -> LossResult {
    let classes = output.features.count
    var result = LossResult(gradient: output.like(output.features)), sum = 0.0
    output.values.read { o in
      result.gradient.values.write { g in
        answers.forEachRow(of: output) { row, wanted in
          let label = Int(wanted[0]), x = o + row * classes, slopes = g + row * classes
          guard (0..<classes).contains(label) else { return }
          let best = (0..<classes).reduce(0) { x[$1] > x[$0] ? $1 : $0 }
          let total = (0..<classes).reduce(0.0) { $0 + exp(Double(x[$1] - x[best])) }
          for j in 0..<classes {
            slopes[j] += Float(exp(Double(x[j] - x[best])) / total) - (j == label ? 1 : 0)
          }
          sum -= Double(x[label] - x[best]) - log(total)
          result.answers += 1
          if best == label { result.correct += 1 }
        }
        let scale = 1 / Float(max(1, result.answers))
        for i in 0..<output.values.count { g[i] *= scale }
      }
    }
    result.loss = sum / Double(max(1, result.answers)) * Double(output.batch)
    return result
  }
}

internal import Compute

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A loss summed over a batch, the gradient of its mean over the batch, and how many of so many answers were right.
public struct LossResult: Sendable {
  public var loss = 0.0, correct = 0, answers = 0
  public var gradient: Signal
}

/// What a gradient trainer makes small.
public protocol Loss: Sendable {
  /// Whether it wants the output of every step instead of its mean.
  var readsEveryStep: Bool { get }
  func result(_ output: Signal, _ answers: Answers) -> LossResult
}
extension Loss {
  public func result(_ output: Signal, _ labels: [Int]) -> LossResult { result(output, Answers(labels: labels)) }
}

/// The cross-entropy of softmax outputs, averaged over the steps that are stored: L = −log softmax(o)[label].
public struct CrossEntropy: Loss {
  public var readsEveryStep = false
  public init() {}

  /// ∂(mean L)/∂o = (softmax(o) − onehot(label)) / (batch · steps)
  public func result(_ output: Signal, _ answers: Answers) -> LossResult {
    let labels = answers.labels
    let classes = output.features.count, scale = 1 / Float(labels.count * output.storedSteps)
    var result = LossResult(correct: rightAnswers(output, labels), answers: labels.count, gradient: output), loss = 0.0
    result.gradient.values.write { o in
      for row in 0..<output.rows {
        let x = o + row * classes, label = labels[row % labels.count]
        let peak = (0..<classes).reduce(-Float.infinity) { max($0, x[$1]) }
        var sum: Float = 0
        for j in 0..<classes {
          x[j] = exp(x[j] - peak)
          sum += x[j]
        }
        for j in 0..<classes { x[j] /= sum }
        guard label < classes else { continue }
        loss -= log(max(Double(x[label]), 1e-30))
        x[label] -= 1
        for j in 0..<classes { x[j] *= scale }
      }
    }
    result.loss = loss / Double(output.storedSteps)
    return result
  }
}

/// Cross-entropy at every step, and a pull of all outputs to one value φ, so that no step is left behind:
/// L = (1 − λ)·mean over t of CE(o[t]) + λ·mean of (o[t] − φ)².
///
/// - Reference: S. Deng et al., ICLR 2022, arXiv:2202.11946.
public struct TemporalEfficientLoss: Loss {
  public var weight = 0.05, target = 1.0
  public var readsEveryStep: Bool { true }
  public init(weight: Double = 0.05, target: Double = 1) { (self.weight, self.target) = (weight, target) }

  public func result(_ output: Signal, _ answers: Answers) -> LossResult {
    let labels = answers.labels
    var result = CrossEntropy().result(output, labels)
    let n = output.values.count, count = Double(n), weight = weight, target = Float(target)
    let share = Float(1 - weight), pull = Float(2 * weight / count)
    var squares = 0.0
    output.values.read { o in
      result.gradient.values.write { g in
        for i in 0..<n {
          let apart = o[i] - target
          squares += Double(apart * apart)
          g[i] = share * g[i] + pull * apart
        }
      }
    }
    result.loss = (1 - weight) * result.loss + weight * squares / count * Double(labels.count)
    return result
  }
}

/// The squared distance of the mean output from 1 for the label and 0 for the others, averaged over classes: for rates of
/// neurons at the output.
public struct RateLoss: Loss {
  public var readsEveryStep: Bool { false }
  public init() {}
  public func result(_ output: Signal, _ answers: Answers) -> LossResult {
    let labels = answers.labels
    let classes = output.features.count, scale = 2 / Float(labels.count * classes)
    var result = LossResult(correct: rightAnswers(output, labels), answers: labels.count, gradient: output), loss = 0.0
    result.gradient.values.write { g in
      for (row, label) in labels.enumerated() {
        for j in 0..<classes {
          let apart = g[row * classes + j] - (j == label ? 1 : 0)
          loss += Double(apart * apart) / Double(classes)
          g[row * classes + j] = scale * apart
        }
      }
    }
    result.loss = loss
    return result
  }
}

/// Samples whose largest output, summed over the stored steps, is that of the label; the first of equal ones counts.
private func rightAnswers(_ output: Signal, _ labels: [Int]) -> Int {
  let classes = output.features.count
  return output.values.read { o in
    labels.enumerated().count { row, label in
      let sums = (0..<classes).map { j in
        (0..<output.storedSteps).reduce(Float(0)) { $0 + o[$1 * output.neurons + row * classes + j] }
      }
      return sums.indices.reduce(0) { sums[$1] > sums[$0] ? $1 : $0 } == label
    }
  }
}

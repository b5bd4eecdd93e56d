public import Compute

/// What is to be answered at every step of a sample: numbers, or a class.
public struct Targets: Sendable, Equatable {
  public let steps: Int, width: Int
  /// Whether the one value of a step is the number of a class; below 0 there is no answer.
  public let areClasses: Bool
  /// [sample][step][width]
  public let values: [Float]

  /// - Precondition: as many values as samples × steps × width, and width 1 for classes.
  public init(steps: Int, width: Int = 1, areClasses: Bool = false, values: [Float]) {
    precondition(values.count % max(1, steps * width) == 0 && (!areClasses || width == 1), "whole samples")
    (self.steps, self.width, self.areClasses, self.values) = (steps, width, areClasses, values)
  }
}

/// What a data set asks of a model.
public enum Task: Sendable, Equatable {
  /// One class per sample.
  case classes
  /// A class at every step.
  case stepClasses
  /// So many numbers at every step.
  case numbers(Int)

  init(_ targets: Targets?) {
    guard let targets else {
      self = .classes
      return
    }
    self = targets.areClasses ? .stepClasses : .numbers(targets.width)
  }
  /// What is made small when it is learnt.
  public var usualLoss: any Loss {
    switch self {
    case .classes: CrossEntropy()
    case .stepClasses: StepCrossEntropy()
    case .numbers: MeanSquares()
    }
  }
}

/// What a batch is to be answered with: a class per sample, or values [step][sample][width].
public struct Answers: Sendable {
  public var labels: [Int], values: Tensor?, width = 1

  public init(labels: [Int], values: Tensor? = nil, width: Int = 1) {
    (self.labels, self.values, self.width) = (labels, values, width)
  }
}

extension Dataset {
  public var task: Task { Task(parts[learningPart]?.bank.targets) }
}
extension EncodedData {
  public func answers(_ indices: [Int], _ part: Part) -> Answers {
    let labels = labels(indices, part)
    guard let view = dataset[part], let targets = view.bank.targets else { return Answers(labels: labels) }
    let width = targets.width, batch = indices.count
    var values = Tensor(zeros: [targets.steps * batch * width])
    values.write { to in
      for (row, index) in indices.enumerated() {
        let sample = view.bankIndex(index) * targets.steps * width
        for t in 0..<targets.steps {
          for j in 0..<width { to[(t * batch + row) * width + j] = targets.values[sample + t * width + j] }
        }
      }
    }
    return Answers(labels: labels, values: values, width: width)
  }
}

internal import Compute

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Moves parameters by their gradients, and keeps what it needs for that from step to step.
struct Optimiser {
  private let options: DescentOptions
  private(set) var step = 0
  /// The velocity, or Adam's mean of gradients.
  private var first: Parameters
  /// Adam's mean of squared gradients; sgd has none.
  private var second: Parameters?

  init(_ options: DescentOptions, _ layout: ParameterLayout) {
    self.options = options
    first = Parameters(zeros: layout)
    if options.optimiser == .adam { second = Parameters(zeros: layout) }
  }
  /// Goes on from a saved state, where it fits.
  mutating func resume(from state: TrainingState) {
    step = max(0, state.numbers["step"].flatMap { Int(exactly: $0) } ?? 0)
    if let kept = state.vectors["first"], kept.count == first.flat.count { first.flat = Tensor(kept, [kept.count]) }
    if let kept = state.vectors["second"], kept.count == second?.flat.count {
      second?.flat = Tensor(kept, [kept.count])
    }
  }
  func write(to state: inout TrainingState) {
    state.numbers["step"] = Double(step)
    state.vectors["first"] = first.flat.values
    state.vectors["second"] = second?.flat.values
  }

  /// Values per piece of work.
  private static let piece = 1 << 16

  /// One step; only weights decay.
  mutating func move(_ parameters: inout Parameters, along gradients: Parameters, rate: Double, _ machine: Machine) {
    step += 1
    for entry in parameters.layout.entries where entry.spec.role.isLearnt {
      let decay = entry.spec.role == .weight ? Float(options.decay) : 0
      switch options.optimiser {
      case .sgd: moveBySGD(entry, &parameters, gradients, Float(rate), decay, machine)
      case .adam: moveByAdam(entry, &parameters, gradients, Float(rate), decay, machine)
      }
    }
  }
  private mutating func moveBySGD(
    _ entry: ParameterLayout.Entry, _ parameters: inout Parameters, _ gradients: Parameters, _ rate: Float,
    _ decay: Float, _ machine: Machine
  ) {
    let momentum = Float(options.momentum ?? 0.9)
    parameters.flat.write { w in
      first.flat.write { v in
        gradients.flat.read { g in
          nonisolated(unsafe) let (w, v, g) = (w + entry.offset, v + entry.offset, g + entry.offset)
          machine.forEachTile(of: entry.count, size: Self.piece) { tile in
            let at = tile.lowerBound
            machine.backend.momentumStep(
              w + at, velocity: v + at, gradient: g + at, count: tile.count, rate: rate, momentum: momentum,
              decay: decay)
          }
        }
      }
    }
  }
  private mutating func moveByAdam(
    _ entry: ParameterLayout.Entry, _ parameters: inout Parameters, _ gradients: Parameters, _ rate: Float,
    _ decay: Float, _ machine: Machine
  ) {
    let coefficients = AdamCoefficients(step: step, rate: rate, weightDecay: decay)
    parameters.flat.write { w in
      first.flat.write { m in
        second?.flat.write { s in
          gradients.flat.read { g in
            nonisolated(unsafe) let (w, m, s, g) = (
              w + entry.offset, m + entry.offset, s + entry.offset, g + entry.offset
            )
            machine.forEachTile(of: entry.count, size: Self.piece) { tile in
              let at = tile.lowerBound
              machine.backend.adamStep(
                w + at, mean: m + at, square: s + at, gradient: g + at, count: tile.count, coefficients)
            }
          }
        }
      }
    }
  }
}

extension Parameters {
  /// Shrinks the learnt entries together until their norm is at most `limit`.
  mutating func clip(to limit: Double) {
    var squares = 0.0
    for entry in layout.entries where entry.spec.role.isLearnt {
      flat.read { p in for i in entry.range { squares += Double(p[i]) * Double(p[i]) } }
    }
    let norm = squares.squareRoot()
    guard norm > limit else { return }
    let factor = Float(limit / norm)
    for entry in layout.entries where entry.spec.role.isLearnt {
      flat.write { p in for i in entry.range { p[i] *= factor } }
    }
  }
}

extension DescentOptions {
  /// The rate when `done` of the epochs of a cycle of `length` are over; parts of an epoch count.
  public func rate(after done: Double, of length: Int) -> Double {
    let start = rate ?? usualRates[optimiser] ?? 0.001
    switch schedule {
    case .constant: return start
    case .linear: return start * (1 - 0.9 * min(1, done / Double(max(1, length))))
    case .cosine: return start * 0.5 * (1 + cos(.pi * min(1, done / Double(max(1, length)))))
    case .step:
      let every = every ?? max(1, (length + 2) / 3)
      return (0..<Int(done) / every).reduce(start) { rate, _ in rate * (factor ?? 0.1) }
    }
  }
}

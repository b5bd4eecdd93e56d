internal import Spiking

/// A dimension of which some may not be known yet: powers of base units, and of unknown dimensions.
struct DimensionForm {
  /// Powers of second, volt and ampere.
  var base: [Double]
  var unknown: [Int: Double] = [:]

  init(_ dimension: Dimension = .none) {
    base = [Double(dimension.second), Double(dimension.volt), Double(dimension.ampere)]
  }
  init(unknown: Int) {
    self.init()
    self.unknown = [unknown: 1]
  }
  static func * (a: DimensionForm, b: DimensionForm) -> DimensionForm { a.adding(b, times: 1) }
  static func / (a: DimensionForm, b: DimensionForm) -> DimensionForm { a.adding(b, times: -1) }
  func power(_ n: Double) -> DimensionForm { DimensionForm().adding(self, times: n) }

  func adding(_ other: DimensionForm, times n: Double) -> DimensionForm {
    var sum = self
    for k in 0..<3 { sum.base[k] += n * other.base[k] }
    for (k, power) in other.unknown {
      sum.unknown[k, default: 0] += n * power
      if sum.unknown[k] == 0 { sum.unknown[k] = nil }
    }
    return sum
  }
  /// The dimension with whatever is unknown taken as a plain number; nil where powers are not whole.
  var dimension: Dimension? {
    let whole = base.map { Int(exactly: $0) }
    guard let s = whole[0], let v = whole[1], let a = whole[2] else { return nil }
    return Dimension(second: s, volt: v, ampere: a)
  }
  var isNumber: Bool { unknown.isEmpty && base.allSatisfy { $0 == 0 } }
  var noun: String { dimension?.noun ?? "a quantity with a root of a unit" }
}

/// What the equations say about dimensions: linear equations between powers, solved as they come.
struct DimensionSystem {
  private var solutions: [Int: DimensionForm] = [:]

  func reduced(_ form: DimensionForm) -> DimensionForm {
    var result = form
    for (k, power) in form.unknown {
      guard let solution = solutions[k] else { continue }
      result.unknown[k] = nil
      result = result.adding(solution, times: power)
    }
    return result
  }
  /// Makes two dimensions equal; false where they are known to differ.
  mutating func equate(_ a: DimensionForm, _ b: DimensionForm) -> Bool {
    let difference = reduced(a / b)
    guard let (k, power) = difference.unknown.min(by: { $0.key < $1.key }) else { return difference.isNumber }
    var rest = difference
    rest.unknown[k] = nil
    let solution = rest.power(-1 / power)
    for (other, form) in solutions {
      guard let share = form.unknown[k] else { continue }
      var changed = form
      changed.unknown[k] = nil
      solutions[other] = changed.adding(solution, times: share)
    }
    solutions[k] = solution
    return true
  }
}

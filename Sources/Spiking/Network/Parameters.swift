public import Compute

/// What a stored value is for: optimisers group by it, folders and savers read it.
public enum ParameterRole: String, Sendable, Equatable, CaseIterable {
  /// Learnt and decays.
  case weight
  /// Learnt, never decays.
  case bias
  /// Learnt, never decays: gains, amplitudes, thresholds.
  case scale
  /// The real value behind a binary weight: learnt, never decays.
  case latent
  /// A running mean or variance: saved, not learnt.
  case statistic
  /// Saved, not learnt: the matrices of a memory.
  case fixed

  public var isLearnt: Bool {
    switch self {
    case .weight, .bias, .scale, .latent: true
    case .statistic, .fixed: false
    }
  }
}

/// What a value is before training.
public enum Initialiser: Sendable, Equatable {
  case constant(Float)
  case uniform(ClosedRange<Float>)
  case normal(deviation: Float)
  case values([Float])

  /// Value `i` drawn from a stream of its own.
  func value(_ i: Int, _ stream: RandomStream) -> Float {
    switch self {
    case .constant(let x): x
    case .uniform(let range): range.lowerBound + (range.upperBound - range.lowerBound) * stream.uniform(i)
    case .normal(let deviation): deviation * Float(stream.normal(i))
    case .values(let values): values[i]
    }
  }
}

/// A value that a layer wants to have stored.
public struct ParameterSpec: Sendable, Equatable {
  public var name: String, shape: Shape, role: ParameterRole, initial: Initialiser
  public init(_ name: String, _ shape: Shape, _ role: ParameterRole, _ initial: Initialiser) {
    (self.name, self.shape, self.role, self.initial) = (name, shape, role, initial)
  }
}

/// Names and places of all stored values of a network in one flat vector.
///
/// Weights, gradients and optimiser state share a layout, so an optimiser is one loop per group, a checkpoint is a copy,
/// and `dense1.weight` means the same everywhere.
public struct ParameterLayout: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    /// "dense1.weight"
    public var name: String
    public var spec: ParameterSpec, offset: Int
    public var count: Int { spec.shape.count }
    public var range: Range<Int> { offset..<offset + count }
  }
  /// Every entry starts at a multiple of as many floats: 64 bytes.
  public static let alignment = 16

  public private(set) var entries: [Entry] = []
  /// Floats of the vector, gaps included.
  public private(set) var count = 0
  public init() {}

  /// Floats that the values take up together, without gaps.
  public var valueCount: Int { entries.reduce(0) { $0 + $1.count } }
  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  /// Appends what a layer wants under its name and returns the numbers of its entries.
  mutating func append(_ specs: [ParameterSpec], prefix: String) -> Range<Int> {
    let first = entries.count
    for spec in specs {
      entries.append(Entry(name: "\(prefix).\(spec.name)", spec: spec, offset: count))
      count += (spec.shape.count + Self.alignment - 1) / Self.alignment * Self.alignment
    }
    return first..<entries.count
  }
}

/// Values for a layout: weights, gradients or the state of an optimiser.
public struct Parameters: Sendable {
  public let layout: ParameterLayout
  public var flat: Tensor

  public init(zeros layout: ParameterLayout) {
    self.layout = layout
    flat = Tensor(zeros: [layout.count])
  }
  /// Initial values; each entry draws from the stream of its name, so a layer added elsewhere changes nothing.
  public init(initial layout: ParameterLayout, random: RandomStream) {
    self.init(zeros: layout)
    for entry in layout.entries {
      let stream = random.child(entry.name)
      flat.write { p in
        for i in 0..<entry.count { p[entry.offset + i] = entry.spec.initial.value(i, stream) }
      }
    }
  }
  /// The values of an entry, copied out or replaced; the name must exist.
  public subscript(name: String) -> [Float] {
    get {
      guard let entry = layout[name] else { preconditionFailure("no parameter '\(name)'") }
      return values(of: entry)
    }
    set {
      guard let entry = layout[name] else { preconditionFailure("no parameter '\(name)'") }
      set(entry, newValue)
    }
  }
  public func values(of entry: ParameterLayout.Entry) -> [Float] {
    flat.read { Array(UnsafeBufferPointer(start: $0 + entry.offset, count: entry.count)) }
  }
  public mutating func set(_ entry: ParameterLayout.Entry, _ values: [Float]) {
    precondition(values.count == entry.count, "as many values as '\(entry.name)' has")
    flat.write { p in for (i, value) in values.enumerated() { p[entry.offset + i] = value } }
  }
  /// Whether every value is a number.
  public var isFinite: Bool { flat.read { p in (0..<flat.count).allSatisfy { p[$0].isFinite } } }
}

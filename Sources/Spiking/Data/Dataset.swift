public import Compute

/// What a part of a data set is for.
public enum Part: String, Choice, Hashable { case train, validation, test }

/// Labelled samples in parts. A value: taking, splitting and filtering make another view and copy no sample.
public struct Dataset: Sendable {
  /// Some samples of a bank, in some order.
  public struct View: Sendable {
    public var bank: SampleBank
    /// Numbers within the bank; nil for all of them in order.
    public var chosen: [Int]?

    public init(_ bank: SampleBank, _ chosen: [Int]? = nil) { (self.bank, self.chosen) = (bank, chosen) }
    public var count: Int { chosen?.count ?? bank.count }
    /// The number within the bank of sample `index` of the view: who it is, whatever the view.
    public func bankIndex(_ index: Int) -> Int { chosen?[index] ?? index }
    public func label(_ index: Int) -> Int { bank.labels[bankIndex(index)] }
    public func sample(_ index: Int) -> [Float] { bank.sample(bankIndex(index)) }
    /// The view of some of its samples, in the order given.
    public func picking(_ indices: [Int]) -> View { View(bank, indices.map(bankIndex)) }
  }

  public var name: String
  /// Where it came from: a file, an address, or the program itself with its settings.
  public var origin: String
  /// SHA-256 of what was read, in hexadecimal; empty where nothing was.
  public var checksum: String
  public var classes: [String]
  public let shape: Shape
  /// What values samples have.
  public var alphabet: Alphabet
  /// How images differ from showing to showing while they are learnt.
  public var augmentation = Augmentation()
  public private(set) var parts: [Part: View]

  public init(
    name: String, origin: String = "", checksum: String = "", classes: [String], shape: Shape,
    alphabet: Alphabet = .graded, parts: [Part: View]
  ) {
    precondition(parts.values.allSatisfy { $0.bank.shape == shape }, "samples of the shape of the data set")
    (self.name, self.origin, self.checksum) = (name, origin, checksum)
    (self.classes, self.shape, self.parts) = (classes, shape, parts.filter { $0.value.count > 0 })
    self.alphabet = alphabet
  }
  /// The same set with other samples.
  public func holding(_ parts: [Part: View]) -> Dataset {
    precondition(parts.values.allSatisfy { $0.bank.shape == shape }, "samples of the shape of the data set")
    var result = self
    result.parts = parts.filter { $0.value.count > 0 }
    return result
  }

  /// The samples of a part, none where it does not exist.
  public subscript(part: Part) -> View? { parts[part] }
  public func count(_ part: Part) -> Int { parts[part]?.count ?? 0 }
  /// Samples of all parts.
  public var count: Int { parts.values.reduce(0) { $0 + $1.count } }
  /// Whether there is only one part, which then is used whole.
  public var isSinglePart: Bool { parts.count == 1 }
  /// The part that a sample number without one refers to: the test part, or the only one.
  public var usualPart: Part {
    if parts[.test] != nil { return .test }
    return Part.allCases.first { parts[$0] != nil } ?? .test
  }
  /// The part to learn from: the training part, or the only one.
  public var learningPart: Part { parts[.train] != nil ? .train : usualPart }
}

extension Dataset {
  /// What is known of a data set without its samples: enough to check a line.
  public struct Outline: Sendable, Equatable {
    public var name: String, shape: Shape, classes: [String]
    /// Samples per part; a part that will exist but whose size is unknown counts nil.
    public var counts: [Part: Int?]
    public var alphabet: Alphabet, task: Task

    public init(
      name: String, shape: Shape, classes: [String], counts: [Part: Int?], alphabet: Alphabet = .graded,
      task: Task = .classes
    ) {
      (self.name, self.shape, self.classes, self.counts) = (name, shape, classes, counts)
      (self.alphabet, self.task) = (alphabet, task)
    }
    public var isSinglePart: Bool { counts.count == 1 }
  }
  public var outline: Outline {
    Outline(
      name: name, shape: shape, classes: classes, counts: parts.mapValues { .some($0.count) }, alphabet: alphabet,
      task: task)
  }
}

/// A law that every conformance to a protocol keeps.
public struct Law: Sendable, Hashable {
  public var name: String
  /// In plain words.
  public var statement: String
  public init(_ name: String, _ statement: String) { (self.name, self.statement) = (name, statement) }
}

/// What came of putting something through laws, in the order in which they were looked at.
///
/// A test reads `#expect(check(neuron: LeakyIntegrateAndFire()).broken == [])`, so that a failure prints what was seen.
public struct Laws: Sendable {
  public struct Verdict: Sendable {
    public var law: Law
    /// What breaks the law; empty where it holds.
    public var seen: [String] = []
  }
  public private(set) var verdicts: [Verdict] = []
  public init() {}

  /// Everything that breaks a law.
  public var broken: [String] { verdicts.flatMap(\.seen) }

  public mutating func require(_ law: Law, _ holds: Bool, _ seen: @autoclosure () -> String) {
    let place = verdicts.firstIndex { $0.law == law } ?? verdicts.count
    if place == verdicts.count { verdicts.append(Verdict(law: law)) }
    if !holds { verdicts[place].seen.append(seen()) }
  }
  /// Adds what came of other laws.
  public mutating func join(_ others: Laws) {
    for verdict in others.verdicts {
      require(verdict.law, true, "")
      for seen in verdict.seen { require(verdict.law, false, seen) }
    }
  }
}

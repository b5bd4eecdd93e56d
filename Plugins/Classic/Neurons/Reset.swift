public import Spiking

/// Words of the field for resets; a choice is understood by any of its words.
public enum ResetWords {
  private static let groups = [["zero", "hard"], ["subtract", "soft"]]

  /// The other words for the choices of an enumeration.
  public static func synonyms<C: Choice>(of _: C.Type) -> [String: C] {
    var synonyms: [String: C] = [:]
    for group in groups {
      guard let choice = C.allCases.first(where: { group.contains($0.rawValue) }) else { continue }
      for word in group where word != choice.rawValue { synonyms[word] = choice }
    }
    return synonyms
  }
}

/// What a spike does to the membrane.
public enum Reset: String, Choice {
  /// v ← 0
  case zero
  /// v ← v − θ, so that what was above the threshold is not lost.
  case subtract
  /// v ← v − θ one step later, after the leak: what a network with a delayed feedback line does.
  case delayed

  public static var synonyms: [String: Reset] { ResetWords.synonyms(of: Self.self) }
}

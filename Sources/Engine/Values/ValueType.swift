/// The types of the language.
public enum ValueType: String, Sendable, Hashable, CaseIterable {
  case nothing, number, text, flag, range, list, neuron, recording, dataset, spikes, model, report, table, figure

  /// With its article, as diagnostics say it: "a dataset", "spikes".
  public var noun: String {
    switch self {
    case .nothing, .spikes: rawValue
    default: "a \(rawValue)"
    }
  }
}
extension Sequence<ValueType> {
  /// "a dataset, spikes or a model".
  public var alternatives: String { map(\.noun).alternatives }
}
extension Sequence<String> {
  /// "a, b or c".
  public var alternatives: String {
    let words = Array(self)
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}

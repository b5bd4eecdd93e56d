internal import Compute
internal import Engine
internal import Language
internal import Laws
internal import Spiking

/// `verify`: puts neurons, codes and trainers through the laws of their protocols.
struct Verify: Command {
  var what = ""
  static let accepts: [ValueType] = [.nothing, .neuron], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "verify", "Puts neurons, codes and trainers through the laws of their kind, and tells which hold.",
    details:
      "Behind a neuron it checks that neuron; a name chooses one kind, or neurons, codes or trainers; alone it checks everything that is known here. A row is a law, with what was seen where it is broken.",
    examples: ["neuron lif | verify", "verify ttfs", "verify neurons | where holds == false"])
  static let settings: [Setting<Self>] = [
    Setting(
      "what", \.what, "A kind, or neurons, codes or trainers; everything by default.", form: .name, positional: true)
  ]

  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if input.type == .neuron, !what.isEmpty {
      throw Diagnostic("verify.twice", "a neuron flows in already, '\(what)' is one too many", help: "leave it out")
    }
    if input.type == .nothing, context.isKnown("what") { _ = try chosen(context) }
    return .table([
      .init("kind", .text), .init("law", .text), .init("holds", .flag), .init("says", .text), .init("seen", .text),
    ])
  }

  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    var rows: [Row] = []
    if case .neuron(let neuron) = input {
      rows = try Verification(context).laws(of: neuron).rows("neuron \(neuron.kind)")
    } else {
      for kind in try chosen(context) {
        try context.poll()
        context.surroundings.progress(kind)
        defer { context.surroundings.progress(nil) }
        rows += try Verification(context).laws(ofKind: kind).rows(kind)
      }
    }
    try context.poll()
    return .table(Self.table(rows))
  }

  /// The kinds that are meant, as `neuron lif`.
  private func chosen(_ context: Context) throws -> [String] {
    let families = ["neurons": "neuron", "codes": "encode", "trainers": "train"]
    let all = ["neuron", "encode", "train"].flatMap { family in
      context.registry.kinds(of: family).map { "\(family) \($0)" }
    }
    if what.isEmpty { return all }
    let met = all.filter { kind in
      let words = kind.split(separator: " ").map(String.init)
      return words[0] == families[what] ?? "" || words[1] == what
    }
    if !met.isEmpty { return met }
    let words = families.keys + all.map { String($0.split(separator: " ")[1]) }
    throw Diagnostic(
      "name.choice", "'\(what)' is no neuron, code or trainer",
      help: Spelling.nearest(to: what, among: words).map { "did you mean '\($0)'?" })
  }

  typealias Row = (kind: String, verdict: Laws.Verdict)

  private static func table(_ rows: [Row]) -> Table {
    Table([
      Table.Column("kind", texts: rows.map(\.kind)), Table.Column("law", texts: rows.map(\.verdict.law.name)),
      Table.Column("holds", rows.map { .flag($0.verdict.seen.isEmpty) }),
      Table.Column("says", texts: rows.map(\.verdict.law.statement)),
      Table.Column("seen", texts: rows.map { summary($0.verdict.seen) }),
    ])
  }
  /// The first thing seen, and how many more there were.
  private static func summary(_ seen: [String]) -> String {
    guard let first = seen.first else { return "" }
    return seen.count > 1 ? "\(first), and \(seen.count - 1) more" : first
  }
}

extension Laws {
  fileprivate func rows(_ kind: String) -> [Verify.Row] { verdicts.map { (kind, $0) } }
}

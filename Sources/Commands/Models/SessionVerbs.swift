internal import Engine
internal import Language
internal import Spiking

/// `names`: everything bound.
struct Names: Command {
  static let accepts: [ValueType] = [.nothing], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual("names", "Lists everything that is bound.", examples: ["let n = 3; names"])
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    .table([.init("name", .text), .init("type", .text), .init("value", .text)])
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    if context.names.isEmpty {
      context.notes.add("names.none", "nothing is bound yet", help: "bind something, as in: let digits = data glyphs")
    }
    return .table(
      Table([
        Table.Column("name", texts: context.names.map(\.name)),
        Table.Column(
          "type",
          texts: context.names.map { $0.summary.hasPrefix("function") ? "function" : $0.facts.type?.rawValue ?? "" }),
        Table.Column("value", texts: context.names.map(\.summary)),
      ]))
  }
}
/// `recipe`: the lines that made a value.
struct RecipeOf: Command {
  static let accepts: [ValueType] = ValueType.allCases.filter { $0 != .nothing }, gives: [ValueType] = [.text],
    isMeasuring = true
  static let manual = Manual(
    "recipe", "Prints the lines, seed and version that made a value; running them gives the same bits.",
    examples: ["set seed 7\nneuron lif | drive noise for=100ms | recipe"])
  func check(_ input: Facts, _ context: Context) throws -> Facts { .text }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let lines = context.recipe?.lines ?? ["# how this was made is not known"]
    return .text((["# soma \(Version.current)"] + lines).joined(separator: "\n"))
  }
}

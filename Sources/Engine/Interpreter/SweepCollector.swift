internal import Language
internal import Plotting
internal import Spiking

/// Puts the values of a sweep's body together: numbers, reports and tables into a table, anything else into a list.
struct SweepCollector {
  let names: [String]
  private var rows: [([Item], Item)] = []
  var count: Int { rows.count }

  init(names: [String]) { self.names = names }
  mutating func add(_ combination: [Item], _ value: Item) { rows.append((combination, value)) }

  func result(recipe: Recipe?) -> Item {
    guard rows.allSatisfy({ $0.1.content != nil }) else { return Item(facts: facts) }
    let tables = rows.compactMap { table($0.1) }
    guard tables.count == rows.count, !rows.isEmpty else {
      return Item(.list(rows.map { labelled($0.1, $0.0) }), recipe: recipe)
    }
    let wide = zip(rows, tables).map { row, table in
      Table(swept(row.0, rows: table.rowCount) + table.columns.filter { !names.contains($0.name) })
    }
    return Item(.table(Table(stacking: wide)), recipe: recipe)
  }
  private func table(_ item: Item) -> Table? {
    switch item.content {
    case .report(let report)?: report.table
    case .table(let table)?: table
    case .number(let quantity)?: Table([Table.Column("value", [quantity.value], dimension: quantity.dimension)])
    case .text(let text)?: Table([Table.Column("value", texts: [text])])
    case .flag(let flag)?: Table([Table.Column("value", [.flag(flag)])])
    default: nil
    }
  }
  private func swept(_ combination: [Item], rows: Int) -> [Table.Column] {
    zip(names, combination).map { name, item in
      let dimension = if case .number(let quantity)? = item.content { quantity.dimension } else { Dimension.none }
      let cell =
        item.content.flatMap { Cell($0) }
        ?? .text(item.value?.recipe?.lines.last ?? Presentation.summary(item.content ?? .nothing))
      return Table.Column(name, Array(repeating: cell, count: rows), dimension: dimension)
    }
  }
  /// A figure's default label is its swept values.
  private func labelled(_ item: Item, _ combination: [Item]) -> Value.Content {
    guard case .figure(var figure)? = item.content else { return item.content ?? .nothing }
    if figure.label.isEmpty {
      figure.label = combination.compactMap { $0.content.map { Presentation.inline($0, digits: 4) } }.joined(
        separator: ", ")
    }
    return .figure(figure)
  }
  private var facts: Facts {
    guard let first = rows.first else { return .unknown }
    let swept = zip(names, first.0).map { Facts.Field($0, $1.facts) }
    switch first.1.facts {
    case .report(let fields), .table(let fields):
      return .table(fields.map { swept + $0.filter { field in !names.contains(field.name) } })
    case .number, .text, .flag: return .table(swept + [Facts.Field("value", first.1.facts)])
    case .unknown: return .unknown
    default: return .list(first.1.facts)
    }
  }
}

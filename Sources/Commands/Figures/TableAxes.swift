internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// The unit in which an axis shows a dimension: milliseconds for times, and so on.
struct AxisUnit {
  var symbol: String, factor: Double
  init(_ dimension: Dimension) {
    guard dimension != .none, let unit = Unit.usual(for: dimension) else {
      (symbol, factor) = (dimension.symbol, 1)
      return
    }
    (symbol, factor) = (unit.symbol, unit.factor)
  }
}

/// Columns of a table sorted into curves.
struct TableAxes {
  struct Curve { var x: [Double], y: [Double], errors: [Double], label: String }
  var curves: [Curve] = [], x: Axis, y: Axis

  static func settings<P: Plot>(
    x: any WritableKeyPath<P, String> & Sendable, y: any WritableKeyPath<P, [String]> & Sendable,
    group: any WritableKeyPath<P, String> & Sendable
  ) -> [Setting<P>] {
    [
      Setting("x", x, "Column along the horizontal axis; the first one by default.", form: .column),
      Setting("y", y, "Columns drawn; the last one by default.", form: .list(.column)),
      Setting("group", group, "Column that tells the curves apart.", form: .column),
    ]
  }

  init(_ table: Table, x: String, y: [String], group: String) throws {
    let across = try x.isEmpty ? table.firstColumn() : table.column(x)
    let names = y.isEmpty ? [table.lastNumeric ?? ""] : y
    let xUnit = AxisUnit(across.dimension), yUnit = AxisUnit(try table.column(names[0]).dimension)
    let categories = across.isNumeric ? [] : across.distinct.map { Presentation.cell($0, .none, digits: 4) }
    let positions = across.cells.map { cell -> Double in
      guard !across.isNumeric else { return (cell.number ?? .nan) / xUnit.factor }
      return Double(categories.firstIndex(of: Presentation.cell(cell, .none, digits: 4)) ?? 0)
    }
    let groups = try group.isEmpty ? [nil] : table.column(group).distinct.map(Optional.some)
    for name in names {
      let values = try table.numbers(name), errors = table["\(name)_sd"].map { $0.cells.map { $0.number ?? .nan } }
      for value in groups {
        let rows =
          try value.map { value in try table.column(group).cells.indices.filter { table[group]?.cells[$0] == value } }
          ?? Array(values.indices)
        let order = rows.sorted { positions[$0] < positions[$1] }
        curves.append(
          Curve(
            x: order.map { positions[$0] }, y: order.map { values[$0] / yUnit.factor },
            errors: errors.map { e in order.map { e[$0] / yUnit.factor } } ?? [],
            label: Self.label(value, group, table, name, isOnly: names.count == 1)))
      }
    }
    let isWhole = across.isNumeric && positions.allSatisfy { $0.isFinite && $0 == $0.rounded() }
    self.x = Axis(across.name, unit: xUnit.symbol, categories: categories, wholeNumbers: isWhole)
    let spread = curves.contains { !$0.errors.isEmpty } ? " (mean ± sd)" : ""
    self.y = Axis(names.count <= 3 ? names.joined(separator: ", ") + spread : "", unit: yUnit.symbol)
  }
  private static func label(_ value: Cell?, _ group: String, _ table: Table, _ name: String, isOnly: Bool) -> String {
    let shown = value.map { cell -> String in
      let text = Presentation.cell(cell, table[group]?.dimension ?? .none, digits: 4)
      return cell.number == nil ? text : "\(group) \(text)"
    }
    return ([isOnly && shown != nil ? nil : isOnly ? "" : name, shown].compactMap { $0 }).joined(separator: ", ")
  }
  func panel(_ mark: (Curve) -> Mark) -> Panel { Panel(x: x, y: y, marks: curves.map(mark)) }
}

extension Table {
  var lastNumeric: String? {
    columns.last { $0.isNumeric && !$0.name.hasSuffix("_sd") && $0.name != "count" }?.name ?? columns.last?.name
  }
  func firstColumn() throws -> Column {
    guard let first = columns.first else { throw Diagnostic("table.empty", "the table has no columns") }
    return first
  }
}
extension Table.Column {
  /// The values that occur, numbers in order, texts as they come.
  var distinct: [Cell] {
    var seen: Set<Cell> = []
    let values = cells.filter { seen.insert($0).inserted }
    return isNumeric ? values.sorted { $0.precedes($1) } : values
  }
}
extension Value.Content {
  /// The numbers of a list, nested ones included.
  func numbers() throws -> [Double] {
    switch self {
    case .number(let quantity): return [quantity.value]
    case .list(let items): return try items.flatMap { try $0.numbers() }
    case .range(let ladder): return ladder.values
    default: throw Diagnostic("types.number", "a list of numbers is needed, not \(type.noun)")
    }
  }
}

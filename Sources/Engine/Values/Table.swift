public import Spiking

/// One entry of a table or report.
public enum Cell: Sendable, Hashable {
  case number(Double), text(String), flag(Bool), missing

  public var number: Double? { if case .number(let x) = self { x } else { nil } }
}

/// Named columns of equal length.
public struct Table: Sendable, Hashable {
  public struct Column: Sendable, Hashable {
    public var name: String, dimension: Dimension, cells: [Cell]
    public init(_ name: String, _ cells: [Cell], dimension: Dimension = .none) {
      (self.name, self.dimension, self.cells) = (name, dimension, cells)
    }
    public init(_ name: String, _ numbers: [Double], dimension: Dimension = .none) {
      self.init(name, numbers.map { $0.isNaN ? .missing : .number($0) }, dimension: dimension)
    }
    public init(_ name: String, texts: [String]) { self.init(name, texts.map(Cell.text)) }
    public init(_ name: String, counts: [Int]) { self.init(name, counts.map { Cell.number(Double($0)) }) }
    public var isNumeric: Bool {
      cells.allSatisfy { if case .text = $0 { false } else if case .flag = $0 { false } else { true } }
    }
    public func picking(_ rows: [Int]) -> Column {
      Column(name, rows.map { cells[$0] }, dimension: dimension)
    }
  }
  public var columns: [Column]
  public init(_ columns: [Column]) { self.columns = columns }

  public var rowCount: Int { columns.first?.cells.count ?? 0 }
  public subscript(name: String) -> Column? { columns.first { $0.name == name } }
  public func picking(_ rows: [Int]) -> Table { Table(columns.map { $0.picking(rows) }) }
  /// One row as a report.
  public func report(row: Int, title: String = "report") -> Report {
    Report(title, columns.map { Report.Field($0.name, $0.cells[row], dimension: $0.dimension) })
  }

  /// Rows of reports with the same fields, or with gaps where one lacks a field.
  public init(reports: [Report]) {
    var names: [String] = []
    for report in reports { for field in report.fields where !names.contains(field.name) { names.append(field.name) } }
    self.init(
      names.map { name in
        let fields = reports.map { $0[name] }
        return Column(
          name, fields.map { $0?.cell ?? .missing }, dimension: fields.compactMap { $0?.dimension }.first ?? .none)
      })
  }
  /// Tables below each other, with gaps where one lacks a column.
  public init(stacking tables: [Table]) {
    var names: [String] = []
    for table in tables { for column in table.columns where !names.contains(column.name) { names.append(column.name) } }
    self.init(
      names.map { name in
        let cells = tables.flatMap { $0[name]?.cells ?? Array(repeating: .missing, count: $0.rowCount) }
        return Column(name, cells, dimension: tables.compactMap { $0[name]?.dimension }.first ?? .none)
      })
  }
}

/// One row of named values.
public struct Report: Sendable, Hashable {
  public struct Field: Sendable, Hashable {
    public var name: String, cell: Cell, dimension: Dimension
    public init(_ name: String, _ cell: Cell, dimension: Dimension = .none) {
      (self.name, self.cell, self.dimension) = (name, cell, dimension)
    }
    public init(_ name: String, _ number: Double, dimension: Dimension = .none) {
      self.init(name, number.isNaN ? .missing : .number(number), dimension: dimension)
    }
  }
  public var title: String, fields: [Field]
  public init(_ title: String, _ fields: [Field]) { (self.title, self.fields) = (title, fields) }
  public subscript(name: String) -> Field? { fields.first { $0.name == name } }
  public var table: Table { Table(fields.map { Table.Column($0.name, [$0.cell], dimension: $0.dimension) }) }
}

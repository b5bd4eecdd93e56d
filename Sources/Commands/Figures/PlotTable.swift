internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot line x=c y=c group=c`: columns of a table as lines, with error bars where `y_sd` exists.
struct PlotLine: Plot {
  var x = "", y: [String] = [], group = "", frame = PlotFrame()
  static let accepts: [ValueType] = [.table], isDefault: [ValueType] = [.table]
  static let manual = Manual(
    "plot line", "Draws columns of a table as lines.",
    details:
      "Several y draw several lines, group draws one for each value of a column, and a column y_sd gives error bars.",
    examples: ["sweep n 1..9 { n * n } | plot line x=n y=value"])
  static let plotSettings: [Setting<Self>] = TableAxes.settings(x: \.x, y: \.y, group: \.group)
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let axes = try TableAxes(input.table(), x: x, y: y, group: group)
    return Figure(
      axes.panel {
        Mark.line(x: $0.x, y: $0.y, label: $0.label, errors: $0.errors, marker: $0.x.count <= 40 ? .circle : nil)
      })
  }
}
/// `plot scatter x=c y=c group=c`: rows of a table as points.
struct PlotScatter: Plot {
  var x = "", y: [String] = [], group = "", frame = PlotFrame()
  static let accepts: [ValueType] = [.table]
  static let manual = Manual(
    "plot scatter", "Draws rows of a table as points.", examples: ["sweep n 1..9 { sin(n) } | plot scatter x=n y=value"]
  )
  static let plotSettings: [Setting<Self>] = TableAxes.settings(x: \.x, y: \.y, group: \.group)
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let axes = try TableAxes(input.table(), x: x, y: y, group: group)
    return Figure(axes.panel { Mark.scatter(x: $0.x, y: $0.y, label: $0.label, errors: $0.errors) })
  }
}
/// `plot bars x=c y=c`: one bar, or one group of bars, for each row.
struct PlotBars: Plot {
  var x = "", y: [String] = [], frame = PlotFrame()
  static let accepts: [ValueType] = [.table]
  static let manual = Manual(
    "plot bars", "Draws one bar for each row of a table.", examples: ["sweep n 1..5 { n * n } | plot bars x=n y=value"])
  static let plotSettings: [Setting<Self>] = [
    Setting("x", \.x, "Column with the names of the bars; the first one by default.", form: .column),
    Setting("y", \.y, "Columns with their heights; the last one by default.", form: .list(.column)),
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let table = try input.table()
    let names = try x.isEmpty ? table.firstColumn() : table.column(x)
    let heights = y.isEmpty ? [table.lastNumeric ?? ""] : y
    let groups = try heights.map { name in
      Bars.Group(
        values: try table.numbers(name), label: heights.count > 1 ? name : "",
        errors: table["\(name)_sd"].map { $0.cells.map { $0.number ?? .nan } } ?? [])
    }
    let categories = names.cells.map { Presentation.cell($0, names.dimension, digits: 4) }
    return Figure(
      Panel(
        x: Axis(names.name, categories: categories), y: Axis(heights.count == 1 ? heights[0] : ""),
        marks: [.bars(Bars(groups))]))
  }
}
/// `plot histogram`: how often values of a column occur.
struct PlotTableHistogram: Plot {
  var x = "", bins = 20, frame = PlotFrame()
  static let accepts: [ValueType] = [.table, .list]
  static let isDefault: [ValueType] = [.list]
  static let manual = Manual(
    "plot histogram", "Shows how often values occur.", examples: ["sweep n 1..200 { sin(n) } | plot histogram x=value"])
  static let plotSettings: [Setting<Self>] = [
    Setting("x", \.x, "Column to count; the last one by default.", form: .column),
    Setting("bins", \.bins, "Number of intervals.", in: 1...10_000),
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    var name = "value", unit = AxisUnit(.none)
    let numbers: [Double]
    if case .list = input {
      numbers = try input.numbers()
    } else {
      let table = try input.table()
      name = x.isEmpty ? table.lastNumeric ?? "" : x
      unit = AxisUnit(try table.column(name).dimension)
      numbers = try table.numbers(name).map { $0 / unit.factor }
    }
    return Figure(
      Panel(x: Axis(name, unit: unit.symbol), y: Axis("count"), marks: [.histogram(Histogram(of: numbers, bins: bins))])
    )
  }
}
/// `plot heatmap x=c y=c value=c`: a value over two columns, as colours.
struct PlotHeatmap: Plot {
  var x = "", y = "", value = "", frame = PlotFrame()
  static let accepts: [ValueType] = [.table]
  static let manual = Manual(
    "plot heatmap", "Shows a value over two columns as colours.",
    examples: ["sweep a 1..4 b 1..3 { a * b } | plot heatmap x=a y=b value=value"])
  static let plotSettings: [Setting<Self>] = [
    Setting("x", \.x, "Column along the horizontal axis.", form: .column, required: true),
    Setting("y", \.y, "Column along the vertical axis.", form: .column, required: true),
    Setting("value", \.value, "Column shown as colour; the last one by default.", form: .column),
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let table = try input.table(), across = try table.column(x), up = try table.column(y)
    let name = value.isEmpty ? table.lastNumeric ?? "" : value
    let numbers = try table.numbers(name)
    let columns = across.distinct, rows = up.distinct
    var values = [Double](repeating: .nan, count: columns.count * rows.count)
    for row in numbers.indices {
      guard let c = columns.firstIndex(of: across.cells[row]), let r = rows.firstIndex(of: up.cells[row]) else {
        continue
      }
      values[r * columns.count + c] = numbers[row]
    }
    let names = { (cells: [Cell], dimension: Dimension) in cells.map { Presentation.cell($0, dimension, digits: 4) } }
    let matrix = Matrix(rows: rows.count, columns: columns.count, values: values, label: name)
    return Figure(
      Panel(
        x: Axis(x, categories: names(columns, across.dimension)), y: Axis(y, categories: names(rows, up.dimension)),
        marks: [.matrix(matrix)]))
  }
}

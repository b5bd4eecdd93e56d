internal import Language
internal import Spiking

extension Interpreter {
  // MARK: Functions

  func apply(_ defined: DefinedFunction, _ call: Call, input: Item?) throws -> Item {
    let function = defined.function, name = call.name.text
    guard !activeFunctions.contains(name) else { throw fail(EngineMessages.recursion(name, call.name.span)) }
    guard activeFunctions.count < 100 else { throw fail(EngineMessages.callDepth(name, call.name.span)) }
    if input != nil, !defined.takesInput { throw fail(EngineMessages.functionTakesNothing(name, call.name.span)) }
    if input == nil, defined.takesInput { throw fail(EngineMessages.functionNeedsInput(name, call.name.span)) }
    if call.block != nil { throw fail(EngineMessages.noBlock(name, call.span)) }
    var names = try parameters(function, call)
    activeFunctions.append(name)
    let (outer, outerColumns) = (source, columns)
    source = defined.source
    columns = nil
    defer {
      activeFunctions.removeLast()
      source = outer
      columns = outerColumns
    }
    do {
      for parameter in function.parameters where names[parameter.name.text] == nil {
        if let preset = parameter.preset { names[parameter.name.text] = try wordOrValue(preset) }
      }
      let result = try value(of: function.body, names, flow: input)
      definitions.append(defined.text)
      return result
    } catch var failure as Failure {
      failure.diagnostic.notes.append(
        "in '\(name)', called at \(outer.name):\(outer.position(of: call.span.start).line)")
      throw failure
    }
  }
  private func parameters(_ function: Function, _ call: Call) throws -> [String: Item] {
    var names: [String: Item] = [:]
    var free = function.parameters.map(\.name.text)[...]
    for argument in call.arguments {
      if let name = argument.name {
        guard function.parameters.contains(where: { $0.name.text == name.text }) else {
          throw fail(
            EngineMessages.unknownSetting(
              name.text, command: call.name.text, known: function.parameters.map(\.name.text), name.span))
        }
        if names[name.text] != nil { throw fail(EngineMessages.givenTwice(name.text, name.span)) }
        free.removeAll { $0 == name.text }
        names[name.text] = try wordOrValue(argument.value)
      } else if let name = free.popFirst() {
        names[name] = try wordOrValue(argument.value)
      } else {
        throw fail(
          EngineMessages.extraArgument(
            text(argument.span), command: call.name.text, positional: function.parameters.map(\.name.text),
            argument.span))
      }
    }
    for name in free where function.parameters.first(where: { $0.name.text == name })?.preset == nil {
      throw fail(EngineMessages.missingSetting(name, command: call.name.text, form: .value("value"), call.name.span))
    }
    return names
  }
  /// An argument of a function of one's own: a word that nothing is bound to stands for itself.
  private func wordOrValue(_ expression: Expression) throws -> Item {
    if case .word(let word) = expression.kind, try resolve(word, expression.span) == nil,
      !["true", "false", "inf", "pi"].contains(word)
    {
      return Item(.text(word), recipe: Recipe(stage: "\"\(word)\""))
    }
    var item = try evaluate(expression)
    item.span = nil
    return item
  }

  /// The value of a block: that of its last line, with names of its own.
  func value(of block: Block, _ names: [String: Item], flow: Item?) throws -> Item {
    guard let last = block.lines.last else { throw fail(EngineMessages.emptyBlock(block.span)) }
    return try inScope(names, flow: flow) {
      for line in block.lines.dropLast() { try needing(.nothing) { try perform(line) } }
      switch last.statement {
      case .pipeline(let pipeline): return try needing(.oneType) { try evaluate(pipeline).result }
      case .bind(let name, let pipeline):
        let result = try needing(.value) { try evaluate(pipeline).result }
        try bind(name, result)
        return result
      case .defineNeuron(let definition): return try define(definition)
      case .set: throw fail(EngineMessages.setInBlock("block that gives a value", last.span))
      case .loop:
        try perform(last)
        return Item(.nothing)
      case .define, .help, .example, .forget, .undo, .redo, .quit:
        throw fail(
          EngineMessages.statementInBlock(text(last.span).split(separator: " ").first.map(String.init) ?? "", last.span)
        )
      }
    }
  }

  // MARK: Sweeps

  func sweep(_ variables: [(Name, Expression)], _ block: Block, input: Item?) throws -> Item {
    for (name, _) in variables { try refuseVerb(name) }
    let values = try variables.map { try items(of: $0.1) }
    let total = try combinations(values, block)
    var collector = SweepCollector(names: variables.map(\.0.text))
    do {
      try combine(values, total: total) { combination in
        let names = Dictionary(uniqueKeysWithValues: zip(variables.map(\.0.text), combination))
        let kept = columns
        columns = nil
        defer { columns = kept }
        do {
          collector.add(combination, try value(of: block, names, flow: input))
        } catch var failure as Failure {
          failure.diagnostic.notes.append("in the sweep at \(Self.written(zip(variables.map(\.0.text), combination)))")
          throw failure
        }
        if !isChecking {
          surroundings.progress("sweep \(collector.count) of \(total)")
          if surroundings.isInterrupted() { throw Interrupted() }
        }
      }
    } catch {
      surroundings.progress(nil)
      if !isChecking, collector.count > 0 { remember(collector.result(recipe: nil), as: nil) }
      throw error
    }
    if !isChecking { surroundings.progress(nil) }
    return collector.result(recipe: nil)
  }
  /// "n=3, theta=0.5ms"
  private static func written(_ values: some Sequence<(String, Item)>) -> String {
    values.map { name, item in "\(name)=\(item.content.map { Presentation.inline($0, digits: 6) } ?? "…")" }
      .joined(separator: ", ")
  }
  private func combinations(_ values: [LoopItems], _ block: Block) throws -> Int {
    var total = 1
    for list in values {
      let (product, overflow) = total.multipliedReportingOverflow(by: list.count)
      guard !overflow else { throw fail(EngineMessages.rangeTooLong(block.span)) }
      total = product
    }
    return total
  }
  private func combine(_ values: [LoopItems], total: Int, _ body: ([Item]) throws -> Void) throws {
    let limit = isChecking ? min(total, 256) : total
    for number in 0..<limit {
      var rest = number, combination: [Item] = []
      for list in values.reversed() {
        combination.append(list.at(rest % list.count))
        rest /= list.count
      }
      try body(combination.reversed())
    }
  }

  // MARK: Columns and fields in formulas

  func withColumns<R>(of input: Item?, _ body: () throws -> R) throws -> R {
    let kept = columns
    defer { columns = kept }
    switch input?.content {
    case .report(let report)?:
      columns = (
        Dictionary(
          report.fields.map { ($0.name, Item(Value.Content($0.cell, $0.dimension))) }, uniquingKeysWith: { $1 }),
        "report"
      )
    case .table(let table)?:
      let lists = table.columns.map { c in (c.name, Item(.list(c.cells.map { Value.Content($0, c.dimension) }))) }
      columns = (Dictionary(lists, uniquingKeysWith: { $1 }), "table")
    case _?: break
    case nil:
      switch input?.facts {
      case .report(let fields)?: columns = (fields.map(Self.items), "report")
      case .table(let fields)?:
        columns = (
          fields.map { Dictionary($0.map { ($0.name, Item(facts: .list($0.facts))) }, uniquingKeysWith: { $1 }) },
          "table"
        )
      default: break
      }
    }
    return try body()
  }
  static func items(_ fields: [Facts.Field]) -> [String: Item] {
    Dictionary(fields.map { ($0.name, Item(facts: $0.facts)) }, uniquingKeysWith: { $1 })
  }
  /// Runs `body` for one row, whose cells come before bound names.
  func withRow<R>(_ row: [String: Item]?, _ container: String, _ body: () throws -> R) rethrows -> R {
    let kept = columns
    columns = (row, container)
    defer { columns = kept }
    return try body()
  }
  private func row(_ table: Table, _ index: Int) -> [String: Item] {
    Dictionary(
      table.columns.map { ($0.name, Item(Value.Content($0.cells[index], $0.dimension))) }, uniquingKeysWith: { $1 })
  }

  func filter(_ formula: Expression, input: Item?, _ before: Span?, _ span: Span) throws -> Item {
    guard let input else { throw fail(EngineMessages.needsInput("where", [.table, .dataset], span)) }
    switch (input.content, input.facts) {
    case (.table(let table)?, _):
      var rows: [Int] = []
      for index in 0..<table.rowCount where try holds(formula, row(table, index), "table") { rows.append(index) }
      if table.rowCount == 0 { _ = try withRow(Self.items(facts(of: table)), "table") { try evaluate(formula) } }
      return Item(.table(table.picking(rows)))
    case (.dataset(let data)?, _):
      let left = try data.filtered { index, label, part in
        try holds(formula, Self.sampleRow(index, label, part), "dataset")
      }
      guard left.count > 0 else { throw fail(EngineMessages.nothingLeft(data.name, formula.span)) }
      return Item(.dataset(left))
    case (nil, .table(let fields)):
      try requireFlag(try withRow(fields.map(Self.items), "table") { try evaluate(formula) }, formula.span)
      return input
    case (nil, .dataset):
      let row = Self.items([Facts.Field("index"), Facts.Field("label"), Facts.Field("part", .text)])
      try requireFlag(try withRow(row, "dataset") { try evaluate(formula) }, formula.span)
      return input
    case (nil, .unknown): return Item(facts: .unknown)
    default:
      throw fail(
        EngineMessages.wrongInput(
          tableVerb("where", [.table, .dataset]), previous: self.before(before), gives: input.type ?? .nothing, span))
    }
  }
  private func facts(of table: Table) -> [Facts.Field] {
    table.columns.map { Facts.Field($0.name, .number($0.dimension)) }
  }
  private static func sampleRow(_ index: Int, _ label: Int, _ part: Part) -> [String: Item] {
    [
      "index": Item(.number(Quantity(Double(index)))), "label": Item(.number(Quantity(Double(label)))),
      "part": Item(.text(part.rawValue)),
    ]
  }
  private func holds(_ formula: Expression, _ row: [String: Item], _ container: String) throws -> Bool {
    let item = try withRow(row, container) { try evaluate(formula) }
    guard case .flag(let flag)? = item.content else {
      throw fail(EngineMessages.notAFlag(text(formula.span), item.type, formula.span))
    }
    return flag
  }
  private func tableVerb(_ name: String, _ accepts: [ValueType]) -> CommandDeclaration {
    CommandDeclaration(manual: Manual(name, ""), settings: [], accepts: accepts, gives: accepts) {
      (_) throws(SettingProblem) in
      throw SettingProblem(name, .missing)
    }
  }

  func derive(_ name: Name, _ formula: Expression, input: Item?, _ before: Span?, _ span: Span) throws -> Item {
    guard let input else { throw fail(EngineMessages.needsInput("derive", [.table], span)) }
    switch (input.content, input.facts) {
    case (.table(var table)?, _):
      var cells: [Cell] = [], dimension = Dimension.none
      for index in 0..<table.rowCount {
        let item = try withRow(row(table, index), "table") { try evaluate(formula) }
        guard let content = item.content, let cell = Cell(content) else {
          throw fail(EngineMessages.notANumber(text(formula.span), item.type, formula.span))
        }
        if case .number(let quantity) = content { dimension = quantity.dimension }
        cells.append(cell)
      }
      let column = Table.Column(name.text, cells, dimension: dimension)
      if let place = table.columns.firstIndex(where: { $0.name == name.text }) {
        table.columns[place] = column
      } else {
        table.columns.append(column)
      }
      return Item(.table(table))
    case (nil, .table(let fields)):
      let item = try withRow(fields.map(Self.items), "table") { try evaluate(formula) }
      return Item(
        facts: .table(fields.map { $0.filter { $0.name != name.text } + [Facts.Field(name.text, item.facts)] }))
    case (nil, .unknown): return Item(facts: .unknown)
    default:
      throw fail(
        EngineMessages.wrongInput(
          tableVerb("derive", [.table]), previous: self.before(before), gives: input.type ?? .nothing, span))
    }
  }
}

extension Cell {
  init?(_ content: Value.Content) {
    switch content {
    case .number(let quantity): self = quantity.value.isNaN ? .missing : .number(quantity.value)
    case .text(let text): self = .text(text)
    case .flag(let flag): self = .flag(flag)
    default: return nil
    }
  }
}

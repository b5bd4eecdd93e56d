internal import Language
internal import Spiking

extension Interpreter {
  /// Evaluates an expression to a value or, where it has none yet, to its facts.
  func evaluate(_ expression: Expression) throws -> Item {
    switch expression.kind {
    case .number(let value, let unit):
      guard let unit else { return literal(.number(Quantity(value)), expression) }
      guard let known = Unit(unit) else { throw fail(EngineMessages.unknownUnit(unit, expression.span)) }
      return literal(.number(Quantity(value, known)), expression)
    case .text(let pieces): return try interpolate(pieces, expression)
    case .word(let word): return try named(word, expression.span)
    case .call(let function, let arguments): return try apply(function, arguments, expression.span)
    case .list(let items): return try list(items, expression)
    case .range(let first, let last, let step): return try range(first, last, step, expression.span)
    case .pipeline(let pipeline): return try nestedPipeline(pipeline)
    case .negate(let operand): return try negate(operand, expression.span)
    case .not(let operand):
      let item = try evaluate(operand)
      try requireFlag(item, operand.span)
      guard case .flag(let flag)? = item.content else { return Item(facts: .flag) }
      return Item(.flag(!flag))
    case .binary(let op, let left, let right): return try binary(op, left, right, expression.span)
    }
  }
  private func literal(_ content: Value.Content, _ expression: Expression) -> Item {
    Item(content, recipe: Recipe(stage: text(expression.span)))
  }
  private func nestedPipeline(_ pipeline: Pipeline) throws -> Item {
    let kept = quietDepth
    quietDepth += 1
    defer { quietDepth = kept }
    return try needing(.value) { try evaluate(pipeline).result }
  }

  // MARK: Names

  private func named(_ word: String, _ span: Span) throws -> Item {
    switch word {
    case "true", "false": return Item(.flag(word == "true"))
    case "inf": return Item(.number(Quantity(.infinity)))
    case "pi": return Item(.number(Quantity(.pi)))
    default: break
    }
    if let item = try resolve(word, span) { return item }
    if let columns, columns.names == nil { return Item(facts: .unknown) }
    if let columns, let names = columns.names {
      throw fail(EngineMessages.unknownColumn(word, known: names.keys.sorted(), container: columns.container, span))
    }
    throw fail(unknown(Name(word, span)))
  }
  /// A column, a bound name, or a field of one; nil where nothing has that name.
  func resolve(_ word: String, _ span: Span) throws -> Item? {
    if let item = columns?.names?[word] { return item }
    if let item = lookUp(word) { return item }
    guard let dot = word.firstIndex(of: "."), dot != word.startIndex else { return nil }
    let name = String(word[..<dot]), field = String(word[word.index(after: dot)...])
    guard let owner = lookUp(name) else { return nil }
    return try self.field(field, of: owner, name, span)
  }
  private func field(_ field: String, of owner: Item, _ name: String, _ span: Span) throws -> Item {
    func missing(_ known: [String]) -> Failure {
      fail(EngineMessages.unknownField(field, of: name, known: known, span))
    }
    switch owner.content {
    case .report(let report)?:
      guard let entry = report[field] else { throw missing(report.fields.map(\.name)) }
      return Item(Value.Content(entry.cell, entry.dimension))
    case .table(let table)?:
      guard let column = table[field] else { throw missing(table.columns.map(\.name)) }
      return Item(.list(column.cells.map { Value.Content($0, column.dimension) }))
    case .neuron(let neuron)?:
      let settings = (neuron as? any Declared)?.currentSettings ?? (neuron as? any RunTimeNeuron)?.currentSettings ?? []
      guard let setting = settings.first(where: { $0.name == field }) else { throw missing(settings.map(\.name)) }
      return Item(Value.Content(setting.argument))
    case _?: throw missing([])
    case nil: break
    }
    switch owner.facts {
    case .report(let fields?):
      guard let known = fields.first(where: { $0.name == field }) else { throw missing(fields.map(\.name)) }
      return Item(facts: known.facts)
    case .table(let fields?):
      guard let known = fields.first(where: { $0.name == field }) else { throw missing(fields.map(\.name)) }
      return Item(facts: .list(known.facts))
    case .table(nil): return Item(facts: .list(.unknown))
    case .report(nil), .unknown, .neuron: return Item(facts: .unknown)
    default: throw missing([])
    }
  }

  // MARK: Texts, lists, ranges

  private func interpolate(_ pieces: [Expression.Piece], _ expression: Expression) throws -> Item {
    var result = "", isKnown = true
    for piece in pieces {
      switch piece {
      case .literal(let text): result += text
      case .formula(let formula):
        let item = try evaluate(formula)
        if let content = item.content {
          result += Presentation.inline(content, digits: state.settings.precision)
        } else {
          isKnown = false
        }
      }
    }
    return isKnown ? literal(.text(result), expression) : Item(facts: .text)
  }

  private func list(_ items: [Expression], _ expression: Expression) throws -> Item {
    var contents: [Value.Content] = [], facts: Facts = .unknown, isKnown = true
    for item in items {
      let value: Item
      if case .word(let word) = item.kind, try resolve(word, item.span) == nil,
        !["true", "false", "inf", "pi"].contains(word)
      {
        value = Item(.text(word))
      } else {
        value = try evaluate(item)
      }
      if case .range(let ladder)? = value.content {
        guard !isChecking || ladder.count <= 10_000 else {
          isKnown = false
          facts = .number(ladder.dimension)
          continue
        }
        for place in 0..<min(ladder.count, Ladder.limit) {
          contents.append(.number(ladder.quantity(place)))
          try poll(place)
        }
      } else if let content = value.content {
        contents.append(content)
      } else {
        isKnown = false
      }
      facts = value.facts
      if let first = contents.first, let last = contents.last, first.type != last.type {
        throw fail(EngineMessages.mixedList(first.type, last.type, item.span))
      }
      if contents.count > Ladder.limit { throw fail(EngineMessages.rangeTooLong(expression.span)) }
    }
    return isKnown ? literal(.list(contents), expression) : Item(facts: .list(facts))
  }

  private func range(_ first: Expression, _ last: Expression, _ step: Expression?, _ span: Span) throws -> Item {
    let items = try [first, last].map { try number($0) }
    let stepItem = try step.map { try number($0) }
    guard let a = items[0].quantity, let b = items[1].quantity else {
      return Item(facts: .range(items[0].dimension ?? .none))
    }
    if let stepItem, stepItem.quantity == nil { return Item(facts: .range(a.dimension)) }
    guard a.dimension == b.dimension else {
      throw fail(EngineMessages.operands("..", a.dimension.noun, b.dimension.noun, span))
    }
    var by = 1.0
    if let quantity = stepItem?.quantity {
      guard quantity.dimension == a.dimension else {
        throw fail(EngineMessages.operands("by", a.dimension.noun, quantity.dimension.noun, span))
      }
      by = quantity.value
    } else if a.dimension != .none || a.value != a.value.rounded() || b.value != b.value.rounded() {
      throw fail(EngineMessages.rangeNeedsStep(text(span), span))
    }
    let ladder = Ladder(first: a.value, last: b.value, step: by, dimension: a.dimension)
    guard ladder.count > 0 else { throw fail(EngineMessages.emptyRange(text(span), isDescending: step == nil, span)) }
    guard ladder.count <= Ladder.limit else { throw fail(EngineMessages.rangeTooLong(span)) }
    return Item(.range(ladder), recipe: Recipe(stage: text(span)))
  }

  // MARK: Arithmetic

  /// A number with its dimension, or only the dimension, or nothing known.
  struct Numeric { var quantity: Quantity?, dimension: Dimension? }

  func number(_ expression: Expression) throws -> Numeric {
    let item = try evaluate(expression)
    if case .number(let quantity)? = item.content { return Numeric(quantity: quantity, dimension: quantity.dimension) }
    if case .number(let dimension) = item.facts { return Numeric(quantity: nil, dimension: dimension) }
    if case .unknown = item.facts { return Numeric(quantity: nil, dimension: nil) }
    throw fail(EngineMessages.notANumber(text(expression.span), item.type, expression.span))
  }
  func finite(_ value: Double, _ dimension: Dimension, from operands: [Double], _ span: Span) throws -> Item {
    if !value.isFinite, operands.allSatisfy(\.isFinite) { throw fail(EngineMessages.notFinite(text(span), span)) }
    if value.isNaN, !operands.contains(where: \.isNaN) { throw fail(EngineMessages.notFinite(text(span), span)) }
    return Item(.number(Quantity(value, dimension)))
  }

  private func negate(_ operand: Expression, _ span: Span) throws -> Item {
    let item = try number(operand)
    guard let quantity = item.quantity else { return Item(facts: item.dimension.map(Facts.number) ?? .unknown) }
    return Item(.number(Quantity(-quantity.value, quantity.dimension)), recipe: Recipe(stage: text(span)))
  }

  private func binary(_ op: Expression.Operator, _ left: Expression, _ right: Expression, _ span: Span) throws -> Item {
    switch op {
    case .and, .or: return try logical(op, left, right)
    case .equal, .unequal, .less, .lessEqual, .greater, .greaterEqual: return try compare(op, left, right, span)
    case .add, .subtract, .multiply, .divide, .power: return try arithmetic(op, left, right, span)
    }
  }

  private func logical(_ op: Expression.Operator, _ left: Expression, _ right: Expression) throws -> Item {
    let a = try evaluate(left)
    try requireFlag(a, left.span)
    if case .flag(let flag)? = a.content, flag == (op == .or), !isChecking { return Item(.flag(flag)) }
    let b = try evaluate(right)
    try requireFlag(b, right.span)
    guard case .flag(let x)? = a.content, case .flag(let y)? = b.content else { return Item(facts: .flag) }
    return Item(.flag(op == .or ? x || y : x && y))
  }

  private func arithmetic(_ op: Expression.Operator, _ left: Expression, _ right: Expression, _ span: Span) throws
    -> Item
  {
    let a = try number(left), b = try number(right)
    if op == .power { return try power(a, b, span) }
    guard let p = a.dimension, let q = b.dimension else { return Item(facts: .unknown) }
    let dimension: Dimension
    switch op {
    case .add, .subtract:
      guard p == q else { throw fail(EngineMessages.operands(op.rawValue, p.noun, q.noun, span)) }
      dimension = p
    case .multiply: dimension = p * q
    default: dimension = p / q
    }
    guard let x = a.quantity?.value, let y = b.quantity?.value else { return Item(facts: .number(dimension)) }
    let value =
      switch op {
      case .add: x + y
      case .subtract: x - y
      case .multiply: x * y
      default: x / y
      }
    return try finite(value, dimension, from: [x, y], span)
  }
  private func power(_ a: Numeric, _ b: Numeric, _ span: Span) throws -> Item {
    guard let p = a.dimension, let q = b.dimension else { return Item(facts: .unknown) }
    guard q == .none else { throw fail(EngineMessages.exponent(span)) }
    guard let x = a.quantity?.value, let y = b.quantity?.value else {
      return Item(facts: p == .none ? .number(.none) : .unknown)
    }
    guard p != .none else { return try finite(Mathematics.power(x, y), .none, from: [x, y], span) }
    guard let n = Int(exactly: y), abs(n) <= 100 else { throw fail(EngineMessages.exponent(span)) }
    return try finite(Mathematics.power(x, y), p.power(n), from: [x, y], span)
  }

  // MARK: Comparison

  private func compare(_ op: Expression.Operator, _ left: Expression, _ right: Expression, _ span: Span) throws -> Item
  {
    let (a, b) = try sides(op, left, right)
    guard let x = a.content, let y = b.content else {
      if case .number(let p) = a.facts, case .number(let q) = b.facts, p != q {
        throw fail(EngineMessages.operands(op.rawValue, p.noun, q.noun, span))
      }
      if let s = a.type, let t = b.type, s != t { throw fail(EngineMessages.notComparable(s, t, span)) }
      return Item(facts: .flag)
    }
    switch (x, y) {
    case (.number(let p), .number(let q)):
      guard p.dimension == q.dimension else {
        throw fail(EngineMessages.operands(op.rawValue, p.dimension.noun, q.dimension.noun, span))
      }
      return Item(.flag(Self.holds(op, p.value, q.value)))
    case (.text(let p), .text(let q)): return Item(.flag(Self.holds(op, p, q)))
    case (.flag(let p), .flag(let q)) where op == .equal || op == .unequal:
      return Item(.flag((p == q) == (op == .equal)))
    default: throw fail(EngineMessages.notComparable(x.type, y.type, span))
    }
  }
  private static func holds<T: Comparable>(_ op: Expression.Operator, _ a: T, _ b: T) -> Bool {
    switch op {
    case .equal: a == b
    case .unequal: a != b
    case .less: a < b
    case .lessEqual: a <= b
    case .greater: a > b
    default: a >= b
    }
  }
  /// Beside `==` and `!=` a word that is not bound is a text, if the other side is one.
  private func sides(_ op: Expression.Operator, _ left: Expression, _ right: Expression) throws -> (Item, Item) {
    guard op == .equal || op == .unequal else { return (try evaluate(left), try evaluate(right)) }
    let a = try unboundWord(left), b = try unboundWord(right)
    if let word = a, b == nil {
      let other = try evaluate(right)
      return (isText(other) ? Item(.text(word)) : try evaluate(left), other)
    }
    let first = try evaluate(left)
    guard let word = b else { return (first, try evaluate(right)) }
    return (first, isText(first) ? Item(.text(word)) : try evaluate(right))
  }
  private func isText(_ item: Item) -> Bool { item.type == .text || item.type == nil }
  private func unboundWord(_ expression: Expression) throws -> String? {
    guard case .word(let word) = expression.kind, !["true", "false", "inf", "pi", "_"].contains(word) else {
      return nil
    }
    if let columns, columns.names == nil { return nil }
    return try resolve(word, expression.span) == nil ? word : nil
  }
}

extension Value.Content {
  init(_ argument: Argument) {
    switch argument {
    case .quantity(let quantity): self = .number(quantity)
    case .text(let text): self = .text(text)
    case .flag(let flag): self = .flag(flag)
    case .list(let items): self = .list(items.map(Value.Content.init))
    case .object(let object): self = object as? Value.Content ?? .nothing
    }
  }
}

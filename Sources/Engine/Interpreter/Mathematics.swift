internal import Language
internal import Spiking

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The functions of the language.
enum Mathematics {
  static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }

  /// Functions of one plain number.
  static let plain: [String: @Sendable (Double) -> Double] = [
    "exp": { exp($0) }, "ln": { log($0) }, "log10": { log10($0) }, "log2": { log2($0) }, "sin": { sin($0) },
    "cos": { cos($0) },
    "tanh": { tanh($0) },
  ]
  /// Functions of one number that keep its unit.
  static let keeping: [String: @Sendable (Double) -> Double] = [
    "abs": { abs($0) }, "round": { $0.rounded() }, "floor": { $0.rounded(.down) }, "ceil": { $0.rounded(.up) },
  ]
  /// Functions of a list of numbers that keep its unit.
  static let gathering: [String: @Sendable ([Double]) -> Double] = [
    "min": { $0.min() ?? .nan }, "max": { $0.max() ?? .nan }, "sum": { $0.reduce(0, +) },
    "mean": { $0.reduce(0, +) / Double($0.count) }, "sd": { deviation($0) },
  ]
  /// Sample standard deviation; 0 for a single number.
  static func deviation(_ x: [Double]) -> Double {
    guard x.count > 1 else { return 0 }
    let mean = x.reduce(0, +) / Double(x.count)
    return (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count - 1)).squareRoot()
  }
}

extension Interpreter {
  func apply(_ function: Name, _ arguments: [Expression], _ span: Span) throws -> Item {
    let name = function.text
    if Mathematics.gathering[name] != nil || name == "count" { return try gather(name, arguments, span) }
    guard arguments.count == 1 else {
      throw fail(EngineMessages.functionArgument(name, "one number", "\(arguments.count)", span))
    }
    let item = try number(arguments[0])
    guard let dimension = item.dimension else { return Item(facts: .unknown) }
    let result = try resultDimension(name, dimension, span)
    guard let x = item.quantity?.value else { return Item(facts: .number(result)) }
    let value =
      switch name {
      case "sqrt": x.squareRoot()
      case "sign": x > 0 ? 1.0 : x < 0 ? -1 : 0
      default: Mathematics.plain[name]?(x) ?? Mathematics.keeping[name]?(x) ?? .nan
      }
    return try finite(value, result, from: [x], span)
  }
  private func resultDimension(_ name: String, _ dimension: Dimension, _ span: Span) throws -> Dimension {
    if name == "sign" { return .none }
    if name == "abs" { return dimension }
    if name == "sqrt" {
      guard let root = dimension.squareRoot else {
        throw fail(EngineMessages.functionArgument(name, "a number whose unit has a root", dimension.noun, span))
      }
      return root
    }
    guard dimension == .none else {
      throw fail(EngineMessages.functionArgument(name, "a number without unit", dimension.noun, span))
    }
    return .none
  }

  private func gather(_ name: String, _ arguments: [Expression], _ span: Span) throws -> Item {
    var numbers: [Double] = [], dimension: Dimension?, isKnown = true, count = 0
    for argument in arguments {
      let item = try evaluate(argument)
      guard let content = item.content else {
        if case .list(.number(let d)) = item.facts { dimension = d }
        if case .number(let d) = item.facts { dimension = d }
        isKnown = false
        continue
      }
      if case .range(let ladder) = content, name != "count" {
        if let dimension, dimension != ladder.dimension {
          throw fail(EngineMessages.operands(name, dimension.noun, ladder.dimension.noun, argument.span))
        }
        dimension = ladder.dimension
        numbers += ladder.values
        continue
      }
      for entry in try entries(content, name, argument.span) {
        count += 1
        guard name != "count" else { continue }
        guard case .number(let quantity) = entry else {
          throw fail(EngineMessages.functionArgument(name, "numbers", entry.type.noun, argument.span))
        }
        if let dimension, dimension != quantity.dimension {
          throw fail(EngineMessages.operands(name, dimension.noun, quantity.dimension.noun, argument.span))
        }
        dimension = quantity.dimension
        if !quantity.value.isNaN { numbers.append(quantity.value) }
        try poll(count)
      }
    }
    guard isKnown else {
      return Item(facts: name == "count" ? .number(.none) : dimension.map(Facts.number) ?? .unknown)
    }
    if name == "count" { return Item(.number(Quantity(Double(count)))) }
    guard !numbers.isEmpty else { throw fail(EngineMessages.emptyList(name, span)) }
    return try finite(Mathematics.gathering[name]?(numbers) ?? .nan, dimension ?? .none, from: numbers, span)
  }
  private func entries(_ content: Value.Content, _ name: String, _ span: Span) throws -> [Value.Content] {
    switch content {
    case .list(let items): return items
    case .range(let ladder): return ladder.quantities.map(Value.Content.number)
    case .table(let table) where name == "count": return Array(repeating: .nothing, count: table.rowCount)
    case .number: return [content]
    default: throw fail(EngineMessages.functionArgument(name, "numbers or a list", content.type.noun, span))
    }
  }
}

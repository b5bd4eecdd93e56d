/// A whole text: its lines in order.
public struct Program: Sendable {
  public var lines: [Line]
}
/// One line, which prints a summary unless it is silenced by `;`.
public struct Line: Sendable {
  public var statement: Statement, span: Span, isSilent: Bool
}
/// A word at its place.
public struct Name: Sendable, Equatable {
  public var text: String, span: Span
  public init(_ text: String, _ span: Span) { (self.text, self.span) = (text, span) }
}

public indirect enum Statement: Sendable {
  case pipeline(Pipeline)
  case bind(Name, Pipeline)
  case define(Function)
  case defineNeuron(NeuronDefinition)
  case set(Name?, Expression?)
  case loop(Name, Expression, Block)
  case help([Name])
  case example([Name])
  case forget([Name])
  case undo, redo, quit
}
/// A function of the user's: `def name parameter parameter=default { … }`.
public struct Function: Sendable {
  public struct Parameter: Sendable { public var name: Name, preset: Expression? }
  public var name: Name, parameters: [Parameter], body: Block, span: Span
}
/// A neuron of the user's: `neuron define name { equations } parameter=default`.
public struct NeuronDefinition: Sendable {
  public var name: Name, equations: [Equation], settings: [CallArgument], span: Span
}
/// One statement between the braces of a neuron.
public struct Equation: Sendable {
  public enum Kind: Sendable {
    /// x' = formula
    case derivative(Name, Expression)
    /// x = formula
    case shorthand(Name, Expression)
    case start(Name, Expression)
    /// A condition, and the sign of the spike it sends.
    case spike(Expression, sign: Int)
    case reset([(name: Name, value: Expression)])
    case refractory(Expression)
    /// A standard deviation per √s.
    case noise(Name, Expression)
    case integrate(Name)
  }
  public var kind: Kind, span: Span
}
public struct Block: Sendable {
  public var lines: [Line], span: Span
}
public struct Pipeline: Sendable {
  public var stages: [Stage], span: Span
  /// Whether it starts with `|`: its input is the last value, or what flowed into the block.
  public var continues: Bool
}
public struct Stage: Sendable {
  public indirect enum Kind: Sendable {
    /// A verb, a function, or, without arguments, a bound name.
    case call(Name, [CallArgument], Block?)
    case sweep([(Name, Expression)], Block)
    case `where`(Expression)
    case derive(Name, Expression)
    case expect(Expression)
    case choose(Conditional)
    case formula(Expression)
  }
  public var kind: Kind, span: Span
}
public struct Conditional: Sendable {
  public indirect enum Alternative: Sendable { case block(Block), conditional(Conditional) }
  public var condition: Expression, then: Block, otherwise: Alternative?
}
/// An argument by position, or a setting by name.
public struct CallArgument: Sendable {
  public var name: Name?
  public var value: Expression
  public var span: Span { name.map { $0.span.joined(value.span) } ?? value.span }
}

public struct Expression: Sendable {
  public indirect enum Kind: Sendable {
    case number(Double, unit: String?)
    case text([Piece])
    case word(String)
    case call(Name, [Expression])
    case list([Expression])
    case range(Expression, Expression, by: Expression?)
    case pipeline(Pipeline)
    case negate(Expression)
    case not(Expression)
    case binary(Operator, Expression, Expression)
  }
  public enum Piece: Sendable { case literal(String), formula(Expression) }
  public enum Operator: String, Sendable {
    case or, and
    case equal = "==", unequal = "!=", less = "<", lessEqual = "<=", greater = ">", greaterEqual = ">="
    case add = "+", subtract = "-", multiply = "*", divide = "/", power = "^"
  }
  public var kind: Kind, span: Span
  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// Words with a meaning of their own, which cannot be bound. Verbs are added by whoever knows them.
public enum Reserved {
  public static let grammar: Set<String> = [
    "let", "def", "set", "for", "in", "neuron", "define", "help", "example", "forget", "undo", "redo", "quit",
    "sweep", "where", "derive", "expect", "if", "else", "by", "and", "or", "not", "true", "false", "inf", "pi", "_",
  ]
  /// Functions of mathematics.
  public static let functions: Set<String> = [
    "sqrt", "exp", "ln", "log10", "log2", "sin", "cos", "tanh", "abs", "sign", "round", "floor", "ceil",
    "min", "max", "mean", "sd", "sum", "count",
  ]
  /// Whether a word has the form of a name.
  public static func isName(_ word: String) -> Bool {
    guard let first = word.unicodeScalars.first, !first.isDigit else { return false }
    return word.unicodeScalars.allSatisfy(\.isWordBody)
  }
}

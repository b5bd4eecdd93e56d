internal import Language

/// All wording about equations.
enum EquationProblems {
  static func unknown(_ name: String, candidates: [String], _ span: Span) -> Diagnostic {
    Diagnostic(
      "equation.name", "nothing in these equations is called '\(name)'", at: span,
      help: Spelling.nearest(to: name, among: candidates).map { "did you mean '\($0)'?" }
        ?? "a parameter needs a default behind the brace: } \(name)=1")
  }
  static func taken(_ name: String, _ what: String, _ span: Span) -> Diagnostic {
    Diagnostic("equation.taken", "'\(name)' is \(what) already", at: span)
  }
  static func circular(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "equation.circular", "'\(name)' is defined by itself", at: span, help: "a state variable is written \(name)' = …")
  }
  static func missing(_ what: String, _ example: String, _ span: Span) -> Diagnostic {
    Diagnostic("equation.missing", "these equations have no \(what)", at: span, help: "add \(example)")
  }
  static func notAState(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("equation.state", "'\(name)' is no state variable", at: span, help: "give it an equation: \(name)' = …")
  }
  static func unused(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("equation.unused", "the parameter '\(name)' occurs in no equation", at: span)
  }
  static func notACondition(_ text: String, _ span: Span) -> Diagnostic {
    Diagnostic("equation.condition", "'\(text)' is no condition", at: span, help: "write spike v >= 1")
  }
  static func notANumber(_ text: String, _ span: Span) -> Diagnostic {
    Diagnostic("equation.formula", "'\(text)' is no number", at: span)
  }
  static func function(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "equation.function", "'\(name)' is no function of equations", at: span,
      help: "there are \(EquationCheck.functions.keys.sorted().joined(separator: ", "))")
  }
  static func arguments(_ name: String, _ count: Int, _ span: Span) -> Diagnostic {
    Diagnostic("equation.arguments", "'\(name)' takes \(count == 1 ? "one number" : "\(count) numbers")", at: span)
  }
  static func unit(_ unit: String, _ span: Span) -> Diagnostic {
    Diagnostic("unit.unknown", "'\(unit)' is no unit", at: span, help: "a factor is written with *: 2*\(unit)")
  }
  static func dimensions(_ a: String, _ first: String, _ b: String, _ second: String, _ span: Span, help: String? = nil)
    -> Diagnostic
  { Diagnostic("equation.units", "'\(a)' is \(first), '\(b)' is \(second)", at: span, help: help) }
  static func notUniform(_ what: String, _ span: Span) -> Diagnostic {
    Diagnostic("equation.uniform", "\(what) must not depend on state variables or on I", at: span)
  }
  static func method(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("equation.method", "'\(name)' is no way to integrate", at: span, help: "euler, exponential, rk4")
  }
  static func notLinear(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "equation.linear", "the equation of '\(name)' is not linear in \(name)", at: span, help: "integrate rk4 takes any"
    )
  }
  static func twice(_ what: String, _ span: Span) -> Diagnostic {
    Diagnostic("equation.twice", "there is a second \(what)", at: span)
  }
  static func tooLarge(_ span: Span) -> Diagnostic {
    Diagnostic("equation.size", "these equations are too large", at: span)
  }
}

/// All wording of lexer and parser.
enum Messages {
  static func numberTooLarge(_ text: String, _ span: Span) -> Diagnostic {
    Diagnostic("number.range", "'\(text)' is too large for a number", at: span)
  }
  static func strangeCharacter(_ text: String, _ span: Span) -> Diagnostic {
    let code = text.unicodeScalars.first.map { String($0.value, radix: 16, uppercase: true) } ?? ""
    let shown = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } ? "'\(text)'" : "U+\(code)"
    return Diagnostic("parse.character", "\(shown) has no meaning here", at: span)
  }
  static func notAnEquation(_ found: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "parse.equation", "expected an equation, found \(found)", at: span,
      help: "x' = formula, x = formula, spike, reset, start, refractory, noise and integrate are known here")
  }
  static func sign(_ span: Span) -> Diagnostic {
    Diagnostic("parse.sign", "a spike is sent as 1 or as -1", at: span, help: "write spike v <= -1 as -1")
  }
  static func positionalParameter(_ span: Span) -> Diagnostic {
    Diagnostic("parse.parameter", "a parameter has a name and a default", at: span, help: "write tau=20ms")
  }
  static func openText(_ span: Span) -> Diagnostic {
    Diagnostic("parse.text", "a text opened here is not closed on its line", at: span, help: "end it with \"")
  }
  static func unknownEscape(_ text: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "parse.escape", "'\\\(text)' is no escape", at: span,
      help: "write \\\\ for a backslash; others are \\\" \\n \\t \\{")
  }
  static func openBraceInText(_ span: Span) -> Diagnostic {
    Diagnostic(
      "parse.brace", "a formula opened here is not closed in its text", at: span, help: "write \\{ for a brace")
  }
  static func expected(_ what: String, found: String, _ span: Span) -> Diagnostic {
    Diagnostic("parse.expected", "expected \(what), found \(found)", at: span)
  }
  static func unfinished(_ what: String, _ span: Span) -> Diagnostic {
    Diagnostic("parse.unfinished", "\(what) opened here is not finished", at: span)
  }
  static func unmatched(_ bracket: String, _ span: Span) -> Diagnostic {
    Diagnostic("parse.bracket", "'\(bracket)' closes nothing", at: span)
  }
  static func arithmetic(_ formula: String, _ span: Span) -> Diagnostic {
    Diagnostic("parse.arithmetic", "arithmetic in an argument needs parentheses", at: span, help: "write (\(formula))")
  }
  static func bindWithLet(_ text: String, _ span: Span) -> Diagnostic {
    Diagnostic("parse.let", "a name is bound with 'let'", at: span, help: "write let \(text)")
  }
  static func equals(_ suggestion: String, _ span: Span) -> Diagnostic {
    Diagnostic("parse.equals", "a comparison is written '=='", at: span, help: "write \(suggestion)")
  }
  static func chain(_ span: Span) -> Diagnostic {
    Diagnostic("parse.chain", "comparisons cannot be chained", at: span, help: "write a < b and b < c")
  }
  static func wordBehindNumber(_ number: String, _ word: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "parse.expected", "expected '|' or the end of the line, found '\(word)'", at: span,
      help: "a unit follows its number without a blank: \(number)\(word)")
  }
  static func unitBehindParenthesis(_ unit: String, _ span: Span) -> Diagnostic {
    Diagnostic("unit.parenthesis", "no unit may follow ')'", at: span, help: "write (… * 1\(unit))")
  }
  static func callWithParentheses(_ verb: String, _ argument: String, _ span: Span) -> Diagnostic {
    let line = argument.isEmpty ? verb : "\(argument) | \(verb)"
    return Diagnostic(
      "parse.call", "'\(verb)' is not a function of mathematics", at: span,
      help: "verbs take their input from the left, as in: \(line)")
  }
  static func notAName(_ word: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "name.form", "'\(word)' cannot be a name", at: span,
      help: "names are letters, digits and _, not a digit first")
  }
  static func repeatedSetting(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("setting.twice", "'\(name)' is given twice", at: span)
  }
  static func firstStageOnly(_ word: String, _ span: Span) -> Diagnostic {
    Diagnostic("parse.stage", "'\(word)' can only stand at the start of a line", at: span)
  }
  static func tooDeep(_ span: Span) -> Diagnostic {
    Diagnostic("parse.depth", "brackets and blocks are nested too deep", at: span)
  }
  static func tooLong(_ span: Span) -> Diagnostic {
    Diagnostic("parse.depth", "a formula has more than 1000 operators in a row", at: span)
  }
  static func elseOnNextRow(_ span: Span) -> Diagnostic {
    Diagnostic("parse.else", "'else' stands on the row of the '}' before it", at: span, help: "write } else {")
  }
}

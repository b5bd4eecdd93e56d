/// Something to tell the user about a place in a text.
public struct Diagnostic: Error, Sendable, Equatable {
  public enum Severity: String, Sendable { case error, note }

  public var severity: Severity
  /// Stable, for search and tests: "types.stage".
  public var code: String
  /// Lower case, no full stop, the user's words in '…'.
  public var message: String
  public var span: Span?
  public var notes: [String]
  /// One remedy that can be typed.
  public var help: String?

  public init(
    _ code: String, _ message: String, at span: Span? = nil, notes: [String] = [], help: String? = nil,
    severity: Severity = .error
  ) {
    (self.code, self.message, self.span, self.notes) = (code, message, span, notes)
    (self.help, self.severity) = (help, severity)
  }
  /// The same diagnostic at `span`, unless it already has a place.
  public func located(at span: Span) -> Diagnostic {
    var copy = self
    if copy.span == nil { copy.span = span }
    return copy
  }
}

extension Diagnostic {
  /// The diagnostic as text, with the line it is about and a caret under the place.
  public func rendered(in source: Source, style: MessageStyle = .plain) -> String {
    let head = style.paint("\(severity.rawValue)[\(code)]", severity == .error ? .error : .note) + ": " + message
    var lines = [head]
    var gutter = 1
    if let span {
      let (number, column) = source.position(of: span.start)
      let around = source.line(around: span.start)
      gutter = String(number).count
      let excerpt = Excerpt(source[around], column: column, length: span.end - span.start)
      lines.append(" --> \(source.name):\(number):\(column)")
      lines.append("\(number) | \(excerpt.text)")
      lines.append(
        String(repeating: " ", count: gutter) + " | " + excerpt.indent
          + style.paint(excerpt.carets, severity == .error ? .error : .note))
    }
    let margin = String(repeating: " ", count: gutter + 1)
    lines += notes.map { "\(margin)= note: \($0)" }
    if let help { lines.append("\(margin)= help: \(help)") }
    return lines.joined(separator: "\n")
  }
}

/// How messages are decorated: the caller knows whether colours are wanted.
public struct MessageStyle: Sendable {
  public enum Role: Sendable { case error, note }
  var usesColor: Bool
  public static let plain = MessageStyle(usesColor: false), coloured = MessageStyle(usesColor: true)

  func paint(_ text: String, _ role: Role) -> String {
    guard usesColor else { return text }
    return "\u{1B}[\(role == .error ? "1;31" : "1;36")m\(text)\u{1B}[0m"
  }
}

/// The part of a source line that is shown, and the carets under it.
private struct Excerpt {
  var text: String, indent: String, carets: String

  init(_ line: String, column: Int, length: Int) {
    let limit = 160
    var scalars = Array(line.unicodeScalars).map { $0.value < 32 || $0.value == 127 ? Unicode.Scalar(" ") : $0 }
    var start = column - 1
    if start > limit - 40 {
      let cut = start - 60
      scalars = Array("…".unicodeScalars) + scalars.dropFirst(cut)
      start -= cut - 1
    }
    if scalars.count > limit { scalars = scalars.prefix(limit) + Array("…".unicodeScalars) }
    text = String(String.UnicodeScalarView(scalars))
    indent = String(repeating: " ", count: Self.width(scalars.prefix(start)))
    let marked = scalars.dropFirst(start).prefix(max(1, length))
    carets = String(repeating: "^", count: max(1, Self.width(marked)))
  }
  /// Columns on a terminal: ideographs take two, combining marks none.
  private static func width(_ scalars: some Sequence<Unicode.Scalar>) -> Int {
    scalars.reduce(0) { sum, scalar in
      if scalar.properties.generalCategory == .nonspacingMark { return sum }
      let wide =
        (0x1100...0x115F).contains(scalar.value) || (0x2E80...0xA4CF).contains(scalar.value)
        || (0xAC00...0xD7A3).contains(scalar.value) || (0xFF00...0xFF60).contains(scalar.value)
        || (0x1F300...0x1FAFF).contains(scalar.value)
      return sum + (wide ? 2 : 1)
    }
  }
}

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
  ///
  /// - Parameter width: columns there are, where somebody looks at it.
  public func rendered(in source: Source, style: MessageStyle = .plain, width: Int? = nil) -> String {
    let title = "\(severity.rawValue)[\(code)]"
    let head = Wrapping.wrapped("\(title): \(message)", width: width)
    var lines = [style.paint(title, severity == .error ? .error : .note) + head.dropFirst(title.count)]
    var gutter = 1
    if let span {
      let (number, column) = source.position(of: span.start)
      let around = source.line(around: span.start)
      gutter = String(number).count
      let excerpt = Excerpt(
        source[around], column: column, length: span.end - span.start, limit: (width ?? 164) - gutter - 3)
      lines.append(" --> \(source.name):\(number):\(column)")
      lines.append("\(number) | \(excerpt.text)")
      lines.append(
        String(repeating: " ", count: gutter) + " | " + excerpt.indent
          + style.paint(excerpt.carets, severity == .error ? .error : .note))
    }
    let margin = String(repeating: " ", count: gutter + 1)
    lines += notes.map { Wrapping.wrapped("\(margin)= note: \($0)", width: width) }
    if let help { lines.append(Wrapping.wrapped("\(margin)= help: \(help)", width: width)) }
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
  private static let narrowest = 16

  /// - Parameter limit: columns of the text; what stands around the marked place is cut to it.
  init(_ line: String, column: Int, length: Int, limit: Int) {
    let scalars = line.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? Unicode.Scalar(" ") : $0 }
    let start = min(scalars.count, column - 1), limit = max(Self.narrowest, limit)
    let shown = Self.window(scalars, around: start..<min(scalars.count, start + max(1, length)), limit)
    let head: [Unicode.Scalar] = shown.lowerBound > 0 ? ["…"] : [],
      tail: [Unicode.Scalar] =
        shown.upperBound < scalars.count ? ["…"] : []
    text = String(String.UnicodeScalarView(head + scalars[shown] + tail))
    indent = String(repeating: " ", count: Wrapping.columns(head + scalars[shown.lowerBound..<start]))
    let marked = scalars[start..<max(start, min(shown.upperBound, start + max(1, length)))]
    carets = String(repeating: "^", count: max(1, Wrapping.columns(marked)))
  }
  /// As much of a line as fits, from its beginning where the marked place is near it, else from a third before that place.
  private static func window(_ scalars: [Unicode.Scalar], around marked: Range<Int>, _ limit: Int) -> Range<Int> {
    guard Wrapping.columns(scalars) > limit else { return 0..<scalars.count }
    // A column at either end is for the sign of a cut.
    let room = limit - 2
    var first = 0
    if Wrapping.columns(scalars[..<marked.upperBound]) > room {
      first = marked.lowerBound
      var used = min(room * 2 / 3, Wrapping.columns(scalars[marked]))
      while first > 0, used + Wrapping.columns(scalars[first - 1]) <= room {
        first -= 1
        used += Wrapping.columns(scalars[first])
      }
    }
    var last = first, used = 0
    while last < scalars.count, used + Wrapping.columns(scalars[last]) <= room {
      used += Wrapping.columns(scalars[last])
      last += 1
    }
    return first..<max(last, min(scalars.count, first + 1))
  }
}

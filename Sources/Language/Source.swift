/// A text to be read, with the name under which diagnostics speak of it.
public struct Source: Sendable {
  /// A file's path, "input" for a line typed, or whatever names the origin.
  public let name: String
  public let scalars: [Unicode.Scalar]
  /// The number of the first line; a prompt counts on from line to line.
  public let firstLine: Int

  public init(_ text: String, name: String = "input", firstLine: Int = 1) {
    (self.name, self.firstLine) = (name, firstLine)
    scalars = Array(text.unicodeScalars)
  }
  /// The text of a span.
  public subscript(span: Span) -> String {
    let range = max(0, span.start)..<min(scalars.count, max(span.start, span.end))
    return String(String.UnicodeScalarView(scalars[range.clamped(to: 0..<scalars.count)]))
  }
  public var text: String { self[Span(0, scalars.count)] }

  /// Line and column of a position, both counted from 1.
  public func position(of offset: Int) -> (line: Int, column: Int) {
    let end = min(max(0, offset), scalars.count)
    var line = firstLine, start = 0
    for i in 0..<end where scalars[i] == "\n" {
      line += 1
      start = i + 1
    }
    return (line, end - start + 1)
  }
  /// The whole line around a position, without its end.
  public func line(around offset: Int) -> Span {
    var start = min(max(0, offset), scalars.count), end = start
    while start > 0, scalars[start - 1] != "\n" { start -= 1 }
    while end < scalars.count, scalars[end] != "\n", scalars[end] != "\r" { end += 1 }
    return Span(start, max(start, end))
  }
}

/// A stretch of a source, as offsets of Unicode scalars.
public struct Span: Sendable, Hashable {
  public var start: Int, end: Int
  public init(_ start: Int, _ end: Int) { (self.start, self.end) = (start, end) }
  /// The smallest span that holds both.
  public func joined(_ other: Span) -> Span { Span(min(start, other.start), max(end, other.end)) }
}

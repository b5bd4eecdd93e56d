/// A text file of rows and columns, separated by commas, semicolons, tabs or blanks, with or without names in the first row.
/// Only a column that is asked for has to hold numbers.
public struct NumberFile: Sendable {
  public var file: String
  /// Names of the columns; numbers as text where the file has none.
  public var names: [String]
  /// Entries row by row, each with the number of its line.
  private var rows: [(line: Int, entries: [String])] = []

  static let limit = 1 << 28

  /// - Throws: a file that cannot be read, has rows of different length, or entries that are no numbers.
  public static func read(_ path: String, isInterrupted: () -> Bool = { false }) throws(FileProblem) -> NumberFile {
    let bytes = try DataFile.content(of: path, limit: limit, isInterrupted: isInterrupted)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileProblem(path, .foreign(expected: "text"))
    }
    return try NumberFile(text, file: path, isInterrupted: isInterrupted)
  }
  init(_ text: String, file: String, isInterrupted: () -> Bool = { false }) throws(FileProblem) {
    self.file = file
    names = []
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      if number & 1023 == 0, isInterrupted() { throw FileProblem(file, .interrupted) }
      let entries = Self.entries(line)
      if entries.isEmpty { continue }
      if names.isEmpty {
        let isHeader = entries.allSatisfy { Double($0) == nil }
        names = isHeader ? entries : entries.indices.map(String.init)
        if isHeader { continue }
      }
      guard entries.count == names.count else {
        throw FileProblem(
          file, .damaged("row \(number) has \(entries.count) entries, those before it \(names.count)"))
      }
      rows.append((number, entries))
    }
    guard !rows.isEmpty else { throw FileProblem(file, .damaged("it holds no numbers")) }
  }
  private static func entries(_ line: Substring) -> [String] {
    for separator in [",", ";", "\t"] as [Character] where line.contains(separator) {
      return line.split(separator: separator, omittingEmptySubsequences: false).map(trimmed)
    }
    return line.split(separator: " ").map(trimmed)
  }
  private static func trimmed(_ entry: Substring) -> String {
    let inner = entry.drop { $0 == " " || $0 == "\"" }
    return String(inner.reversed().drop { $0 == " " || $0 == "\"" || $0 == "\r" }.reversed())
  }

  /// A column by its name or number; the last one where no name is given.
  ///
  /// - Throws: a column that is not there, or holds something else than numbers.
  public func column(_ name: String) throws(FileProblem) -> [Double] {
    let given = names.firstIndex(of: name) ?? Int(name).flatMap { names.indices.contains($0) ? $0 : nil }
    guard let place = name.isEmpty ? names.count - 1 : given else {
      throw FileProblem(
        file, .mismatched("it has no column '\(name)'; there are \(names.prefix(20).joined(separator: ", "))"))
    }
    var values: [Double] = []
    for (line, entries) in rows {
      guard let value = Double(entries[place]), value.isFinite else {
        throw FileProblem(file, .damaged("'\(entries[place].prefix(20))' in row \(line) is no number"))
      }
      values.append(value)
    }
    return values
  }
}

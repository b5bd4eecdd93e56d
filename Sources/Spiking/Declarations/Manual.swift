/// What a person reads about a declared thing; help, documentation and example tests are made from it.
public struct Manual: Sendable {
  public var name: String
  /// One sentence.
  public var summary: String
  /// The defining equation, in the notation of the field.
  public var equation: String
  /// The source, with DOI or arXiv number.
  public var reference: String
  /// More than the summary, where it is needed: paragraphs of plain text.
  public var details: String
  /// Lines that run as they stand.
  public var examples: [String]

  public init(
    _ name: String, _ summary: String, equation: String = "", reference: String = "", details: String = "",
    examples: [String] = []
  ) {
    (self.name, self.summary, self.equation) = (name, summary, equation)
    (self.reference, self.details, self.examples) = (reference, details, examples)
  }
}

internal import Language
internal import Spiking

/// Values given on a command line, which win over the `let`s of a script.
struct Overrides {
  private var values: [String: (value: Expression, source: Source)] = [:]

  init() {}
  /// - Parameter texts: `name=value`, as typed.
  init(_ texts: [String], program: Program) throws {
    let bound = program.lines.compactMap { if case .bind(let name, _) = $0.statement { name.text } else { nil } }
    for text in texts {
      let source = Source(text, name: "command line"), whole = Span(0, source.scalars.count)
      func fail(_ diagnostic: Diagnostic) -> Failure { Failure(diagnostic: diagnostic, source: source) }
      guard let sign = source.scalars.firstIndex(of: "="), Reserved.isName(source[Span(0, sign)]) else {
        throw fail(EngineMessages.notAnOverride(whole))
      }
      let name = source[Span(0, sign)]
      guard bound.contains(name) else { throw fail(EngineMessages.bindsNo(name, bound, Span(0, sign))) }
      guard values[name] == nil else { throw fail(EngineMessages.givenTwice(name, Span(0, sign))) }
      guard sign + 1 < whole.end else { throw fail(EngineMessages.emptyOverride(name, whole)) }
      do throws(Diagnostic) {
        values[name] = (try Parser.value(in: Span(sign + 1, whole.end), of: source), source)
      } catch {
        throw fail(error)
      }
    }
  }
  subscript(name: String) -> (value: Expression, source: Source)? { values[name] }
}

extension Interpreter {
  /// What a command line says a name is; it must be of the sort that the script gives it.
  func overriding(_ name: Name, _ pipeline: Pipeline) throws -> Outcome? {
    guard scopes.isEmpty, let (value, place) = overrides[name.text] else { return nil }
    let usual = isChecking ? try usualValue(of: pipeline) : nil
    let kept = source
    source = place
    defer { source = kept }
    let item: Item
    if case .word(let word) = value.kind, lookUp(word) == nil {
      item = Item(.text(word))
    } else {
      item = try evaluate(value)
    }
    if let usual, let problem = mismatch(name.text, usual, item, text(value.span), value.span) { throw fail(problem) }
    return Outcome(result: item, kept: nil, isLook: true)
  }
  /// What the script itself says; nil where that needs files which are not there and are not needed now.
  private func usualValue(of pipeline: Pipeline) throws -> Item? {
    do { return try evaluate(pipeline).result } catch let failure as Failure {
      guard ["data.missing", "file.missing"].contains(failure.diagnostic.code) else { throw failure }
      return nil
    }
  }
  private func mismatch(_ name: String, _ usual: Item, _ given: Item, _ text: String, _ span: Span) -> Diagnostic? {
    switch (usual.facts, given.facts) {
    case (.number(let wanted), .number(let dimension)):
      if wanted == dimension { return nil }
      if wanted == .none { return EngineMessages.unitUnexpected(name, dimension, text, span) }
      if dimension == .none { return EngineMessages.unitMissing(name, wanted, text, isNamed: true, span) }
      return EngineMessages.unitDiffers(name, wanted, text, dimension, span)
    case (.list, .range), (.range, .list), (.unknown, _), (_, .unknown): return nil
    case (let wanted, let other):
      guard let wanted = wanted.type, let type = other.type, wanted != type else { return nil }
      return EngineMessages.otherType(name, wanted, text, type, span)
    }
  }
}

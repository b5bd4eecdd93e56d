internal import Language
internal import Spiking

extension ModelOrigin {
  /// The data the model was made from, made again by the lines in its file.
  ///
  /// Those lines may only read and draw data: a file is no program.
  func dataset(for outline: Dataset.Outline?, _ context: Context) throws -> Dataset {
    try dataset { lines in
      let program = Parser.parse(Source(lines.joined(separator: "\n"))).program
      guard program.lines.allSatisfy({ context.registry.onlyMakesData($0.statement) }),
        case .dataset(let dataset)? = try context.last(of: lines)
      else { throw EngineMessages.noData() }
      guard outline.map({ dataset.shape == $0.shape && dataset.classes == $0.classes }) ?? true,
        checksum.isEmpty || checksum == dataset.checksum
      else { throw EngineMessages.otherData(dataset.name) }
      return dataset
    }
  }
}
extension Context {
  /// The last value that lines leave in a session of their own.
  fileprivate func last(of lines: [String]) throws -> Value.Content? {
    var state = State(), surroundings = surroundings
    (state.settings.data, state.settings.threads) = (settings.data, settings.threads)
    surroundings.write = { _ in }
    let source = Source(lines.joined(separator: "\n"))
    let interpreter = Interpreter(
      registry: registry, machine: machine, surroundings: surroundings, state: state, source: source, isChecking: false)
    do {
      for line in Parser.parse(source).program.lines { try interpreter.run(line) }
    } catch let failure as Failure {
      throw EngineMessages.noData(failure.diagnostic)
    }
    return interpreter.state.last?.content
  }
}
extension Registry {
  /// Whether a line does nothing but read and draw data.
  fileprivate func onlyMakesData(_ statement: Statement) -> Bool {
    switch statement {
    case .set: true
    case .bind(_, let pipeline), .pipeline(let pipeline): pipeline.stages.allSatisfy { onlyMakesData($0.kind) }
    default: false
    }
  }
  private func onlyMakesData(_ stage: Stage.Kind) -> Bool {
    switch stage {
    case .call(let name, let arguments, nil):
      return family(name.text).allSatisfy { $0.gives == [.dataset] }
        && arguments.allSatisfy { $0.name?.text != "to" && isPlain($0.value) }
    case .where(let formula), .formula(let formula): return isPlain(formula)
    default: return false
    }
  }
  private func isPlain(_ formula: Expression) -> Bool {
    switch formula.kind {
    case .number, .text, .word: true
    case .call(_, let parts), .list(let parts): parts.allSatisfy(isPlain)
    case .range(let a, let b, let step): isPlain(a) && isPlain(b) && (step.map(isPlain) ?? true)
    case .negate(let inner), .not(let inner): isPlain(inner)
    case .binary(_, let a, let b): isPlain(a) && isPlain(b)
    case .pipeline(let pipeline): pipeline.stages.allSatisfy { onlyMakesData($0.kind) }
    }
  }
}

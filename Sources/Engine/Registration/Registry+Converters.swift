internal import Language
public import Spiking

extension Registry {
  /// Makes `convert KIND`.
  public mutating func register<C: Converter>(converter: C.Type) throws(RegistrationProblem) {
    var manual = C.manual
    manual.name = "convert \(manual.name)"
    var declaration = CommandDeclaration(
      manual: manual, settings: C.described + ConverterCommand.settings, accepts: [.model], gives: [.model]
    ) { (arguments) throws(SettingProblem) in
      let common = ConverterCommand.settings.map(\.name)
      var command = ConverterCommand(converter: try C().applying(arguments.filter { !common.contains($0.name) }))
      for (name, argument) in arguments {
        switch name {
        case "data": if case .dataset(let data)? = argument.content { command.data = data }
        case "seed": command.seed = Int(argument: argument)
        default: break
        }
      }
      return command
    }
    declaration.isExplained = true
    try register(declaration)
  }
}

private struct ConverterCommand: PreparedCommand {
  let converter: any Converter
  var data: Dataset?, seed: Int?

  static let settings = [
    SettingDescription(
      name: "data", summary: "Other data than those of the model, to calibrate with and to go on with.",
      form: .value("dataset")),
    SettingDescription(
      name: "seed", summary: "Start of the random numbers; that of the session by default.", form: .count),
  ]

  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .model(let facts) = input else { return .unknown }
    let outline = try converting { () throws(ConversionProblem) in try converter.outline(of: facts.model) }
    let encoder = try context.registry.encoder(kind: outline.input.encoderKind, text: outline.input.encoderText)
    return .model(ModelFacts(outline, encoder: encoder))
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    guard case .model(let model) = input else {
      throw Diagnostic("types.stage", "a model is needed, not \(input.type.noun)")
    }
    let given = try data.map { try model.encoded($0, context) } ?? model.ownData(isNeeded: converter.needsData, context)
    var run = ConversionRun(
      machine: context.machine, seed: seed.map { UInt64(bitPattern: Int64($0)) } ?? context.seed, data: given)
    run.isInterrupted = context.surroundings.isInterrupted
    let outline = try converting { () throws(ConversionProblem) in try converter.outline(of: model) }
    let encoder = try context.registry.encoder(kind: outline.input.encoderKind, text: outline.input.encoderText)
    if let given { try refuse(given.dataset, for: encoder) }
    var converted = try converting { [run] () throws(ConversionProblem) in try converter.convert(model, run) }
    // Told wherever the line goes on to; the rest of the tale only where it ends here.
    for note in converted.notes where note.hasPrefix("warning: ") {
      context.notes.add("convert.warning", String(note.dropFirst("warning: ".count)))
    }
    converted.notes.removeAll { $0.hasPrefix("warning: ") }
    if converter.needsData, given?.dataset.learningPart == .test {
      context.notes.add("data.test", "there is no training part: it is calibrated with test samples")
    }
    converted.input.seed = run.seed
    converted.data = try given.map { given in
      try shaping { () throws(ShapeError) in
        try EncodedData(given.dataset, encoder, seed: run.seed, dt: converted.input.dt)
      }
    }
    return .model(converted)
  }
}

/// Gives facts about conversions the form of diagnostics.
private func converting<R>(_ body: () throws(ConversionProblem) -> R) throws -> R {
  do throws(ConversionProblem) { return try body() } catch {
    if error == .interrupted { throw Interrupted() }
    throw Diagnostic(error.code, error.message, help: error.remedy)
  }
}

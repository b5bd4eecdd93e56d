internal import Compute
public import Language
public import Spiking

extension Registry {
  /// Makes `train KIND`.
  public mutating func register<T: Trainer>(trainer: T.Type) throws(RegistrationProblem) {
    var manual = T.manual
    manual.name = "train \(manual.name)"
    try register(
      CommandDeclaration(
        manual: manual, settings: T.described + TrainerCommand.settings, accepts: [.model], gives: [.model]
      ) { (arguments) throws(SettingProblem) in
        let common = TrainerCommand.settings.map(\.name)
        var command = TrainerCommand(trainer: try T().applying(arguments.filter { !common.contains($0.name) }))
        for (name, argument) in arguments {
          switch name {
          case "data": if case .dataset(let data)? = argument.content { command.data = data }
          case "fresh": command.isFresh = Bool(argument: argument) ?? false
          case "checkpoint": command.checkpoint = String(argument: argument)
          case "seed": command.seed = Int(argument: argument)
          default: break
          }
        }
        return command
      })
    trainers.append(T())
  }
  /// Which trainers take a model as it is; where none does, what stands in the way of the one that comes nearest.
  public func trainingAdvice(for facts: ModelFacts) -> TrainingAdvice? {
    let lacks = trainers.map { ($0.kind, facts.missing(for: $0)) }
    let fitting = lacks.filter { $0.1.isEmpty }.map(\.0)
    if !fitting.isEmpty { return .trainers(fitting) }
    guard let nearest = lacks.min(by: { $0.1.count < $1.1.count }) else { return nil }
    return .obstacles(to: nearest.0, nearest.1)
  }
}

/// How a model can be trained.
public enum TrainingAdvice: Sendable, Equatable {
  /// By any of these.
  case trainers([String])
  /// By none; the one that lacks least lacks these.
  case obstacles(to: String, [Missing])
}
extension ModelFacts {
  func missing(for trainer: any Trainer) -> [Missing] {
    trainer.missing(in: model.network) + trainer.missing(in: model.input, encoder: encoder)
  }
}
extension Diagnostic {
  /// A model without values where they are needed.
  public static func untrained(_ model: Model, _ context: Context) -> Diagnostic {
    EngineMessages.untrained(context.registry.trainingAdvice(for: ModelFacts(model)))
  }
}

private struct TrainerCommand: PreparedCommand {
  let trainer: any Trainer
  var data: Dataset?, isFresh = false, checkpoint: String?, seed: Int?

  static let settings = [
    SettingDescription(name: "data", summary: "Other data than those of the model.", form: .value("dataset")),
    SettingDescription(name: "fresh", summary: "Starts over instead of continuing.", form: .flag, preset: "false"),
    SettingDescription(
      name: "checkpoint", summary: "File written after every epoch.",
      form: .file(endings: [".soma-model"], isWritten: true)),
    SettingDescription(
      name: "seed", summary: "Start of the random numbers; that of the session by default.", form: .count),
  ]

  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .model(var facts) = input else { return .unknown }
    try refuse(facts.missing(for: trainer), facts, context)
    try Registry.requireMemory(trainer.memory(for: facts.model), "'\(trainer.kind)'")
    try requireTask(facts.model.input.dataset?.task ?? .classes, facts.model.input.dataset?.name ?? "")
    try requireOutputs(
      facts.model.network, facts.model.input.dataset?.task ?? .classes,
      classes: facts.model.input.dataset?.classes.count ?? 0)
    if checkpoint != nil, context.isKnown("checkpoint") { _ = try saver(context)?.check(input, context) }
    facts.model.network = trainer.outline(of: facts.model.network)
    facts.model.trainer = trainer.kind
    return .model(facts)
  }
  private func refuse(_ missing: [Missing], _ facts: ModelFacts, _ context: Context) throws {
    guard let first = missing.first else { return }
    throw EngineMessages.cannotTrain(trainer.kind, first, context.registry.trainingAdvice(for: facts))
  }
  /// Only gradients know of an answer at every step.
  private func requireTask(_ task: Task, _ data: String) throws {
    guard task != .classes, !(trainer is any GradientTrainer) else { return }
    throw Diagnostic(
      "capability", "'\(trainer.kind)' learns one class per sample, and '\(data)' has an answer for every step",
      help: "trainers for it: backprop, bptt")
  }
  private func requireOutputs(_ network: Network, _ task: Task, classes: Int) throws {
    if case .numbers(let width) = task, network.output.count != width {
      throw Diagnostic(
        "shape.outputs",
        "\(width) number\(width == 1 ? " is" : "s are") to be answered, but the network has \(network.output.count) outputs",
        help: "end it with a layer of \(width), as in: dense \(width)")
    }
    guard network.output.count < classes else { return }
    throw Diagnostic(
      "shape.classes", "there are \(classes) classes, but the network has outputs for \(network.output.count)",
      help: "end it with a layer of \(classes), as in: dense \(classes)")
  }
  private func saver(_ context: Context) throws -> (any PreparedCommand)? {
    guard let checkpoint else { return nil }
    return try context.registry.declarations("save").first?.prepare([("file", .text(checkpoint))])
  }

  private func write(_ model: Model, by save: any PreparedCommand, _ context: Context) throws {
    var context = context
    context.recipe = context.recipe?.remarked(
      EngineMessages.checkpointRecipe(trainer: trainer.kind, epoch: model.epochs))
    _ = try save.run(.model(model), context)
  }

  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    guard case .model(var model) = input else {
      throw Diagnostic("types.stage", "a model is needed, not \(input.type.noun)")
    }
    if isFresh { (model.parameters, model.training, model.history, model.trainer) = (nil, nil, [], nil) }
    let facts = ModelFacts(model)
    try refuse(facts.missing(for: trainer), facts, context)
    let encoded = try model.encoded(data, context)
    encoded.dataset.noteSpareOutputs(of: model, context)
    if encoded.dataset.learningPart == .test {
      context.notes.add(
        "data.test", "there is no training part: it learns from the test samples",
        help: "split parts them: split test=20%")
    }
    try requireTask(encoded.dataset.task, encoded.dataset.name)
    try requireOutputs(model.network, encoded.dataset.task, classes: encoded.dataset.classes.count)
    let meter = ProgressMeter(context.surroundings)
    let save = try saver(context)
    let run = TrainingRun(
      machine: context.machine, dt: context.dt, seed: seed.map { UInt64(bitPattern: Int64($0)) } ?? context.seed,
      isInterrupted: context.surroundings.isInterrupted, report: { meter.show($0) },
      checkpoint: save.map { save in { @Sendable model in try self.write(model, by: save, context) } })
    defer { context.surroundings.progress(nil) }
    do {
      var trained = try trainer.train(model, on: encoded, run)
      if trained.data == nil || data == nil { trained.data = encoded }
      trained.trainer = trainer.kind
      return .model(trained)
    } catch let missing as Missing {
      try refuse([missing], facts, context)
      throw missing
    }
  }
}

extension Model {
  /// The data to work on: those given, in the code of the model, or its own.
  public func encoded(_ other: Dataset?, _ context: Context) throws -> EncodedData {
    guard let other = try other ?? remade(context) else {
      guard let data else { throw EngineMessages.noData() }
      return data
    }
    guard other.shape == input.dataset?.shape ?? other.shape,
      other.shape.count == (input.dataset?.shape ?? other.shape).count
    else {
      throw Diagnostic(
        "shape.data",
        "the model takes samples of \(input.dataset?.shape ?? input.code.features), '\(other.name)' has \(other.shape)")
    }
    let encoder = try data?.encoder ?? context.registry.encoder(kind: input.encoderKind, text: input.encoderText)
    try refuse(other, for: encoder)
    return try shaping { () throws(ShapeError) in
      try EncodedData(other, encoder, seed: data?.seed ?? input.seed ?? context.seed, dt: input.dt)
    }
  }
  /// Its own data, made again for a model from a file; nil, with a remark, where they are gone and not needed.
  func ownData(isNeeded: Bool, _ context: Context) throws -> EncodedData? {
    guard data == nil else { return data }
    guard origin != nil else { return nil }
    do { return try encoded(nil, context) } catch let problem as Diagnostic where !isNeeded {
      context.notes.add(problem.code, problem.message + "; nothing is calibrated", help: problem.help)
      return nil
    }
  }
}

extension Dataset {
  /// Remarks that a network can give answers that are no class.
  func noteSpareOutputs(of model: Model, _ context: Context) {
    if case .numbers = task { return }
    let outputs = model.network.output.count
    guard outputs > classes.count else { return }
    context.notes.add(
      "data.outputs", "the network has \(outputs) outputs for \(classes.count) classes; the last stand for none")
  }
}
extension Model {
  /// For a model from a file, its data made again; nil where it has them.
  private func remade(_ context: Context) throws -> Dataset? {
    data == nil ? try origin?.dataset(for: input.dataset, context) : nil
  }
}

extension Registry {
  /// The encoder of a saved model, from its kind and its settings as written.
  public func encoder(kind: String, text: String) throws -> any Encoder {
    guard let (declaration, bound) = try reading("encode \(kind) \(text)"),
      let command = try declaration.prepare(bound) as? any EncoderHolder
    else {
      throw Diagnostic("model.encoder", "the model was made for the code '\(kind)', which is not known here")
    }
    return command.encoder
  }
  /// Carries out one stage written with literals only, as files hold them.
  public func applied(_ text: String, to input: Value.Content, _ context: Context) throws -> Value.Content {
    guard let (declaration, bound) = try reading(text), declaration.accepts.contains(input.type) else {
      throw Diagnostic("file.stage", "'\(text)' is not known here")
    }
    let command = try declaration.prepare(bound)
    _ = try command.check(input.facts, context)
    return try command.run(input, context)
  }
  /// The declaration that a stage means, and its arguments.
  private func reading(_ text: String) throws -> (CommandDeclaration, [(name: String, argument: Argument)])? {
    guard case .pipeline(let pipeline)? = Parser.parse(Source(text)).program.lines.first?.statement,
      pipeline.stages.count == 1,
      case .call(let verb, var arguments, nil) = pipeline.stages[0].kind
    else { return nil }
    var name = verb.text
    if isFamily(name), case .word(let kind)? = arguments.first?.value.kind {
      name += " \(kind)"
      arguments.removeFirst()
    }
    guard let declaration = declarations(name).first else { return nil }
    var bound: [(name: String, argument: Argument)] = []
    for argument in arguments {
      guard let name = argument.name?.text, let value = Self.literal(argument.value) else { return nil }
      bound.append((name, value))
    }
    return (declaration, bound)
  }
  static func literal(_ expression: Expression) -> Argument? {
    switch expression.kind {
    case .number(let value, let unit):
      .quantity(unit.flatMap { Unit($0) }.map { Quantity(value, $0) } ?? Quantity(value))
    case .negate(let inner):
      if case .quantity(let q)? = literal(inner) { .quantity(Quantity(-q.value, q.dimension)) } else { nil }
    case .word("true"): .flag(true)
    case .word("false"): .flag(false)
    case .word(let word): .text(word)
    case .list(let items): .list(items.compactMap(literal))
    case .text(let pieces): .text(pieces.map { if case .literal(let text) = $0 { text } else { "" } }.joined())
    default: nil
    }
  }
}
/// A command that knows the encoder it makes.
protocol EncoderHolder { var encoder: any Encoder { get } }

internal import Compute
internal import Language
public import Spiking

extension Registry {
  /// Makes `encode KIND`.
  public mutating func register<E: Encoder & Declared>(encoder: E.Type) throws(RegistrationProblem) {
    var manual = E.manual
    manual.name = "encode \(manual.name)"
    let seed = SettingDescription(
      name: "seed", summary: "Start of the random numbers; that of the session by default.", form: .count)
    try register(
      CommandDeclaration(
        manual: manual, settings: E.described + (E.drawsAtRandom ? [seed] : []), accepts: [.dataset], gives: [.spikes]
      ) { (arguments) throws(SettingProblem) in
        let seed = arguments.first { $0.name == "seed" }.flatMap { Int(argument: $0.argument) }
        return EncoderCommand(encoder: try E().applying(arguments.filter { $0.name != "seed" }), seed: seed)
      })
  }
  /// Makes `drive KIND`.
  public mutating func register<D: Drive>(drive: D.Type, isDefault: Bool = false) throws(RegistrationProblem) {
    var manual = D.manual
    manual.name = "drive \(manual.name)"
    try register(
      CommandDeclaration(
        manual: manual, settings: DriveCommand.described(D.self) + DriveCommand.settings, accepts: [.neuron],
        gives: [.recording], isDefault: isDefault ? [.neuron] : []
      ) { (arguments) throws(SettingProblem) in
        let names = DriveCommand.settings.map(\.name)
        var command = try DriveCommand(D.self, arguments.filter { !names.contains($0.name) })
        for (name, argument) in arguments {
          if name == "for", let duration = Time(argument: argument) {
            guard duration > .zero else { throw SettingProblem("for", .refused("a run needs a length above 0")) }
            command.duration = duration
          }
          if name == "exact" { command.isExact = Bool(argument: argument) ?? false }
        }
        return command
      })
  }
}

extension CommandDeclaration {
  /// Makes `encode KIND` for an encoder that was declared while the program runs.
  public init(_ encoder: any RunTimeEncoder) {
    var manual = encoder.card
    manual.name = "encode \(manual.name)"
    let seed = SettingDescription(
      name: "seed", summary: "Start of the random numbers; that of the session by default.", form: .count)
    self.init(manual: manual, settings: encoder.described + [seed], accepts: [.dataset], gives: [.spikes]) {
      (arguments) throws(SettingProblem) in
      let seed = arguments.first { $0.name == "seed" }.flatMap { Int(argument: $0.argument) }
      return EncoderCommand(encoder: try encoder.applying(arguments.filter { $0.name != "seed" }), seed: seed)
    }
  }
}

private struct EncoderCommand: PreparedCommand, EncoderHolder {
  let encoder: any Encoder, seed: Int?
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .dataset(let outline) = input else { return .unknown }
    let code = try shaping { () throws(ShapeError) in try encoder.code(of: outline, dt: context.dt) }
    return .spikes(
      SpikesFacts(
        input: InputOutline(
          dataset: outline, encoderKind: encoder.kind, encoderText: encoder.settingsText, code: code, dt: context.dt),
        encoder: encoder))
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    guard case .dataset(let data) = input else {
      throw Diagnostic("types.stage", "a dataset is needed, not \(input.type.noun)")
    }
    try refuse(data, for: encoder)
    let seed = seed.map { UInt64(bitPattern: Int64($0)) } ?? context.seed
    return .spikes(try shaping { () throws(ShapeError) in try EncodedData(data, encoder, seed: seed, dt: context.dt) })
  }
}

extension Neuron {
  /// A current as a plain number in the neuron's unit; without a unit it is one already.
  public func current(_ given: Quantity, setting: String) throws(SettingProblem) -> Quantity {
    guard given.dimension != .none else { return given }
    if inputUnit.isEmpty { throw SettingProblem(setting, .wrongForm(.number(.none), .quantity(given))) }
    guard let unit = Unit(inputUnit), unit.dimension == given.dimension else {
      throw SettingProblem(
        setting, .refused("'\(kind)' takes a number, in \(inputUnit), not \(given.dimension.noun)"))
    }
    return Quantity(given.value / unit.factor)
  }
}

/// Refuses data with values that an encoder cannot take.
public func refuse(_ data: Dataset, for encoder: any Encoder) throws {
  guard let encoder = encoder as? any BoundedEncoder, let problem = data.firstValue(outside: encoder.bounds) else {
    return
  }
  throw Diagnostic(
    problem.value.isFinite ? "encode.input-out-of-range" : "encode.input-not-finite",
    "'\(encoder.kind)' takes values from \(encoder.bounds.lowerBound) to \(encoder.bounds.upperBound), not \(problem.text)",
    help: problem.remedy)
}

private struct DriveCommand: PreparedCommand {
  /// The source of current with arguments in the unit of the neuron.
  let source: @Sendable ((any Neuron)?) throws(SettingProblem) -> any Drive
  var duration = Time.ms(100), isExact = false

  static let settings = [
    SettingDescription(name: "for", summary: "Length of the run.", form: .number(.time), preset: "100ms"),
    SettingDescription(
      name: "exact", summary: "Solves the equation between spikes instead of stepping, where the neuron can.",
      form: .flag, preset: "false"),
    SettingDescription(
      name: "seed", summary: "Start of the random numbers; that of the session by default.", form: .count),
  ]
  static let limit = 20_000_000

  init<D: Drive>(_: D.Type, _ arguments: [(name: String, argument: Argument)]) throws(SettingProblem) {
    source = { (neuron) throws(SettingProblem) in
      var converted = arguments
      for (place, (name, argument)) in arguments.enumerated() where D.currentNames.contains(name) {
        if case .quantity(let quantity) = argument {
          converted[place].argument = .quantity(
            try neuron?.current(quantity, setting: name) ?? Quantity(quantity.value))
        }
      }
      return try D().applying(converted)
    }
    _ = try source(nil)
  }
  /// The settings of a source, its currents with any unit.
  static func described<D: Drive>(_: D.Type) -> [SettingDescription] {
    D.described.map { setting in
      var setting = setting
      if D.currentNames.contains(setting.name) { setting.form = .quantity }
      return setting
    }
  }

  private func steps(_ dt: Time) throws -> Int {
    let steps = duration / dt
    guard steps >= 1, steps <= Double(Self.limit) else {
      throw Diagnostic(
        "drive.length",
        steps < 1
          ? "a run of \(duration.argument.written) is shorter than a step of \(dt.argument.written)"
          : "a run of \(duration.argument.written) in steps of \(dt.argument.written) is longer than 20 million steps")
    }
    return Int(steps.rounded())
  }
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    _ = try steps(context.dt)
    guard case .neuron(let neuron) = input else { return .unknown }
    _ = try source(neuron)
    if isExact, neuron.capability((any ContinuousNeuron).self) == nil {
      throw Diagnostic("capability", "'exact' needs a closed solution; neuron '\(neuron.kind)' has none")
    }
    return .recording(RecordingFacts(layers: [neuron.kind], variables: neuron.variables, isNetwork: false))
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    guard case .neuron(let neuron) = input else {
      throw Diagnostic("types.stage", "a neuron is needed, not \(input.type.noun)")
    }
    let current = try source(neuron).currents(steps: try steps(context.dt), dt: context.dt, random: context.random)
    try context.poll()
    let recording = try simulate(
      neuron: neuron, current: current, dt: context.dt, exact: isExact, random: context.random.child("neuron"),
      poll: context.poll)
    try recording.requireNumbers()
    return .recording(recording)
  }
}
extension Recording {
  /// Refuses the course of a single neuron that has left the numbers, as equations may.
  public func requireNumbers() throws {
    for variable in layers[0].variables {
      guard let step = variable.values.firstIndex(where: { !$0.isFinite }) else { continue }
      let time = (Double(step + 1) * dt).argument.written
      throw Diagnostic(
        "drive.diverges", "'\(variable.name)' of neuron '\(layers[0].kind)' is no number any more after \(time)",
        help: "look at its equations; a smaller step is set with: set dt 0.1ms")
    }
  }
}

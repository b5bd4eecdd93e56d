internal import Engine
internal import Language
internal import Spiking

/// `evaluate`: how well a model answers, and at what cost, in one row.
struct Evaluate: Command, OnData {
  var data: DatasetArgument?, part: Part?, steps: Int?, seed: Int?
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.report], isMeasuring = true
  static let manual = Manual(
    "evaluate", "Tells how well a model answers, and at what cost.",
    details:
      "accuracy counts one answer per sample; accuracy_tied also counts a label among several that came first together. Where a number is to be answered at every step, loss is the mean squared error and nrmse its root over that of the numbers; where a class is, accuracy counts steps. Networks without spikes tell their multiplications instead of spikes and synaptic operations.",
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=1 | evaluate"
    ])
  static let settings: [Setting<Self>] = [
    .data, .part, Setting("steps", \.steps, "Another number of steps than that of the code.", in: 1...1e6),
    Setting("seed", \.seed, "Start of the random numbers of code and neurons; that of the model by default."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    .report(nil)
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let started = ContinuousClock.now
    let chosen = try selection(input, context)
    defer { context.surroundings.progress(nil) }
    let execution = try chosen.execution(context, steps: steps)
    let result = execution.evaluation(chosen.indices, chosen.part, of: chosen.data)
    let seconds = started.duration(to: .now).inSeconds
    if result.silentShare == 1 { Self.tellSilence(result, chosen.model, context) }
    let isTimed = chosen.model.network.nodes.last?.neuron is any SingleSpikeNeuron
    return .report(Self.report(result, chosen.model, isTimed: isTimed, chosen.data.dt, seconds))
  }
  /// Remarks that outputs did not spike, and whether anything was answered all the same.
  private static func tellSilence(_ result: Evaluation, _ model: Model, _ context: Context) {
    let levers = "\(levers(model)), more steps or longer training lets spikes through"
    if result.unanswered == 1 {
      context.notes.add("model.silent", "no output spiked for any sample, so nothing was answered", help: levers)
    } else {
      let isTimed = model.network.nodes.last?.neuron is any SingleSpikeNeuron
      context.notes.add(
        "model.silent", "no output spiked for any sample; the answers are those of the membranes",
        help: isTimed ? levers : "more steps let spikes through, as in: evaluate steps=\(10 * result.steps)")
    }
  }
  /// "a smaller tau or threshold", of the settings that its neurons have.
  private static func levers(_ model: Model) -> String {
    let declared = model.network.nodes.compactMap { $0.neuron as? any Declared }
    let known = declared.flatMap { type(of: $0).described.map(\.name) }
    let there = ["tau", "threshold"].filter(known.contains)
    return there.isEmpty ? "a longer window" : "a smaller \(there.joined(separator: " or "))"
  }
  /// The fields depend on the kind of model, not on what happened: rows of several runs fit below each other.
  private static func report(_ e: Evaluation, _ model: Model, isTimed: Bool, _ dt: Time, _ seconds: Double)
    -> Report
  {
    var fields: [Report.Field] = e.normalisedError.map { [.init("nrmse", $0)] } ?? [.init("accuracy", e.accuracy)]
    if isTimed || e.accuracyTied != nil {
      fields += [.init("accuracy_tied", e.accuracyTied ?? e.accuracy), .init("ties", e.tieShare)]
    }
    if let loss = e.loss { fields.append(.init("loss", loss)) }
    fields += [.init("samples", Double(e.samples)), .init("steps", Double(e.steps))]
    if isTimed || e.silentShare > 0 { fields.append(.init("silent", e.silentShare)) }
    if model.hasSpikes {
      fields += [.init("spikes_per_sample", e.spikesPerSample), .init("synaptic_operations", e.synapticOperations)]
    } else {
      fields.append(.init("multiplications", Double(model.multiplications)))
    }
    if isTimed || e.meanDecisionTime != nil {
      fields.append(.init("decision_time", (e.meanDecisionTime ?? .nan) * dt.seconds, dimension: .time))
    }
    fields.append(.init("seconds", seconds, dimension: .time))
    return Report("evaluate", fields)
  }
}

/// `predict`: one row per sample.
struct Predict: Command, OnData {
  var data: DatasetArgument?, part: Part?, steps: Int?, seed: Int?
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "predict", "Tells the answer to every sample.",
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=1 | predict | where answer != label"
    ])
  static let settings: [Setting<Self>] = [
    .data, .part, Setting("steps", \.steps, "Another number of steps than that of the code.", in: 1...1e6),
    Setting("seed", \.seed, "Start of the random numbers of code and neurons; that of the model by default."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    .table([
      .init("sample"), .init("label"), .init("answer"), .init("correct", .flag), .init("decision_time", .number(.time)),
    ])
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let chosen = try selection(input, context)
    defer { context.surroundings.progress(nil) }
    let outcomes = try chosen.execution(context, steps: steps).outcomes(chosen.indices, chosen.part, of: chosen.data)
    let dt = chosen.data.dt.seconds
    return .table(
      Table([
        Table.Column("sample", counts: Array(chosen.indices.prefix(outcomes.count))),
        Table.Column("label", counts: outcomes.map(\.label)),
        Table.Column("answer", outcomes.map { $0.answer.map(Double.init) ?? .nan }),
        Table.Column("correct", outcomes.map { Cell.flag($0.isCorrect) }),
        Table.Column(
          "decision_time", outcomes.map { $0.decisionTime.map { Double($0) * dt } ?? .nan }, dimension: .time),
      ]))
  }
}

/// `curve`: accuracy if the run had ended after each step.
struct Curve: Command, OnData {
  var data: DatasetArgument?, part: Part?, steps: Int?, seed: Int?
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "curve", "Tells the accuracy if the run had ended after each step.",
    examples: [
      "data glyphs | take train=200 test=50 | encode direct steps=4 | dense 30 | neuron lif tau=5ms | dense 10 | train bptt epochs=2 | curve"
    ])
  static let settings: [Setting<Self>] = [
    .data, .part, Setting("steps", \.steps, "Another number of steps than that of the code.", in: 1...1e6),
    Setting("seed", \.seed, "Start of the random numbers of code and neurons; that of the model by default."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts { .table([.init("step"), .init("accuracy")]) }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let chosen = try selection(input, context)
    defer { context.surroundings.progress(nil) }
    let curve = try chosen.execution(context, steps: steps).curve(chosen.indices, chosen.part, of: chosen.data)
    guard !curve.isEmpty else {
      throw Diagnostic(
        "model.curve", "the answers of this model do not build up step by step",
        help: "for spike times there is plot deadline")
    }
    return .table(Table([Table.Column("step", counts: Array(1...curve.count)), Table.Column("accuracy", curve)]))
  }
}

internal import Engine
internal import Language
internal import Spiking

/// `evaluate`: how well a model answers, and at what cost, in one row.
struct Evaluate: Command, OnData {
  var data: DatasetArgument?, part: Part?, steps: Int?
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.report], isMeasuring = true
  static let manual = Manual(
    "evaluate", "Tells how well a model answers, and at what cost.",
    details:
      "accuracy counts one answer per sample; accuracy_tied also counts a label among several that came first together.",
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=1 | evaluate"
    ])
  static let settings: [Setting<Self>] = [
    .data, .part, Setting("steps", \.steps, "Another number of steps than that of the code.", in: 1...1e6),
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
    let isTimed = chosen.model.network.nodes.last?.neuron is any SingleSpikeNeuron
    return .report(Self.report(result, isTimed: isTimed, chosen.data.dt, seconds))
  }
  /// The fields depend on the kind of model, not on what happened: rows of several runs fit below each other.
  private static func report(_ e: Evaluation, isTimed: Bool, _ dt: Time, _ seconds: Double) -> Report {
    var fields: [Report.Field] = [.init("accuracy", e.accuracy)]
    if isTimed || e.accuracyTied != nil {
      fields += [.init("accuracy_tied", e.accuracyTied ?? e.accuracy), .init("ties", e.tieShare)]
    }
    if let loss = e.loss { fields.append(.init("loss", loss)) }
    fields += [.init("samples", Double(e.samples)), .init("steps", Double(e.steps))]
    if isTimed || e.silentShare > 0 { fields.append(.init("silent", e.silentShare)) }
    fields += [.init("spikes_per_sample", e.spikesPerSample), .init("synaptic_operations", e.synapticOperations)]
    if isTimed || e.meanDecisionTime != nil {
      fields.append(.init("decision_time", (e.meanDecisionTime ?? .nan) * dt.seconds, dimension: .time))
    }
    fields.append(.init("seconds", seconds, dimension: .time))
    return Report("evaluate", fields)
  }
}

/// `predict`: one row per sample.
struct Predict: Command, OnData {
  var data: DatasetArgument?, part: Part?, steps: Int?
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "predict", "Tells the answer to every sample.",
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=1 | predict | where answer != label"
    ])
  static let settings: [Setting<Self>] = [
    .data, .part, Setting("steps", \.steps, "Another number of steps than that of the code.", in: 1...1e6),
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
  var data: DatasetArgument?, part: Part?, steps: Int?
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "curve", "Tells the accuracy if the run had ended after each step.",
    examples: [
      "data glyphs | take train=200 test=50 | encode direct steps=4 | dense 30 | neuron lif tau=5ms | dense 10 | train bptt epochs=2 | curve"
    ])
  static let settings: [Setting<Self>] = [
    .data, .part, Setting("steps", \.steps, "Another number of steps than that of the code.", in: 1...1e6),
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

/// `activity`: what each layer does, over the samples of a part.
struct Activity: Command, OnData {
  var data: DatasetArgument?, part: Part?, samples = 100
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "activity", "Tells how much each layer spikes.",
    details:
      "rate is spikes per neuron and step, spikes per sample; silent is the share of neurons that never spike, saturated of those that spike at every step; entropy, in bits, is that of a neuron being in the state it is in at a step.",
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=1 | activity"
    ])
  static let settings: [Setting<Self>] = [
    .data, .part, Setting("samples", \.samples, "Samples looked at.", in: 1...1e6),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    .table([.init("layer", .text)] + ["neurons", "rate", "spikes", "silent", "saturated", "entropy"].map { .init($0) })
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let chosen = try selection(input, context), execution = try chosen.execution(context)
    defer { context.surroundings.progress(nil) }
    var tallies: [LayerTally] = []
    for index in chosen.indices.prefix(samples) {
      let recording = execution.record(index, chosen.part, of: chosen.data)
      for (place, layer) in ([recording.input] + recording.populations).enumerated() {
        if place == tallies.count { tallies.append(LayerTally(layer.name, layer.spikes.neurons)) }
        tallies[place].add(layer.spikes)
      }
      if context.isInterrupted() { break }
    }
    return .table(
      Table([
        Table.Column("layer", texts: tallies.map(\.name)), Table.Column("neurons", counts: tallies.map(\.neurons)),
        Table.Column("rate", tallies.map(\.rate)), Table.Column("spikes", tallies.map(\.spikesPerSample)),
        Table.Column("silent", tallies.map(\.silent)), Table.Column("saturated", tallies.map(\.saturated)),
        Table.Column("entropy", tallies.map(\.entropy)),
      ]))
  }
}
/// Counts of a layer's spikes over samples.
private struct LayerTally {
  let name: String, neurons: Int
  private var counts: [Int], negative = 0, steps = 0, samples = 0
  init(_ name: String, _ neurons: Int) {
    (self.name, self.neurons, counts) = (name, neurons, Array(repeating: 0, count: neurons))
  }

  mutating func add(_ raster: SpikeRaster) {
    (steps, samples) = (steps + raster.steps, samples + 1)
    for (place, sign) in raster.signs.enumerated() where sign != 0 {
      counts[place % neurons] += 1
      if sign < 0 { negative += 1 }
    }
  }
  private var total: Double { Double(counts.reduce(0, +)) }
  private var chances: Double { max(1, Double(steps) * Double(neurons)) }
  var rate: Double { total / chances }
  var spikesPerSample: Double { total / Double(max(1, samples)) }
  var silent: Double { Double(counts.count { $0 == 0 }) / Double(max(1, neurons)) }
  var saturated: Double { Double(counts.count { $0 == steps && steps > 0 }) / Double(max(1, neurons)) }
  var entropy: Double {
    let shares = [1 - rate, (total - Double(negative)) / chances, Double(negative) / chances]
    return shares.reduce(0) { $1 > 0 ? $0 - $1 * binaryLogarithm($1) : $0 }
  }
}

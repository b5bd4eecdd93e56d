internal import Engine
internal import Language
internal import Spiking

/// `measure`: what a neuron did, in one row.
struct Measure: Command {
  var layer = "", neuron = 0
  static let accepts: [ValueType] = [.recording], gives: [ValueType] = [.report], isMeasuring = true
  static let manual = Manual(
    "measure", "Tells rate, spikes, first spike, intervals and range of the membrane of one neuron.",
    details:
      "isi_cv is the standard deviation of the intervals over their mean. Entries that need more spikes than there are stay empty.",
    examples: ["neuron lif | drive current=1.5 for=1s | measure"])
  static let settings: [Setting<Self>] = [
    Setting("layer", \.layer, "Layer of the neuron; the last by default.", form: .text),
    Setting("neuron", \.neuron, "Its number.", in: 0...1e9),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    .report([
      .init("rate", .number(.frequency)), .init("spikes"), .init("first_spike", .number(.time)),
      .init("isi_mean", .number(.time)),
      .init("isi_cv"), .init("v_min"), .init("v_max"),
    ])
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let recording = try input.recording()
    let record = try recording.layer(named: layer)
    try record.require(neuron)
    let train = record.train(of: neuron, dt: recording.dt)
    let steps = record.spikes.spikeSteps(of: neuron)
    let times = record.trains == nil ? steps.map { Double($0 + 1) * recording.dt.seconds } : train.times.map(\.seconds)
    // Between steps intervals are counted, which keeps equal ones equal.
    let intervals =
      record.trains == nil
      ? zip(steps.dropFirst(), steps).map { Double($0 - $1) * recording.dt.seconds }
      : zip(times.dropFirst(), times).map { $0 - $1 }
    let membrane = record.variables.first.flatMap { record.trace($0.name, of: neuron) } ?? []
    return .report(
      Report(
        "measure",
        [
          .init("rate", Double(times.count) / recording.duration.seconds, dimension: .frequency),
          .init("spikes", Double(times.count)),
          .init("first_spike", times.first ?? .nan, dimension: .time),
          .init("isi_mean", intervals.mean, dimension: .time),
          .init("isi_cv", intervals.count > 1 ? intervals.deviation / intervals.mean : .nan),
          .init("v_min", membrane.min() ?? .nan), .init("v_max", membrane.max() ?? .nan),
        ]))
  }
}

/// `at 35ms`: every neuron's variables at one moment.
struct At: Command {
  var moment = TimeOrSteps.steps(0)
  static let accepts: [ValueType] = [.recording], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "at",
    "Tells the state of every neuron at one moment: a time, or a number of steps; 0 is the state before the first.",
    examples: ["neuron lif | drive current=1.2 | at 35ms"])
  static let settings: [Setting<Self>] = [
    Setting("moment", \.moment, "A time, or a number of steps.", positional: true, required: true)
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .recording(let facts) = input else { return .table(nil) }
    var seen: Set<String> = []
    let variables = facts.variables.map(\.name).filter { seen.insert($0).inserted }
    return .table([.init("layer", .text), .init("neuron")] + variables.map { .init($0) } + [.init("spike")])
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let recording = try input.recording(), step = moment.steps(of: recording.dt)
    guard (0...recording.steps).contains(step) else {
      throw Diagnostic(
        "at.outside",
        "the recording ends at \(Quantity(recording.duration.seconds, .time).written()) (\(recording.steps) steps)",
        help: "moments are steps from 0 to \(recording.steps)")
    }
    let states = recording.state(after: step)
    var names: [String] = []
    for layer in recording.layers {
      for variable in layer.variables where !names.contains(variable.name) { names.append(variable.name) }
    }
    let columns = names.map { name in
      Table.Column(name, states.map { state in state.values.first { $0.name == name }?.value ?? .nan })
    }
    return .table(
      Table(
        [Table.Column("layer", texts: states.map(\.layer)), Table.Column("neuron", counts: states.map(\.neuron))]
          + columns
          + [Table.Column("spike", counts: states.map(\.spike))]))
  }
}

extension Recording {
  /// Layers that spike, as against those that only pass numbers on.
  var populations: [LayerRecord] {
    let spiking = layers.filter { $0.threshold != nil || $0.spikes.count > 0 }
    return spiking.isEmpty ? layers : spiking
  }
  /// The layer of that name; without one the last that spikes.
  func layer(named name: String) throws -> LayerRecord {
    if name.isEmpty { if let last = populations.last { return last } }
    if name == "input" { return input }
    guard let layer = self[name] else {
      throw Diagnostic(
        "name.layer", "the recording has no layer '\(name)'",
        help: "there are \(layers.map(\.name).joined(separator: ", "))")
    }
    return layer
  }
}
extension LayerRecord {
  func require(_ neuron: Int) throws {
    guard neuron < spikes.neurons else {
      throw Diagnostic(
        "name.neuron",
        "layer '\(name)' has \(spikes.neurons) neuron\(spikes.neurons == 1 ? "" : "s"), counted from 0; there is no \(neuron)"
      )
    }
  }
}

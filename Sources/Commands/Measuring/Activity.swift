internal import Engine
internal import Language
internal import Spiking

/// `activity`: what each layer does, over the samples of a part.
struct Activity: Command, OnData {
  var data: DatasetArgument?, part: Part?, samples = 100
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "activity", "Tells how much each layer spikes, or what it puts out where nothing spikes.",
    details:
      "rate is spikes per neuron and step, spikes per sample; silent is the share of neurons that never spike, saturated of those that spike at every step; entropy, in bits, is that of a neuron being in the state it is in at a step. Layers that send whole quanta tell more: levels, largest − smallest number + 1; bits, log₂ of it; sig, mean bit length of the number without its sign; pop, mean number of ones in it; density, share of numbers that are not 0; adds, mean size, the additions for each weight where quanta go one by one; the entropy is that of the numbers. In networks without spikes: mean, sd and largest of what a layer puts out, zero, the share of values that are 0, and silent, of units that are 0 for every sample.",
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=1 | activity"
    ])
  static let settings: [Setting<Self>] = [
    .data, .part, Setting("samples", \.samples, "Samples looked at.", in: 1...1e6),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .model(let facts) = input else { return .table(nil) }
    let quanta = facts.model.sendsQuanta ? QuantumColumns.names : []
    let names =
      facts.model.hasSpikes ? ["rate", "spikes", "silent", "saturated", "entropy"] + quanta : ValueTally.columns
    return .table([.init("layer", .text), .init("neurons")] + names.map { .init($0) })
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let chosen = try selection(input, context)
    guard chosen.model.hasSpikes else { return .table(try values(chosen, context)) }
    var tallies: [LayerTally] = []
    try chosen.eachRecording(of: samples, context) { LayerTally.add([$0.input] + $0.populations, to: &tallies) }
    return .table(
      Table(
        [
          Table.Column("layer", texts: tallies.map(\.name)), Table.Column("neurons", counts: tallies.map(\.neurons)),
          Table.Column("rate", tallies.map(\.rate)), Table.Column("spikes", tallies.map(\.spikesPerSample)),
          Table.Column("silent", tallies.map(\.silent)), Table.Column("saturated", tallies.map(\.saturated)),
          Table.Column("entropy", tallies.map(\.entropy)),
        ] + (chosen.model.sendsQuanta ? QuantumColumns.columns(tallies.map(\.quanta)) : [])))
  }
  /// What the layers of a network without spikes put out.
  private func values(_ chosen: Selection, _ context: Context) throws -> Table {
    var tallies: [ValueTally] = []
    try chosen.eachRecording(of: samples, context) { recording in
      for (place, layer) in ([recording.input] + recording.layers).enumerated() {
        if place == tallies.count { tallies.append(ValueTally(layer.name, layer.spikes.neurons)) }
        tallies[place].add(layer.variables.first?.values ?? [])
      }
    }
    return Table(
      [Table.Column("layer", texts: tallies.map(\.name)), Table.Column("neurons", counts: tallies.map(\.neurons))]
        + ValueTally.columns.enumerated().map { k, name in Table.Column(name, tallies.map { $0.row[k] }) })
  }
}
/// What quantised signals tell beside their spikes; empty for other layers.
private enum QuantumColumns {
  static let names = ["levels", "bits", "sig", "pop", "density", "adds"]
  static func columns(_ statistics: [QuantumStatistics?]) -> [Table.Column] {
    names.enumerated().map { k, name in
      Table.Column(name, statistics.map { $0.map { values($0)[k] } ?? .nan })
    }
  }
  private static func values(_ s: QuantumStatistics) -> [Double] {
    [Double(s.levels), s.bits, s.sig, s.pop, s.density, s.adds]
  }
}
/// Sums over the values that a layer puts out, over steps and samples.
private struct ValueTally {
  static let columns = ["mean", "sd", "largest", "zero", "silent"]
  let name: String, neurons: Int
  private var isActive: [Bool], count = 0.0, sum = 0.0, squares = 0.0, largest = -Double.infinity, zeros = 0.0
  init(_ name: String, _ neurons: Int) {
    (self.name, self.neurons, isActive) = (name, neurons, Array(repeating: false, count: neurons))
  }

  mutating func add(_ values: [Double]) {
    for (place, value) in values.enumerated() {
      (count, sum, squares, largest) = (count + 1, sum + value, squares + value * value, max(largest, value))
      if value == 0 { zeros += 1 } else { isActive[place % neurons] = true }
    }
  }
  /// In the order of the columns.
  var row: [Double] {
    let n = max(1, count), mean = sum / n
    return [
      mean, max(0, squares / n - mean * mean).squareRoot(), largest, zeros / n,
      Double(isActive.count { !$0 }) / Double(max(1, neurons)),
    ]
  }
}

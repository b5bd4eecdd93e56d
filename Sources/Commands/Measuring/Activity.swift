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
      "rate is spikes per neuron and step, spikes per sample; silent is the share of neurons that never spike, saturated of those that spike at every step; entropy, in bits, is that of a neuron being in the state it is in at a step. In networks without spikes: mean, sd and largest of what a layer puts out, zero, the share of values that are 0, and silent, of units that are 0 for every sample.",
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=1 | activity"
    ])
  static let settings: [Setting<Self>] = [
    .data, .part, Setting("samples", \.samples, "Samples looked at.", in: 1...1e6),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .model(let facts) = input else { return .table(nil) }
    let names = facts.model.hasSpikes ? ["rate", "spikes", "silent", "saturated", "entropy"] : ValueTally.columns
    return .table([.init("layer", .text), .init("neurons")] + names.map { .init($0) })
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let chosen = try selection(input, context)
    guard chosen.model.hasSpikes else { return .table(try values(chosen, context)) }
    var tallies: [LayerTally] = []
    try chosen.eachRecording(of: samples, context) { LayerTally.add([$0.input] + $0.populations, to: &tallies) }
    return .table(
      Table([
        Table.Column("layer", texts: tallies.map(\.name)), Table.Column("neurons", counts: tallies.map(\.neurons)),
        Table.Column("rate", tallies.map(\.rate)), Table.Column("spikes", tallies.map(\.spikesPerSample)),
        Table.Column("silent", tallies.map(\.silent)), Table.Column("saturated", tallies.map(\.saturated)),
        Table.Column("entropy", tallies.map(\.entropy)),
      ]))
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

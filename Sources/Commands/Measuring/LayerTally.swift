internal import Spiking

/// Counts of a layer's spikes over samples.
struct LayerTally {
  let name: String, neurons: Int
  private var counts: [Int], negative = 0, steps = 0, samples = 0
  /// Of layers that send quanta.
  private(set) var quanta: QuantumStatistics?
  init(_ name: String, _ neurons: Int) {
    (self.name, self.neurons, counts) = (name, neurons, Array(repeating: 0, count: neurons))
  }

  /// Adds a recording's layers to their tallies, made where there are none yet.
  static func add(_ layers: [LayerRecord], to tallies: inout [LayerTally]) {
    for (place, layer) in layers.enumerated() {
      if place == tallies.count { tallies.append(LayerTally(layer.name, layer.spikes.neurons)) }
      tallies[place].add(layer.spikes)
      if let numbers = layer.quanta { tallies[place].add(numbers) }
    }
  }
  mutating func add(_ raster: SpikeRaster) {
    (steps, samples) = (steps + raster.steps, samples + 1)
    for (place, sign) in raster.signs.enumerated() where sign != 0 {
      counts[place % neurons] += 1
      if sign < 0 { negative += 1 }
    }
  }
  private mutating func add(_ numbers: [Int]) {
    var sum = quanta ?? QuantumStatistics()
    sum.add(numbers)
    quanta = sum
  }
  private var total: Double { Double(counts.reduce(0, +)) }
  private var chances: Double { max(1, Double(steps) * Double(neurons)) }
  var rate: Double { total / chances }
  var spikesPerSample: Double { total / Double(max(1, samples)) }
  var silent: Double { Double(counts.count { $0 == 0 }) / Double(max(1, neurons)) }
  var saturated: Double { Double(counts.count { $0 == steps && steps > 0 }) / Double(max(1, neurons)) }
  var positiveRate: Double { (total - Double(negative)) / chances }
  var negativeRate: Double { Double(negative) / chances }
  /// −Σ p log₂ p over silence and either sign, or over all numbers of quanta, in bits.
  var entropy: Double {
    if let quanta { return quanta.entropy }
    let shares = [1 - rate, positiveRate, negativeRate]
    return shares.reduce(0) { $1 > 0 ? $0 - $1 * binaryLogarithm($1) : $0 }
  }
}

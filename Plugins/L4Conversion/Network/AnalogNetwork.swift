internal import Compute
internal import Spiking

/// A trained network of rectifiers with its values: what schemes measure, adjust and scale.
struct AnalogNetwork: Sendable {
  var network: Network, chain: Chain, parameters: Parameters
  let machine: Machine

  /// The network with normalisations folded and without dropout.
  static func folding(_ network: Network, _ parameters: Parameters, _ machine: Machine) throws(ConversionProblem)
    -> AnalogNetwork
  {
    let folded: Network, values: Parameters
    do throws(ShapeError) { folded = try network.folded() } catch { throw ConversionProblem(error.code, error.message) }
    do throws(VarianceProblem) { values = try parameters.folded(from: network, to: folded) } catch {
      throw ConversionProblem(
        "convert.bn-variance",
        "layer \(error.index), '\(error.layer)', has the variance \(error.variance) in channel \(error.channel), and none is below 0",
        remedy: "train it again")
    }
    return try AnalogNetwork(folded, values, machine)
  }
  /// - Throws: weights that are no numbers, with layer and row.
  init(_ network: Network, _ parameters: Parameters, _ machine: Machine) throws(ConversionProblem) {
    (self.network, self.parameters, self.machine) = (network, parameters, machine)
    chain = try Chain(network)
    for stage in chain.stages {
      guard let row = incoming(stage).firstIndex(where: { !$0.allSatisfy(\.isFinite) }) else { continue }
      throw Chain.refused(
        stage.linear, "weights-not-finite", "has a weight in row \(row) that is not a number",
        remedy: "train it again, with a smaller rate")
    }
    for stage in chain.stages {
      guard let row = bias(stage)?.firstIndex(where: { !$0.isFinite }) else { continue }
      throw Chain.refused(
        stage.linear, "weights-not-finite", "has a bias in row \(row) that is not a number",
        remedy: "train it again, with a smaller rate")
    }
  }
  var stages: [Chain.Stage] { chain.stages }

  private func entry(_ stage: Chain.Stage, _ role: ParameterRole) -> ParameterLayout.Entry? {
    parameters.layout.entries[stage.linear.slots].first { $0.spec.role == role }
  }
  /// Incoming weights, one row per neuron or filter: over inputs, or channels × height × width.
  func incoming(_ stage: Chain.Stage) -> [[Double]] {
    guard let entry = entry(stage, .weight) else { return [] }
    let values = parameters.values(of: entry), units = stage.units, inputs = values.count / max(1, units)
    let isInputMajor = stage.linear.layer is Dense
    return (0..<units).map { j in
      (0..<inputs).map { i in Double(values[isInputMajor ? i * units + j : j * inputs + i]) }
    }
  }
  /// One bias per unit, nil where there are none.
  func bias(_ stage: Chain.Stage) -> [Double]? {
    entry(stage, .bias).map { parameters.values(of: $0).map(Double.init) }
  }
  var hasBias: Bool { stages.contains { bias($0)?.contains { $0 != 0 } ?? false } }

  /// W ← G·W, b ← G·b
  mutating func scaleRows(_ stage: Chain.Stage, by gains: [Double]) {
    stage.layer.scaleOutputs(by: gains.map(Float.init), of: stage.linear, in: &parameters, bias: true)
  }
  /// W ← W·G, one gain per unit of the stage before.
  mutating func scaleColumns(_ stage: Chain.Stage, by gains: [Double]) {
    stage.layer.scaleInputs(by: gains.map(Float.init), of: stage.linear, in: &parameters)
  }
  /// b ← c·b
  mutating func scaleBias(_ stage: Chain.Stage, by factor: Double) {
    guard factor != 1, let entry = entry(stage, .bias) else { return }
    parameters.set(entry, parameters.values(of: entry).map { Float(Double($0) * factor) })
  }

  /// Calls `body` with the activations max(0, z) of every stage for each batch of samples: [sample][units × places].
  func eachBatch(
    _ data: EncodedData, _ indices: [Int], _ part: Part,
    _ body: (_ activations: [Tensor], _ labels: [Int]) throws(ConversionProblem) -> Void
  ) throws(ConversionProblem) {
    for first in stride(from: 0, to: indices.count, by: 100) {
      let chosen = Array(indices[first..<min(indices.count, first + 100)])
      var pass = Pass(machine: machine, dt: data.dt, parameters: parameters)
      let tape = network.trace(data.clocked(chosen, part, machine: machine), &pass)
      try body(
        stages.map { stage in
          var values = tape[stage.last.index + 1].values
          if stage.rectifier == nil {
            let count = values.count
            values.write { v in for i in 0..<count where !(v[i] > 0) { v[i] = 0 } }
          }
          return values
        }, data.labels(chosen, part))
    }
  }
  /// Share of right answers.
  func accuracy(_ data: EncodedData, _ indices: [Int], _ part: Part, _ run: ConversionRun) throws(ConversionProblem)
    -> Double
  {
    var correct = 0
    for first in stride(from: 0, to: indices.count, by: 100) {
      try run.poll()
      let chosen = Array(indices[first..<min(indices.count, first + 100)])
      var pass = Pass(machine: machine, dt: data.dt, parameters: parameters)
      let output = network.forward(data.clocked(chosen, part, machine: machine), &pass), n = network.output.count
      for (row, label) in data.labels(chosen, part).enumerated() {
        let scores = (0..<n).map { output.values[row * n + $0] }
        if Outcome(scores: scores, label: label).isCorrect { correct += 1 }
      }
    }
    return Double(correct) / Double(max(1, indices.count))
  }
}

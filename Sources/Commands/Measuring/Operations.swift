internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `operations`: what a run costs in each layer.
struct Operations: Command, OnData {
  enum Constants: String, Choice {
    case cmos, neuromorphic
    var model: EnergyModel { self == .cmos ? .cmos45 : .neuromorphic }
  }
  var data: DatasetArgument?, part: Part?, samples = 100, constants = Constants.cmos
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "operations", "Tells what a run costs in each layer with weights and behind it, and the energy it would take.",
    equation: "E = multiplications·e_mul + additions·e_add + comparisons·e_cmp",
    reference:
      "M. Horowitz, ISSCC 2014, doi:10.1109/ISSCC.2014.6757323; neuromorphic: Y. Guo et al., 2024, arXiv:2312.06372",
    details: """
      Per sample. additions: synapses that receive a spike; multiplications: those of a layer that reads numbers, as the \
      first one behind encode direct does, where a still image counts once; comparisons: neurons × steps, twice for \
      spikes of both signs. dense and dense_energy: the same layers run once on numbers. Layers lmu, lstm and gru tell the whole sequence: \
      quanta are additions one by one, the memory itself is multiplied. Energies without memory \
      traffic: cmos 4.6, 0.9 and 0.9 pJ (45 nm, 32-bit floats), neuromorphic 12.5 pJ, 77 fJ and 3.7 pJ.
      """,
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=1 | operations"
    ])
  static let settings: [Setting<Self>] = [
    .data, .part, Setting("samples", \.samples, "Samples looked at.", in: 1...1e6),
    Setting("constants", \.constants, "What an operation costs."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .model(let facts) = input else { return .table(nil) }
    let spiking: [Facts.Field] = [
      .init("multiplications"), .init("additions"), .init("comparisons"), .init("energy", .number(.energy)),
    ]
    return .table(
      [.init("layer", .text)] + (facts.model.hasSpikes ? spiking : []) + [
        .init("dense"), .init("dense_energy", .number(.energy)),
      ])
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let chosen = try selection(input, context)
    var tallies = chosen.model.network.nodes.compactMap { LayerCost($0, chosen.model) }
    var seen = 0.0
    try chosen.eachRecording(of: samples, context) { recording in
      for i in tallies.indices { tallies[i].add(recording) }
      seen += 1
    }
    return .table(table(tallies, samples: max(1, seen), isSpiking: chosen.model.hasSpikes))
  }
  private func table(_ costs: [LayerCost], samples: Double, isSpiking: Bool) -> Table {
    let model = constants.model
    let energies = costs.map {
      model.energy(
        multiplications: $0.multiplications(samples), additions: $0.additions / samples,
        comparisons: $0.comparisons / samples)
    }
    let spiking = [
      Table.Column("multiplications", costs.map { $0.multiplications(samples) }),
      Table.Column("additions", costs.map { $0.additions / samples }),
      Table.Column("comparisons", costs.map { $0.comparisons / samples }),
      Table.Column("energy", energies, dimension: .energy),
    ]
    return Table(
      [Table.Column("layer", texts: costs.map(\.name))] + (isSpiking ? spiking : []) + [
        Table.Column("dense", costs.map(\.dense)),
        Table.Column("dense_energy", costs.map { $0.dense * model.multiplication }, dimension: .energy),
      ])
  }
}

/// What a layer with weights and the neurons behind it cost, summed over samples.
private struct LayerCost {
  let name: String
  private(set) var dense: Double
  private let fanOut: [Int], source: String?, population: String?, signs: Double, isSpiking: Bool, repeats: Double
  private(set) var additions = 0.0, comparisons = 0.0
  /// Of a layer with a time loop of its own, summed over samples.
  private var recurrent = RunCost(), node: Node?
  func multiplications(_ samples: Double) -> Double {
    node == nil ? (isSpiking ? 0 : dense * repeats) : recurrent.multiplications / samples
  }

  /// Nil for layers without weights.
  init?(_ node: Node, _ model: Model) {
    if node.layer is any RecurrentLayer {
      (name, dense, fanOut, source, population) = (node.name, 0, [], nil, nil)
      (signs, isSpiking, repeats) = (1, false, 1)
      self.node = node
      return
    }
    guard case .linear(let layer) = node.layer.role else { return nil }
    let network = model.network
    name = node.name
    fanOut = layer.fanOut(of: node)
    dense = Double(fanOut.reduce(0, +))
    source = network.before(node)?.name
    isSpiking = network.isSpiking(signal: node.source, input: model.input.code.alphabet)
    repeats = network.isStill(signal: node.source, model.input.code) ? 1 : Double(model.input.code.steps)
    var behind = network.readers(ofSignal: node.index + 1).first
    while let next = behind, next.neuron == nil {
      if case .linear = next.layer.role {
        behind = nil
      } else {
        behind = network.readers(ofSignal: next.index + 1).first
      }
    }
    population = behind?.name
    signs = behind?.neuron?.alphabet == .ternary ? 2 : 1
  }
  private mutating func add(_ recording: Recording, of layer: any RecurrentLayer, _ node: Node) {
    let records = recording.layers.filter { $0.name == node.name || $0.name.hasPrefix(node.name + ".") }
    let cost = layer.cost(of: node, records, steps: recording.steps)
    recurrent.multiplications += cost.multiplications
    additions += cost.additions
    comparisons += cost.comparisons
    dense = cost.dense
  }
  mutating func add(_ recording: Recording) {
    if let node, let layer = node.layer as? any RecurrentLayer { return add(recording, of: layer, node) }
    if let population, let layer = recording[population] {
      comparisons += signs * Double(layer.spikes.steps * layer.spikes.neurons)
    }
    guard isSpiking else { return }
    let layer = source.flatMap { recording[$0] }
    if let quanta = layer?.quanta {
      // Quanta go one by one.
      for (k, n) in quanta.enumerated() where n != 0 { additions += Double(abs(n) * fanOut[k % fanOut.count]) }
    } else if let values = layer?.variables.first(where: { $0.name == "output" })?.values {
      for (k, value) in values.enumerated() where value != 0 { additions += Double(fanOut[k % fanOut.count]) }
    } else {
      let spikes = (layer ?? recording.input).spikes
      for i in 0..<min(spikes.neurons, fanOut.count) { additions += Double(spikes.count(of: i) * fanOut[i]) }
    }
  }
}
extension Network {
  /// Whether a signal is the same at every step, so that it is multiplied once.
  fileprivate func isStill(signal: Int, _ code: Code) -> Bool {
    guard signal > 0 else { return code.isConstant }
    let node = nodes[signal - 1]
    return node.neuron == nil && isStill(signal: node.source, code)
      && (node.other.map { isStill(signal: $0, code) } ?? true)
  }
}

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
  var padding = LayerCost.Padding.skipped
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "operations", "Tells what a run costs in each layer with weights and behind it, and the energy it would take.",
    equation: "E = multiplications·e_mul + additions·e_add + comparisons·e_cmp",
    reference:
      "M. Horowitz, ISSCC 2014, doi:10.1109/ISSCC.2014.6757323; neuromorphic: Y. Guo et al., 2024, arXiv:2312.06372",
    details: """
      Per sample. spikes: those of the neurons behind the layer; additions: synapses that receive a spike, or a mean of \
      spikes that is not 0; multiplications: those of a layer that reads numbers, as the first one behind encode direct \
      does, where a still image counts once; added: of layers that could be run either way, the share of steps in which \
      additions were the faster one; comparisons: neurons × steps, twice for spikes of both signs. binary_additions and \
      binary_energy: the same weights behind neurons without negative spikes; dense and dense_energy: the same layers \
      run once on numbers. Layers lmu, lstm and gru tell the whole sequence: quanta are additions one by one, the memory \
      itself is multiplied. Energies without memory traffic: cmos 4.6, 0.9 and 0.9 pJ (45 nm, 32-bit floats), \
      neuromorphic 12.5 pJ, 77 fJ and 3.7 pJ.
      """,
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=1 | operations",
      "data glyphs | take train=200 test=50 | encode direct steps=2 | conv 4 | neuron ternary | dense 10 | operations padding=counted constants=neuromorphic",
    ])
  static let settings: [Setting<Self>] = [
    .data, .part, Setting("samples", \.samples, "Samples looked at.", in: 1...1e6),
    Setting("constants", \.constants, "What an operation costs."),
    Setting(
      "padding", \.padding, "Whether weights that fall onto the zeros around an image count, as in published numbers."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .model(let facts) = input else { return .table(nil) }
    let spiking: [Facts.Field] = [
      .init("spikes"), .init("multiplications"), .init("additions"), .init("added"), .init("comparisons"),
      .init("energy", .number(.energy)),
    ]
    let binary: [Facts.Field] = [.init("binary_additions"), .init("binary_energy", .number(.energy))]
    return .table(
      [.init("layer", .text)] + (facts.model.hasSpikes ? spiking : [])
        + (facts.model.network.unsigned == nil ? [] : binary) + [
          .init("dense"), .init("dense_energy", .number(.energy)),
        ])
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    var chosen = try selection(input, context)
    let costs = try costs(chosen, context), network = chosen.model.network
    var columns = [Table.Column("layer", texts: costs.map(\.name))]
    if chosen.model.hasSpikes {
      columns += [
        Table.Column("spikes", costs.map(\.spikes)), Table.Column("multiplications", costs.map(\.multiplications)),
        Table.Column("additions", costs.map(\.additions)), Table.Column("added", costs.map { $0.added ?? .nan }),
        Table.Column("comparisons", costs.map(\.comparisons)),
        Table.Column("energy", costs.map(energy), dimension: .energy),
      ]
    }
    if let unsigned = network.unsigned {
      chosen.model.network = unsigned
      let binary = try self.costs(chosen, context)
      columns += [
        Table.Column("binary_additions", binary.map(\.additions)),
        Table.Column("binary_energy", binary.map(energy), dimension: .energy),
      ]
    }
    columns += [
      Table.Column("dense", costs.map(\.dense)),
      Table.Column("dense_energy", costs.map { $0.dense * constants.model.multiplication }, dimension: .energy),
    ]
    return .table(Table(columns))
  }
  /// The mean over samples.
  private func costs(_ chosen: Selection, _ context: Context) throws -> [LayerCost] {
    var costs = chosen.model.network.nodes.compactMap { LayerCost($0, chosen.model, padding) }
    var seen = 0.0
    try chosen.eachRecording(of: samples, context) { recording in
      for i in costs.indices { costs[i].add(recording) }
      seen += 1
    }
    return costs.map { $0.mean(over: max(1, seen)) }
  }
  private func energy(_ cost: LayerCost) -> Double {
    constants.model.energy(
      multiplications: cost.multiplications, additions: cost.additions, comparisons: cost.comparisons)
  }
}
extension Network {
  /// The network without negative spikes; nil where there are none.
  fileprivate var unsigned: Network? {
    func signed(_ node: Node) -> (any SignedNeuron)? {
      guard node.layer is Population, let neuron = node.neuron, neuron.alphabet == .ternary else { return nil }
      return neuron.capability((any SignedNeuron).self)
    }
    guard nodes.contains(where: { signed($0) != nil }) else { return nil }
    return replacing { node in signed(node).map { Population($0.unsigned) } ?? node.layer }
  }
}

internal import Classic
internal import Compute
internal import L4ConversionKernels
internal import Spiking

/// A converted network with its weights laid out in whole numbers.
struct ConvertedNetwork: Sendable {
  /// A linear layer and the neurons behind it; the last may have none.
  struct Layer: Sendable {
    var linear: Node, population: Node?
    var synapses: WholeSynapses, numbering: Numbering
    var reset: Int32, start: Int32
    /// Steps that its input spikes are late.
    var delay: Int
    /// One per neuron or channel, or one for all, in the unit of the activations.
    var thresholds: [Float]
    var name: String { population?.name ?? linear.name }
    var isHard: Bool { reset == Int32(SOMA_L4_HARD) }
    /// Whether at most one spike a step leaves at most one threshold, as what stays in registers needs.
    var isSimple: Bool { (reset == Int32(SOMA_L4_SOFT) || isHard) && start < synapses.threshold }
    /// Whether blocks in registers can run it.
    var isBlocked: Bool { synapses.blockWidth > 0 && isSimple }
    /// Neurons with the padding of blocks.
    var width: Int {
      let block = synapses.blockWidth
      return block > 0 ? (synapses.outputs + block - 1) / block * block : synapses.outputs
    }
    /// What is added in every step when nothing arrives.
    var bias: [Int32] { synapses.bias + Array(repeating: 0, count: width - synapses.outputs) }
    func threshold(_ outside: Int) -> Float { thresholds[outside / max(1, synapses.outputs / thresholds.count)] }
    func raw(_ constant: UnsafePointer<Int32>) -> soma_l4_layer {
      soma_l4_layer(
        outputs: synapses.outputs, threshold: synapses.threshold, reset: reset, constant: constant)
    }
  }
  let layers: [Layer], readOut: ReadOut, network: Network, parameters: Parameters
  let peak: Double, code: RateCode.Kind
  let inputs: Int, classes: Int

  /// Nil where the model was not converted, or holds layers of other sorts.
  init?(_ model: Model) {
    guard let parameters = model.parameters, let last = model.network.nodes.last, let readOut = last.layer as? ReadOut,
      let kind = RateCode.Kind(rawValue: model.input.encoderKind)
    else { return nil }
    (network, self.parameters, self.readOut, code) = (model.network, parameters, readOut, kind)
    peak = Self.peak(model.input.encoderText)
    var reader = Reader(parameters, input: model.network.input)
    for node in model.network.nodes.dropLast() { guard reader.read(node) else { return nil } }
    guard let layers = reader.finished(), !layers.isEmpty else { return nil }
    self.layers = layers
    (inputs, classes) = (model.network.input.count, model.network.output.count)
  }
  private static func peak(_ settings: String) -> Double {
    let rate = settings.split(separator: " ").first { $0.hasPrefix("rate=") }
    return rate.flatMap { Double($0.dropFirst(5)) } ?? 1
  }

  /// Reads a network from its input to its output.
  private struct Reader {
    let parameters: Parameters
    var source: Numbering, pools: [Node] = [], heights: [Float] = [], delay = 0
    var linear: Node?, layers: [Layer] = []

    init(_ parameters: Parameters, input: Shape) {
      self.parameters = parameters
      // Inputs come in the order of the image.
      source = Numbering([input.count])
    }
    mutating func read(_ node: Node) -> Bool {
      switch node.layer.role {
      case .linear:
        guard linear == nil else { return false }
        linear = node
        return true
      case .neurons(let neuron):
        // Neurons behind a pool have it for their synapses.
        guard let linear = linear ?? pools.popLast(), let neuron = neuron as? IntegrateAndFire,
          neuron.reset != .delayed, neuron.refractory == .zero
        else { return false }
        let own = node.layer is OwnThresholds
        let thresholds =
          own ? parameters.values(of: parameters.layout.entries[node.slots.lowerBound]) : [Float(neuron.threshold)]
        guard thresholds.allSatisfy({ $0 > 0 && $0.isFinite }), append(linear, node, neuron, thresholds) else {
          return false
        }
        (heights, self.linear, pools, delay) = (own ? thresholds : [], nil, [], 0)
        source = Numbering(linear.output)
        return true
      case .passive(.average):
        guard linear == nil, node.layer is Pool else { return false }
        pools.append(node)
        return true
      case .passive(.reshape), .passive(.dropout): return true
      case .opaque:
        guard let late = node.layer as? AxonDelay, linear == nil else { return false }
        delay += late.steps
        return true
      case .passive, .rectifier, .normalisation, .sum: return false
      }
    }
    private mutating func append(
      _ linear: Node, _ population: Node?, _ neuron: IntegrateAndFire?, _ thresholds: [Float]
    ) -> Bool {
      guard
        let synapses = WholeSynapses(
          linear, parameters, source: source, pools: pools, heights: heights, thresholds: thresholds)
      else { return false }
      let reset: Int32 =
        switch neuron?.reset {
        case .subtract: Int32(SOMA_L4_SOFT)
        case .zero: Int32(SOMA_L4_HARD)
        case .modulo: Int32(SOMA_L4_MODULO)
        case .burst: Int32(SOMA_L4_BURST)
        case .delayed, nil: Int32(SOMA_L4_NONE)
        }
      layers.append(
        Layer(
          linear: linear, population: population, synapses: synapses, numbering: Numbering(linear.output), reset: reset,
          start: synapses.whole(neuron?.v0 ?? 0), delay: delay, thresholds: thresholds))
      return true
    }
    /// The layers; a linear one at the end adds up charge.
    mutating func finished() -> [Layer]? {
      if let linear {
        guard append(linear, nil, nil, [1]) else { return nil }
      } else if !pools.isEmpty || delay > 0 {
        return nil
      }
      return layers
    }
  }
}

internal import L4ConversionKernels

/// The ways to run a layer; all give the same spikes.
enum LayerForm: Hashable {
  /// Rows of weights added to potentials; runs everything.
  case scattered
  /// The same for dense layers, with blocks of outputs in registers.
  case blocked
  /// The same for convolutions, with the channels of a place in registers.
  case windowed
  /// Products of matrices over whole steps, silent inputs included.
  case multiplied

  /// Additions per multiplication from which products are faster: the ratio of the speeds of their loops.
  ///
  /// Measured on one thread with AVX-512 (docs/results.md): products 75 G multiplications a second, rows 20 G additions,
  /// blocks 30 G. Windows are as fast as a product even where all inputs spike.
  var breakEven: Double {
    switch self {
    case .scattered: 0.25
    case .blocked: 0.4
    case .windowed, .multiplied: .infinity
    }
  }
}

/// Who chooses: the density of the spikes, or a test.
enum FormChoice { case measured, events, products }

extension Simulation {
  /// The form of a layer for the spikes of one sample.
  func chosenForm(_ state: State, _ layer: ConvertedNetwork.Layer, _ steps: Int) -> LayerForm {
    guard state.events.raised.multiplicity == nil else { return .scattered }
    let sparse = sparseForm(layer)
    guard choice != .events, let products = layer.synapses.products else { return sparse }
    if choice == .products { return .multiplied }
    let sum =
      additions(of: state.events.raised, in: layer, within: steps)
      + (state.events.lowered.map { additions(of: $0, in: layer, within: steps) } ?? 0)
    return Double(sum) > sparse.breakEven * Double(products.work * steps) ? .multiplied : sparse
  }
  private func sparseForm(_ layer: ConvertedNetwork.Layer) -> LayerForm {
    if layer.isBlocked { return .blocked }
    let hasWindows = layer.synapses.windows != nil && layer.isSimple
    return hasWindows && form == Int32(SOMA_L4_FASTEST) && soma_l4_has_windows() != 0 ? .windowed : .scattered
  }

  /// A layer's spikes over some steps, sample by sample.
  func spikes(_ states: [State], _ layer: ConvertedNetwork.Layer, _ l: Int, _ steps: Int) -> [EventList] {
    var lists = states.map { _ in EventList(silent: 0) }
    for (form, places) in Dictionary(grouping: states.indices, by: { chosenForm(states[$0], layer, steps) }) {
      let present = places.map { states[$0] }, sent: [EventList]
      switch form {
      case .blocked: sent = blocked(present, layer, l, steps)
      case .scattered: sent = present.map { general($0, layer, l, steps, traces: nil) }
      case .windowed:
        guard let windows = layer.synapses.windows else { preconditionFailure("a convolution has windows") }
        sent = present.map { windowed($0, layer, l, steps, windows) }
      case .multiplied:
        guard let products = layer.synapses.products else { preconditionFailure("products are chosen where exact") }
        sent = present.map { multiplied($0, layer, l, steps, products) }
      }
      for (place, list) in zip(places, sent) { lists[place] = list }
    }
    return lists
  }
}

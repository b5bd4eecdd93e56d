internal import Classic
internal import Compute
internal import L4ConversionKernels
internal import Spiking

/// Runs a handful of samples of a converted network together, layer by layer over pieces of the run.
///
/// Nothing here depends on which samples run together: spikes belong to (seed, sample, step, input), and sums of whole
/// numbers to no order.
struct Simulation {
  let network: ConvertedNetwork, steps: Int, machine: Machine, form: Int32
  /// Whether the spikes of every neuron, and the answers after every step, are kept.
  var keepsCounts = false, keepsAnswers = true
  var choice = FormChoice.measured
  /// Steps that are run at a time; a run does not depend on it.
  var piece: Int { network.readOut.exit > 0 ? 16 : 128 }

  final class State {
    let input: InputEvents
    var run: SampleRun, isRunning = true
    var potential: [AlignedBuffer<Int32>], constant: [Int32], held: [EventList]
    /// Of the present piece of the run: what was drawn, and what the layer under way gets.
    var drawn: InputEvents.Piece, events: InputEvents.Piece
    /// What has arrived at every layer behind the first.
    var arrived: [EventList] = []

    init(_ input: InputEvents, _ label: Int, _ network: ConvertedNetwork) {
      self.input = input
      let layers = network.layers
      potential = layers.map { layer in
        let memory = AlignedBuffer<Int32>(zeros: layer.width)
        for j in 0..<layer.synapses.outputs { memory[j] = layer.start }
        return memory
      }
      constant = layers[0].bias
      held = layers.map { EventList(silent: $0.delay) }
      drawn = InputEvents.Piece(raised: EventList(silent: 0))
      events = drawn
      let neurons = layers.count { $0.population != nil }
      let isSpiking = layers.last?.population != nil
      run = SampleRun(
        label: label, tally: Tally(classes: network.classes, start: isSpiking ? layers[layers.count - 1].start : 0),
        spikes: Array(repeating: 0, count: neurons + 1))
    }
  }

  func run(_ indices: [Int], _ part: Part, of data: EncodedData) -> [SampleRun] {
    let states = states(indices, part, data)
    for first in Swift.stride(from: 0, to: steps, by: piece) {
      advance(states.filter(\.isRunning), from: first, steps: min(piece, steps - first))
      if !states.contains(where: \.isRunning) { break }
    }
    guard keepsAnswers else { return states.map(\.run) }
    return states.map { state in
      // What has ended stays as it is.
      for _ in state.run.byCount.count..<steps {
        state.run.byCount.append(state.run.byCount.last ?? 0)
        state.run.byCharge.append(state.run.byCharge.last ?? 0)
      }
      return state.run
    }
  }

  // MARK: Inputs

  func states(_ indices: [Int], _ part: Part, _ data: EncodedData, complements: Bool = true) -> [State] {
    guard let view = data.dataset[part] else { return [] }
    let first = network.layers[0], rates = RateCode(network.code, peak: network.peak)
    let complements =
      complements && network.code == .bernoulli && network.layers.count > 1 && first.isBlocked && first.delay == 0
      && network.peak > 0.5
    let currents = network.code == .analog ? constants(indices, part, data) : []
    return indices.enumerated().map { place, index in
      let input = InputEvents(
        view.sample(index), rates, random: data.random(index, part, epoch: 0), complements: complements)
      let state = State(input, view.label(index), network)
      if network.code == .analog { state.constant = currents[place] }
      if keepsCounts {
        state.run.counts = network.layers.filter { $0.population != nil }.map {
          Array(repeating: 0, count: $0.synapses.outputs)
        }
      }
      if complements { addAlwaysOn(state, first) }
      if network.code == .analog {
        state.run.spikes[0] = input.activeCount
        state.run.operations = view.sample(index).enumerated().reduce(0) {
          $0 + ($1.element != 0 ? first.synapses.fanOut[$1.offset] : 0)
        }
      }
      return state
    }
  }
  /// Rows of inputs that are always on.
  private func addAlwaysOn(_ state: State, _ layer: ConvertedNetwork.Layer) {
    let width = layer.synapses.blockWidth, inputs = network.inputs
    state.constant.withUnsafeMutableBufferPointer { constant in
      guard let base = constant.baseAddress else { return }
      for block in 0..<layer.width / width {
        soma_l4_add_rows(
          layer.synapses.blocks.base + block * inputs * width, width, state.input.on, state.input.on.count,
          base + block * width)
      }
    }
  }
  /// The charge that an analog input brings to the first neurons in every step, bias included.
  private func constants(_ indices: [Int], _ part: Part, _ data: EncodedData) -> [[Int32]] {
    let layer = network.layers[0], n = layer.synapses.outputs
    var pass = Pass(machine: machine, dt: data.dt, parameters: network.parameters)
    var signal = data.clocked(indices, part)
    for node in network.network.nodes[...layer.linear.index] { signal = node.layer.forward(signal, at: node, &pass) }
    return indices.indices.map { row in
      (0..<layer.width).map { inside in
        guard inside < n else { return 0 }
        let outside = layer.numbering.outside(inside)
        return layer.synapses.whole(Double(signal.values[row * n + outside]) / Double(layer.threshold(outside)))
      }
    }
  }

  // MARK: Steps

  private func advance(_ states: [State], from first: Int, steps: Int) {
    for state in states {
      state.drawn = state.input.piece(from: first, steps: steps)
      state.events = state.drawn
    }
    var sent: [[EventList]] = []
    for state in states { state.arrived = [] }
    for (l, layer) in network.layers.enumerated() {
      for (place, state) in states.enumerated() {
        if l > 0 { state.events = InputEvents.Piece(raised: sent[l - 1][place]) }
        if layer.delay > 0 {
          state.events.raised = state.events.raised.delayed(by: layer.delay, held: &state.held[l])
        }
        if l > 0 { state.arrived.append(state.events.raised) }
      }
      if l == network.layers.count - 1 { return finish(states, layer, l, sent, steps, from: first) }
      sent.append(spikes(states, layer, l, steps))
    }
  }
  private func count(_ state: State, inputs steps: Int) {
    guard network.code != .analog else { return }
    let spikes = state.drawn.spikes(within: steps)
    state.run.spikes[0] += spikes
    state.run.operations += operations(state.drawn.raised, network.layers[0], spikes, steps)
  }
  /// Additions that the first `steps` steps of spikes cause.
  private func operations(_ events: EventList, _ layer: ConvertedNetwork.Layer, _ spikes: Int, _ steps: Int) -> Int {
    layer.synapses.blockWidth > 0
      ? spikes * layer.synapses.outputs : additions(of: events, in: layer, within: steps)
  }
  /// The same for a list without inputs that count as always on.
  func additions(of events: EventList, in layer: ConvertedNetwork.Layer, within steps: Int) -> Int {
    let count = events.count(within: steps)
    if layer.synapses.blockWidth > 0 { return count * layer.synapses.outputs }
    return events.index[..<count].reduce(0) { $0 + layer.synapses.fanOut[Int($1)] }
  }

  func blocked(_ states: [State], _ layer: ConvertedNetwork.Layer, _ l: Int, _ steps: Int) -> [EventList] {
    let width = layer.synapses.blockWidth, count = layer.width / width, words = (layer.width + 63) / 64
    let sources = layer.synapses.fanOut.count, bias = layer.bias
    let fired = AlignedBuffer<UInt64>(zeros: states.count * steps * words)
    let bits = UnsafeMutableRawPointer(fired.base).assumingMemoryBound(to: UInt16.self)
    for block in 0..<count {
      let weights = layer.synapses.blocks.base + block * sources * width
      for (place, state) in states.enumerated() {
        let constant = l == 0 ? state.constant : bias
        constant.withUnsafeBufferPointer { constant in
          guard let base = constant.baseAddress else { return }
          state.events.raised.read { raised in
            func run(_ lowered: UnsafePointer<soma_l4_events>?) {
              soma_l4_dense_block(
                weights, width, base + block * width, &raised, lowered, steps, layer.synapses.threshold,
                layer.isHard ? 1 : 0, state.potential[l].base + block * width,
                bits + 4 * place * steps * words + block * width / 16, 4 * words, form)
            }
            if let lowered = state.events.lowered { lowered.read { run(&$0) } } else { run(nil) }
          }
        }
      }
    }
    return states.indices.map { place in
      let bits = fired.base + place * steps * words
      var first = [UInt32](repeating: 0, count: steps + 1)
      let index = [UInt32](unsafeUninitializedCapacity: soma_l4_count(bits, steps * words) + 2) { index, count in
        count = soma_l4_list(bits, words, steps, index.baseAddress, &first)
      }
      return EventList(index: index, first: first)
    }
  }

  /// Potentials of a layer before and after firing, [step][neuron, inside numbering].
  struct Traces { let before: UnsafeMutablePointer<Int32>, after: UnsafeMutablePointer<Int32> }

  func general(_ state: State, _ layer: ConvertedNetwork.Layer, _ l: Int, _ steps: Int, traces: Traces?) -> EventList {
    let n = layer.synapses.outputs, isBurst = layer.reset == Int32(SOMA_L4_BURST)
    var first = [UInt32](repeating: 0, count: steps + 1), times = [UInt32](repeating: 0, count: isBurst ? n * steps : 0)
    var wide = [Int64](repeating: 0, count: state.events.raised.multiplicity == nil ? 0 : n)
    let constant = l == 0 ? state.constant : layer.bias
    var synapses = layer.synapses.raw
    let index = [UInt32](unsafeUninitializedCapacity: n * steps + 1) { index, count in
      constant.withUnsafeBufferPointer { constant in
        guard let base = constant.baseAddress else { return }
        var raw = layer.raw(base)
        state.events.raised.read { events in
          times.withUnsafeMutableBufferPointer { times in
            wide.withUnsafeMutableBufferPointer { wide in
              soma_l4_run(
                &raw, &synapses, &events, steps, state.potential[l].base, index.baseAddress, &first,
                isBurst ? times.baseAddress : nil, traces?.before, traces?.after, wide.baseAddress)
            }
          }
        }
      }
      count = Int(first[steps])
    }
    return EventList(index: index, first: first, multiplicity: isBurst ? Array(times.prefix(index.count)) : nil)
  }

  // MARK: Outputs

  private func finish(
    _ states: [State], _ layer: ConvertedNetwork.Layer, _ l: Int, _ sent: [[EventList]], _ steps: Int, from first: Int
  ) {
    let n = layer.synapses.outputs
    let before = AlignedBuffer<Int32>(zeros: steps * n), after = AlignedBuffer<Int32>(zeros: steps * n)
    let traces = Traces(before: before.base, after: after.base)
    defer { withExtendedLifetime((before, after)) {} }
    for (place, state) in states.enumerated() {
      let fired = general(state, layer, l, steps, traces: traces)
      let used = decide(state, layer, fired, traces, steps, from: first)
      for k in 0..<l { add(sent[k][place], ofLayer: k, to: state, within: used) }
      if layer.population != nil { add(fired, ofLayer: l, to: state, within: used) }
      count(state, inputs: used)
    }
  }
  private func add(_ events: EventList, ofLayer l: Int, to state: State, within steps: Int) {
    let spikes = events.count(within: steps)
    state.run.spikes[l + 1] += spikes
    if l + 1 < network.layers.count {
      let arrived = state.arrived[l]
      state.run.operations += operations(arrived, network.layers[l + 1], arrived.count(within: steps), steps)
    }
    guard keepsCounts else { return }
    let numbering = network.layers[l].numbering
    for e in 0..<spikes {
      state.run.counts[l][numbering.outside(Int(events.index[e]))] += events.multiplicity?[e] ?? 1
    }
  }
  /// Follows the outputs step by step; returns how many steps count.
  private func decide(
    _ state: State, _ layer: ConvertedNetwork.Layer, _ fired: EventList, _ traces: Traces, _ steps: Int, from first: Int
  ) -> Int {
    let n = layer.synapses.outputs, numbering = layer.numbering, ties = network.readOut.ties
    for t in 0..<steps {
      for e in fired.range(t) {
        state.run.tally.counts[numbering.outside(Int(fired.index[e]))] += Int(fired.multiplicity?[e] ?? 1)
      }
      let earlier = state.run.tally.potential
      state.run.tally.add(
        arrived: { Int64(traces.before[t * n + numbering.inside($0)]) - Int64(earlier[$0]) },
        after: { traces.after[t * n + numbering.inside($0)] })
      if keepsAnswers {
        state.run.byCount.append(Int32(state.run.tally.answerByCount(ties)))
        state.run.byCharge.append(Int32(state.run.tally.answerByCharge))
      }
      if state.run.tally.isDecided(network.readOut) {
        state.run.exit = first + t + 1
        state.isRunning = false
        return t + 1
      }
    }
    return steps
  }
}

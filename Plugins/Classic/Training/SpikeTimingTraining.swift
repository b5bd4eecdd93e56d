internal import Compute
public import Spiking

/// Unsupervised learning by spike timing, with the classes named afterwards.
///
/// For a network of one dense layer, one population, and a dense layer with an output per class. While a sample is shown the
/// neurons compete: the one that fires first sets all others back, and its synapses learn from the traces x of their inputs,
///
///     w ← w + η·(x − x₀·max x),   w between 0 and 1, the mean of the weights of a neuron kept
///
/// and a threshold that rises with every win lets others have their turn. The network that results has these thresholds
/// folded into its weights, and a last layer in which each neuron votes for the class it answered most.
///
/// - Reference: P. U. Diehl, M. Cook, Front. Comput. Neurosci. 9:99, 2015, doi:10.3389/fncom.2015.00099.
public struct SpikeTimingTraining: Trainer {
  public var epochs = 1, rate = 0.1, trace = Time.ms(20), target = 0.4, strength = 0.05
  public var fatigue = 0.01
  public init() {}

  public static let manual = Manual(
    "stdp", "Learns without labels, from the times of spikes; classes are named afterwards.",
    equation: "w ← w + η·(x − x₀) when the neuron fires, x the trace of the input",
    reference: "P. U. Diehl, M. Cook, Front. Comput. Neurosci. 9:99, 2015, doi:10.3389/fncom.2015.00099",
    details:
      "For dense, neuron, dense with one output per class. Neurons compete while a sample is shown; at the end each votes for the class it answered most.",
    examples: [
      "data glyphs | take train=200 test=50 | encode bernoulli steps=50 rate=0.2 | dense 40 bias=false | neuron lif | dense 10 bias=false | train stdp"
    ])
  public static let settings: [Setting<Self>] = [
    Setting("epochs", \.epochs, "How often all samples are shown.", in: 1...1e6),
    Setting("rate", \.rate, "Size of a step, η.", in: 1e-9...1),
    Setting("trace", \.trace, "How long an input is remembered.", in: 1e-6...1e3),
    Setting("target", \.target, "Trace above which a synapse grows, x₀, as a share of the largest.", in: 0...1),
    Setting("strength", \.strength, "Mean of the weights of a neuron, which is kept.", in: 1e-6...1),
    Setting("fatigue", \.fatigue, "How much a win raises the threshold, as a share of it.", in: 0...10),
  ]

  public func missing(in network: Network) -> [Missing] {
    let nodes = network.nodes
    guard nodes.count == 3, nodes[0].layer is Dense, nodes[1].neuron != nil, nodes[2].layer is Dense else {
      let form = "a network of the form dense, neuron, dense"
      return nodes.isEmpty
        ? [Missing(layer: "input", kind: "no layers", capability: form)] : nodes.map { Missing($0, form) }
    }
    return [nodes[0], nodes[2]].compactMap { node in
      guard let dense = node.layer as? Dense, dense.weights == .real, !dense.hasBias else {
        return Missing(node, "real weights without bias, as in dense \(node.output.count) bias=false")
      }
      return nil
    }
  }
  public func missing(in input: InputOutline, encoder: (any Encoder)?) -> [Missing] {
    input.code.isConstant ? [Missing(layer: "input", kind: input.encoderKind, capability: "spikes over time")] : []
  }

  public func train(_ model: Model, on data: EncodedData, _ run: TrainingRun) throws -> Model {
    if let first = (missing(in: model.network) + missing(in: data.outline, encoder: data.encoder)).first { throw first }
    var competition = Competition(self, model.initialised(seed: run.seed), data, run)
    return try competition.train()
  }
}

/// One run of the trainer.
private struct Competition {
  let trainer: SpikeTimingTraining, data: EncodedData, run: TrainingRun
  let inputs: Int, neurons: Int, part: Part, samples: Int, fingerprint: UInt64
  var cycle: TrainingCycle
  var model: Model
  /// Input-major, as the layer stores them; between 0 and 1.
  var weights: [Float]
  /// Thresholds as multiples of that of the neuron.
  var thresholds: [Float]
  /// How often each neuron has won while each class was shown, neuron by neuron.
  var wins: [Float]
  var position = 0, start = 0

  init(_ trainer: SpikeTimingTraining, _ model: Model, _ data: EncodedData, _ run: TrainingRun) {
    (self.trainer, self.data, self.run, self.model) = (trainer, data, run, model)
    let dense = model.network.nodes[0]
    (inputs, neurons) = (dense.input.count, dense.output.count)
    part = data.dataset.learningPart
    (samples, start, fingerprint) = (data.count(part), model.epochs, data.fingerprint(part))
    cycle = TrainingCycle(start: start, length: trainer.epochs)
    thresholds = [Float](repeating: 1, count: neurons)
    wins = [Float](repeating: 0, count: neurons * model.network.output.count)
    weights = []
    if let state = model.training?.holding(for: data), state.trainer == trainer.kind,
      let kept = state.vectors["weights"], kept.count == inputs * neurons,
      let raised = state.vectors["thresholds"], raised.count == neurons
    {
      (weights, thresholds, position) = (kept, raised, state.position)
      if let won = state.vectors["wins"], won.count == wins.count { wins = won }
      if state.epoch == start { cycle = TrainingCycle(after: state, epochs: trainer.epochs) }
    } else {
      let random = run.random("stdp").child("weights")
      weights = (0..<inputs * neurons).map { 0.3 * random.uniform($0) }
      balance()
    }
  }
  /// Keeps the sum of the weights of each neuron.
  private mutating func balance() {
    for j in 0..<neurons { balance(j) }
  }
  private mutating func balance(_ j: Int) {
    var sum: Float = 0
    for i in 0..<inputs { sum += weights[i * neurons + j] }
    let scale = Float(trainer.strength) * Float(inputs) / max(sum, 1e-6)
    for i in 0..<inputs { weights[i * neurons + j] = min(1, weights[i * neurons + j] * scale) }
  }

  mutating func train() throws -> Model {
    for epoch in start..<start + trainer.epochs {
      if epoch >= cycle.end { cycle = TrainingCycle(start: epoch, length: start + trainer.epochs - epoch) }
      let started = ContinuousClock.now, order = run.random("stdp").child(epoch).shuffled(samples)
      let first = position
      while position < samples {
        guard !run.isInterrupted(), show(order[position], epoch) else {
          return interrupted(epoch)
        }
        position += 1
        let done = Double(epoch - start) + Double(position) / Double(samples)
        run.report(
          Progress(
            epoch: epoch - start + 1, of: trainer.epochs, fraction: done / Double(trainer.epochs),
            rate: Double(position - first) / max(1e-9, started.duration(to: .now).inSeconds)))
      }
      guard let accuracy = nameClasses() else { return interrupted(epoch) }
      position = 0
      model.history.append(
        EpochRecord(epoch: epoch + 1, accuracy: accuracy, seconds: started.duration(to: .now).inSeconds))
      keep(epoch + 1)
      try run.checkpoint?(model)
    }
    return model
  }
  /// The model as it stands in the midst of an epoch; its neurons vote by what they won, which takes no time to find out.
  private mutating func interrupted(_ epoch: Int) -> Model {
    if position > 0 { store(means: wins, samples: [Float](repeating: 1, count: classes)) }
    keep(epoch)
    return model
  }
  private mutating func keep(_ epoch: Int) {
    var state = TrainingState(
      trainer: trainer.kind, epoch: epoch, position: position, seed: run.seed,
      vectors: ["weights": weights, "thresholds": thresholds, "wins": wins])
    state.data = fingerprint
    cycle.write(to: &state.numbers)
    model.training = state
  }

  // MARK: Learning

  /// Learns from one sample; false where the user interrupted, and then nothing is learnt from it.
  private mutating func show(_ index: Int, _ epoch: Int) -> Bool {
    let before = (weights, thresholds, wins), label = data.labels([index], part)[0]
    let signal = data.clocked(
      [index], part, epoch: epoch, augmentedBy: run.augmentation(epoch: epoch), machine: run.machine)
    let race = Race(model.network.nodes[1], neurons, dt: run.dt, random: run.random("noise").child(epoch).child(index))
    let fade = Float(decay(run.dt / trainer.trace))
    var traces = [Float](repeating: 0, count: inputs), currents = [Float](repeating: 0, count: neurons)
    for t in 0..<signal.steps {
      if t & 0x7F == 0x7F, run.isInterrupted() {
        (weights, thresholds, wins) = before
        return false
      }
      for j in 0..<neurons { currents[j] = 0 }
      for i in 0..<inputs {
        traces[i] *= fade
        let spike = signal.values[t * signal.stride + i]
        guard spike != 0 else { continue }
        traces[i] += spike
        for j in 0..<neurons { currents[j] += spike * weights[i * neurons + j] }
      }
      for j in 0..<neurons { currents[j] /= thresholds[j] }
      guard let winner = race.step(currents) else { continue }
      if label < classes { wins[winner * classes + label] += 1 }
      learn(winner, traces)
    }
    return true
  }
  private mutating func learn(_ winner: Int, _ traces: [Float]) {
    let rate = Float(trainer.rate), target = Float(trainer.target) * (traces.max() ?? 0)
    for i in 0..<inputs {
      let place = i * neurons + winner
      weights[place] = max(0, min(1, weights[place] + rate * (traces[i] - target)))
    }
    balance(winner)
    thresholds[winner] *= 1 + Float(trainer.fatigue)
    // Only differences between neurons matter.
    let mean = thresholds.reduce(0, +) / Float(neurons)
    for j in 0..<neurons { thresholds[j] /= mean }
  }

  // MARK: Naming

  /// Stores the weights with the thresholds folded in, and lets each neuron vote for the class it answers most.
  ///
  /// - Returns: the share of right answers on the training part; nil where the user interrupted, and nothing is stored.
  private mutating func nameClasses() -> Double? {
    guard let responses = responses(folded) else { return nil }
    var sums = [Float](repeating: 0, count: neurons * classes), counts = [Float](repeating: 0, count: classes)
    for (response, label) in responses where label < classes {
      counts[label] += 1
      for j in 0..<neurons { sums[j * classes + label] += response[j] }
    }
    let votes = store(means: sums, samples: counts)
    let right = responses.count { response, label in
      let scores = (0..<classes).map { c in
        (0..<neurons).reduce(Float(0)) { $0 + response[$1] * votes[$1 * classes + c] }
      }
      return (scores.max() ?? 0) > 0 && scores.indices.max { scores[$0] < scores[$1] } == label
    }
    return Double(right) / Double(max(1, responses.count))
  }
  private var classes: Int { model.network.output.count }
  /// Weights with the thresholds folded in.
  private var folded: [Float] {
    var folded = weights
    for place in folded.indices { folded[place] /= thresholds[place % neurons] }
    return folded
  }
  /// Stores folded weights and the votes: 1 over the members of the class that a neuron answers most.
  ///
  /// - Parameters:
  ///   - sums: spikes of each neuron for each class, neuron by neuron.
  ///   - samples: how many samples of each class they were counted on.
  @discardableResult
  private mutating func store(means sums: [Float], samples: [Float]) -> [Float] {
    var votes = [Float](repeating: 0, count: neurons * classes), members = [Float](repeating: 0, count: classes)
    for j in 0..<neurons {
      let row = (0..<classes).map { sums[j * classes + $0] / max(1, samples[$0]) }
      guard let best = row.indices.max(by: { row[$0] < row[$1] }), row[best] > 0 else { continue }
      votes[j * classes + best] = 1
      members[best] += 1
    }
    for place in votes.indices { votes[place] /= max(1, members[place % classes]) }
    let entries = model.network.layout.entries, nodes = model.network.nodes, folded = folded
    model.parameters?.set(entries[nodes[0].slots.lowerBound], folded)
    model.parameters?.set(entries[nodes[2].slots.lowerBound], votes)
    return votes
  }
  /// Spikes of each neuron for each sample, without competition; nil where the user interrupted.
  private func responses(_ folded: [Float]) -> [(spikes: [Float], label: Int)]? {
    guard var parameters = model.parameters else { return [] }
    parameters.set(parameters.layout.entries[model.network.nodes[0].slots.lowerBound], folded)
    var result: [(spikes: [Float], label: Int)] = []
    let hidden = model.network.nodes.prefix(2)
    let operations = Double(data.code.steps) * Double(inputs) * Double(neurons)
    let size = max(1, min(50, Int(5e8 / operations)))
    for first in stride(from: 0, to: samples, by: size) {
      if run.isInterrupted() { return nil }
      let indices = Array(first..<min(samples, first + size))
      var pass = Pass(machine: run.machine, dt: run.dt, parameters: parameters, random: run.random("naming"))
      pass.samples = data.bankIndices(indices, part)
      var signal = data.clocked(indices, part, machine: run.machine)
      for node in hidden { signal = node.layer.forward(signal, at: node, &pass) }
      let labels = data.labels(indices, part)
      for row in indices.indices {
        var counts = [Float](repeating: 0, count: neurons)
        for t in 0..<signal.steps {
          for j in 0..<neurons { counts[j] += signal.values[t * signal.stride + row * neurons + j] }
        }
        result.append((counts, labels[row]))
      }
    }
    return result
  }
}

/// A population in which the neuron that fires first sets all others back.
private final class Race {
  private let neuron: any Neuron, count: Int, dt: Time, random: RandomStream, learnt: Tensor
  private var state: Tensor, output: Tensor, input: Tensor, step = 0

  init(_ node: Node, _ count: Int, dt: Time, random: RandomStream) {
    guard let neuron = node.neuron else { preconditionFailure("'\(node.name)' is a population") }
    (self.neuron, self.count, self.dt, self.random) = (neuron, count, dt, random)
    state = Tensor(zeros: [neuron.variables.count, count])
    (output, input) = (Tensor(zeros: [count]), Tensor(zeros: [count]))
    learnt = Tensor(zeros: [max(1, neuron.parameters.count) * ParameterLayout.alignment])
  }
  /// One step under currents; the neuron that won it, the one with the largest current among several.
  func step(_ currents: [Float]) -> Int? {
    input = Tensor(currents, [count])
    let isFirst = step == 0
    run { block in
      if isFirst { neuron.rest(block) }
      neuron.advance(block)
    }
    step += 1
    let fired = (0..<count).filter { output[$0] > 0 }
    guard let winner = fired.max(by: { currents[$0] < currents[$1] }) else { return nil }
    run { neuron.rest($0) }
    return winner
  }
  private func run(_ body: (PopulationBlock) -> Void) {
    learnt.read { p in
      input.read { x in
        output.write { y in
          state.write { s in
            body(
              PopulationBlock(
                steps: 1, count: count, dt: dt, current: x, currentStride: count, output: y, outputStride: count,
                state: s, stateStride: count, parameters: p,
                place: PopulationBlock.Place(features: count, firstStep: step, random: random)))
          }
        }
      }
    }
  }
}

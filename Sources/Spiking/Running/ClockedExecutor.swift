internal import Compute

/// Runs any network step by step: the answer is the class whose output is largest on average over time.
public struct ClockedExecutor: Executor {
  public init() {}
  public var kind: String { "clocked" }
  public func prepare(_ model: Model, _ options: ExecutionOptions) -> (any Execution)? {
    ClockedExecution(model, options)
  }
}

/// A network with its values, run on batches of samples.
struct ClockedExecution: Execution {
  let network: Network, parameters: Parameters, options: ExecutionOptions
  let steps: Int, dt: Time, classes: Int
  /// How it answers.
  var rule: String {
    let when =
      network.carry == 1 ? "on average over time" : network.carry == 0 ? "at the last step" : "on a leaky average"
    return "the class whose output is largest \(when); the lowest on a tie"
  }
  /// What a spike at each input of each layer costs; empty for layers without synapses.
  private let fanOut: [[Int]]
  /// Whether the values of a signal other than 0 are counted: of the input, of populations and of what layers with weights read.
  private let isCounted: [Bool]
  /// Samples at a time: as many as wanted, or as signals of `memory` bytes allow.
  private let batch: Int
  private static let memory = 1e9

  /// Untrained models run with initial values.
  init(_ model: Model, _ options: ExecutionOptions) {
    let model = model.initialised(seed: 0)
    network = model.network
    parameters = model.parameters ?? Parameters(zeros: network.layout)
    self.options = options
    steps = options.steps ?? model.input.code.steps
    dt = model.input.dt
    classes = network.output.count
    batch = max(1, min(options.batch, Int(Self.memory / max(1, model.signalBytes(steps: steps, batch: 1)))))
    fanOut = network.nodes.map { node in
      if case .linear(let layer) = node.layer.role { layer.fanOut(of: node) } else { [] }
    }
    var isCounted = [true] + network.nodes.map(\.sendsSpikes)
    for node in network.nodes where !fanOut[node.index].isEmpty { isCounted[node.source] = true }
    self.isCounted = isCounted
  }

  private func encoded(_ data: EncodedData) -> EncodedData {
    var data = data
    data.code.steps = steps
    return data
  }
  private func pass(_ indices: [Int], _ part: Part, _ data: EncodedData) -> Pass {
    var pass = Pass(
      machine: options.machine, dt: dt, parameters: parameters, random: RandomStream(seed: data.seed, "noise"))
    pass.samples = data.bankIndices(indices, part)
    return pass
  }
  /// Calls `body` with the tape of every batch, until interrupted.
  private func eachBatch(
    _ indices: [Int], _ part: Part, _ data: EncodedData, _ body: (_ tape: [Signal], _ answers: Answers) -> Void
  ) {
    let data = encoded(data), size = batch
    for first in stride(from: 0, to: indices.count, by: size) {
      if options.isInterrupted() { return }
      let chosen = Array(indices[first..<min(indices.count, first + size)])
      var pass = pass(chosen, part, data)
      body(network.trace(data.clocked(chosen, part, machine: options.machine), &pass), data.answers(chosen, part))
      options.report(Double(first + chosen.count) / Double(indices.count))
    }
  }

  func outcomes(_ indices: [Int], _ part: Part, of data: EncodedData) -> [Outcome] {
    var result: [Outcome] = []
    let task = data.dataset.task
    eachBatch(indices, part, data) { tape, answers in
      let activity = zip(tape, isCounted).map { $1 ? Activity($0, options.machine) : nil },
        scores = stepScores(tape[network.nodes.count], answers, task)
      for (row, label) in answers.labels.enumerated() {
        var outcome = outcome(tape, activity, row, label)
        if task != .classes { outcome.steps = scores[row] }
        result.append(outcome)
      }
    }
    return result
  }

  /// How near each sample of a batch came, where every step has an answer.
  private func stepScores(_ output: Signal, _ answers: Answers, _ task: Task) -> [StepScore] {
    var scores = [StepScore](repeating: StepScore(), count: output.batch)
    let width = output.features.count
    output.values.read { o in
      answers.forEachRow(of: output) { row, wanted in
        let x = o + row * width, sample = row % output.batch
        if task == .stepClasses {
          guard (0..<width).contains(Int(wanted[0])) else { return }
          let best = (0..<width).reduce(0) { x[$1] > x[$0] ? $1 : $0 }
          scores[sample].count += 1
          if best == Int(wanted[0]) { scores[sample].right += 1 }
        } else {
          for j in 0..<min(width, answers.width) {
            scores[sample].error += Double(x[j] - wanted[j]) * Double(x[j] - wanted[j])
            scores[sample].power += Double(wanted[j]) * Double(wanted[j])
            scores[sample].count += 1
          }
        }
      }
    }
    return scores
  }

  private func outcome(_ tape: [Signal], _ activity: [Activity?], _ row: Int, _ label: Int) -> Outcome {
    let output = tape[network.nodes.count], spiking = network.nodes.last?.sendsSpikes == true
    var scores = [Float](repeating: 0, count: classes)
    for (t, weight) in TimeMean.weights(output.storedSteps, carry: network.carry).enumerated() {
      for j in 0..<classes { scores[j] += weight * value(output, t, row, j) }
    }
    let isSilent = spiking && activity[network.nodes.count]?.total(row) == 0
    var outcome = Outcome(scores: scores, label: label, isSilent: isSilent)
    outcome.spikes = [activity[0]?.total(row) ?? 0]
    for node in network.nodes where node.sendsSpikes {
      outcome.spikes.append(activity[node.index + 1]?.total(row) ?? 0)
    }
    for node in network.nodes where !fanOut[node.index].isEmpty {
      outcome.synapticOperations += activity[node.source]?.weighted(row, by: fanOut[node.index]) ?? 0
    }
    return outcome
  }
  private func value(_ signal: Signal, _ t: Int, _ row: Int, _ j: Int) -> Float {
    signal.values[t * signal.neurons + row * signal.features.count + j]
  }

  func curve(_ indices: [Int], _ part: Part, of data: EncodedData) -> [Double] {
    var right = [Int](repeating: 0, count: steps), seen = 0
    let carry = Float(network.carry)
    eachBatch(indices, part, data) { tape, answers in
      let output = tape[network.nodes.count], labels = answers.labels
      for (row, label) in labels.enumerated() {
        var sum = [Float](repeating: 0, count: classes)
        for t in 0..<steps {
          for j in 0..<classes { sum[j] = carry * sum[j] + value(output, output.isConstant ? 0 : t, row, j) }
          let isSilent = network.nodes.last?.sendsSpikes == true && sum.allSatisfy { $0 == 0 }
          if Outcome(scores: sum, label: label, isSilent: isSilent).isCorrect { right[t] += 1 }
        }
      }
      seen += labels.count
    }
    return right.map { Double($0) / Double(max(1, seen)) }
  }
}

/// How often each feature of each sample of a batch was not 0.
private struct Activity {
  let counts: [Int32], features: Int

  /// A constant signal counts once: it is multiplied once.
  init(_ signal: Signal, _ machine: Machine) {
    let n = signal.neurons, steps = signal.storedSteps
    features = signal.features.count
    counts = [Int32](unsafeUninitializedCapacity: n) { counts, count in
      count = n
      guard let base = counts.baseAddress else { return }
      base.initialize(repeating: 0, count: n)
      signal.values.read { x in
        nonisolated(unsafe) let (x, base) = (x, base)
        machine.forEachTile(of: n, size: 16384) { tile in
          for t in 0..<steps { for i in tile { base[i] &+= x[t * n + i] == 0 ? 0 : 1 } }
        }
      }
    }
  }
  func total(_ row: Int) -> Int { counts[row * features..<(row + 1) * features].reduce(0) { $0 + Int($1) } }
  func weighted(_ row: Int, by weights: [Int]) -> Int {
    (0..<features).reduce(0) { $0 + Int(counts[row * features + $1]) * weights[$1] }
  }
}

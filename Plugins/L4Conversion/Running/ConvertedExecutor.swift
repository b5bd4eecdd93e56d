internal import Compute
internal import L4ConversionKernels
public import Spiking

/// Runs converted networks on spikes in whole numbers; the answer is that of their read-out.
public struct ConvertedExecutor: Executor {
  public init() {}
  public var kind: String { "converted" }
  public func prepare(_ model: Model, _ options: ExecutionOptions) -> (any Execution)? {
    ConvertedExecution(model, options)
  }
}

struct ConvertedExecution: Execution {
  let network: ConvertedNetwork, steps: Int, dt: Time, options: ExecutionOptions
  /// Samples that run together on a thread; a weight that was fetched serves all of them.
  static let together = 32
  var form = Int32(SOMA_L4_FASTEST), choice = FormChoice.measured

  init?(_ model: Model, _ options: ExecutionOptions) {
    guard let network = ConvertedNetwork(model.initialised(seed: 0)) else { return nil }
    self.network = network
    steps = options.steps ?? model.input.code.steps
    dt = model.input.dt
    self.options = options
  }
  var rule: String {
    let readOut = network.readOut
    let choice =
      readOut.readout == .membrane
      ? "the class whose output has collected most charge"
      : "the class with most spikes; on a tie " + (readOut.ties == .potential ? "the highest potential, then " : "")
        + "the lowest"
    return choice + (readOut.exit > 0 ? ", as soon as its lead is large enough" : "")
  }

  /// What every sample did, in order; fewer where the run was interrupted.
  func runs(
    _ indices: [Int], _ part: Part, of data: EncodedData, keepingCounts: Bool = false, keepingAnswers: Bool = true
  ) -> [SampleRun] {
    collect(indices, part, data, keepingCounts, keepingAnswers) { $0 }.flatMap { $0 }
  }
  /// What `body` makes of the runs of each group of samples, in order; nothing else is kept.
  private func collect<R: Sendable>(
    _ indices: [Int], _ part: Part, _ data: EncodedData, _ keepsCounts: Bool, _ keepsAnswers: Bool,
    _ body: ([SampleRun]) -> R
  ) -> [R] {
    let size = max(1, min(Self.together, (indices.count + options.machine.threads - 1) / options.machine.threads))
    let groups = stride(from: 0, to: indices.count, by: size).map {
      Array(indices[$0..<min(indices.count, $0 + size)])
    }
    let wave = max(1, 4 * options.machine.threads), inner = Machine(backend: options.machine.backend)
    var simulation = Simulation(network: network, steps: steps, machine: inner, form: form)
    (simulation.keepsCounts, simulation.keepsAnswers, simulation.choice) = (keepsCounts, keepsAnswers, choice)
    var result: [R] = []
    for first in stride(from: 0, to: groups.count, by: wave) {
      if options.isInterrupted() { break }
      let present = Array(groups[first..<min(groups.count, first + wave)])
      result += parallel(present.count) { [simulation] in body(simulation.run(present[$0], part, of: data)) }
      options.report(Double(min(groups.count, first + wave)) / Double(groups.count))
    }
    return result
  }
  /// The results of `body` for 0..<count, in order.
  private func parallel<R>(_ count: Int, _ body: (Int) -> R) -> [R] {
    var slots = [R?](repeating: nil, count: count)
    slots.withUnsafeMutableBufferPointer { slots in
      nonisolated(unsafe) let slots = slots
      options.machine.forEach(count) { slots[$0] = body($0) }
    }
    return slots.compactMap { $0 }
  }

  func outcomes(_ indices: [Int], _ part: Part, of data: EncodedData) -> [Outcome] {
    collect(indices, part, data, false, false) { $0.map(outcome) }.flatMap { $0 }
  }
  private func outcome(of run: SampleRun) -> Outcome {
    let readOut = network.readOut, tally = run.tally, used = Double(max(1, run.exit ?? steps))
    let answer = tally.answer(readOut), most = tally.counts.max() ?? 0
    let isCounting = readOut.readout == .count
    let unit = Double(network.layers.last?.synapses.threshold ?? 1)
    // Where nobody has spiked nobody came first together; the membranes answer.
    let first = isCounting && most > 0 ? tally.counts.indices.filter { tally.counts[$0] == most } : [answer]
    return Outcome(
      answer: answer, label: run.label, isTied: first.count > 1, labelAmongFirst: first.contains(run.label),
      isSilent: isCounting && most == 0, decisionTime: readOut.exit > 0 ? run.exit : nil, spikes: run.spikes,
      synapticOperations: run.operations,
      scores: isCounting
        ? tally.counts.map { Float(Double($0) / used) } : tally.charge.map { Float(Double($0) / unit / used) })
  }

  /// Share of right answers after each step, by the read-out of the model.
  func curve(_ indices: [Int], _ part: Part, of data: EncodedData) -> [Double] {
    curves(indices, part, of: data).chosen
  }
  /// Both read-outs after each step, from one run.
  struct Curves {
    var byCount: [Double]?
    var byCharge: [Double], chosen: [Double]
  }
  func curves(_ indices: [Int], _ part: Part, of data: EncodedData) -> Curves {
    struct Right: Sendable { var byCount: [Int], byCharge: [Int], samples: Int }
    func right(_ runs: [SampleRun], _ answers: (SampleRun) -> [Int32]) -> [Int] {
      var sums = [Int](repeating: 0, count: steps)
      for run in runs {
        for (t, answer) in answers(run).enumerated() where Int(answer) == run.label { sums[t] += 1 }
      }
      return sums
    }
    let groups = collect(indices, part, data, false, true) { runs in
      Right(byCount: right(runs, \.byCount), byCharge: right(runs, \.byCharge), samples: runs.count)
    }
    let samples = Double(max(1, groups.reduce(0) { $0 + $1.samples }))
    func share(_ sums: (Right) -> [Int]) -> [Double] {
      var total = [Int](repeating: 0, count: steps)
      for group in groups { for (t, sum) in sums(group).enumerated() { total[t] += sum } }
      return total.map { Double($0) / samples }
    }
    let byCharge = share(\.byCharge), byCount = network.layers.last?.population == nil ? nil : share(\.byCount)
    return Curves(
      byCount: byCount, byCharge: byCharge, chosen: network.readOut.readout == .count ? byCount ?? byCharge : byCharge)
  }
}

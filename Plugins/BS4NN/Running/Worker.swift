internal import BS4NNKernels
internal import Spiking

/// Runs samples through all layers, one at a time; owns the memory for one thread.
final class Worker {
  private let execution: SingleSpikeExecution, responses: [LayerResponse]
  private var view: OutputView, sums: [Double]
  private var inputEvents = soma_bs4nn_events(index: nil, time: nil, count: 0)

  init(_ execution: SingleSpikeExecution) {
    self.execution = execution
    responses = execution.layers.map { LayerResponse($0.matrix) }
    view = OutputView(outputs: execution.classes, window: execution.steps)
    sums = Array(repeating: 0, count: execution.classes)
  }
  private var output: SingleSpikeExecution.Layer { execution.layers[execution.layers.count - 1] }
  private var window: Int { execution.steps }
  /// Spikes that reach the output layer.
  private var lastEvents: soma_bs4nn_events {
    responses.count > 1 ? responses[responses.count - 2].events : inputEvents
  }

  @discardableResult
  func run(_ events: soma_bs4nn_events) -> OutputView {
    inputEvents = events
    var events = events
    for (layer, response) in zip(execution.layers, responses) {
      layer.matrix.respond(to: events, layer.firing, window: window, into: response, traces: layer.name == output.name)
      events = response.events
    }
    view.read(responses[responses.count - 1], output.firing)
    return view
  }
  func response(_ layer: Int) -> LayerResponse { responses[layer] }

  func outcome(_ events: soma_bs4nn_events, _ label: Int) -> Outcome {
    run(events)
    let end = view.isSilent ? window : view.first
    var result = Outcome(
      answer: execution.ties == .potential ? view.answer : view.lowestAnswer, label: label, isTied: view.firstCount > 1,
      isSilent: view.isSilent, decisionTime: view.isSilent ? nil : view.first)
    result.labelAmongFirst = view.isSilent ? result.answer == label : view.isFirst(label)
    result.scores = potentials(until: view.isSilent ? max(0, window - 3) : view.first - 1).map {
      Float($0 * output.scale)
    }
    result.spikes = [count(events, before: end)]
    for l in 0..<(responses.count - 1) { result.spikes.append(count(responses[l].events, before: end)) }
    result.spikes.append(view.firstCount)
    for (layer, spikes) in zip(execution.layers, result.spikes) {
      result.synapticOperations += spikes * layer.matrix.outputs
    }
    return result
  }
  private func count(_ events: soma_bs4nn_events, before end: Int) -> Int {
    var low = 0, high = events.count
    while low < high {
      let middle = (low + high) / 2
      if Int(events.time[middle]) < end { low = middle + 1 } else { high = middle }
    }
    return low
  }
  /// Potentials of the outputs at an index, in units of the weights.
  private func potentials(until index: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: execution.classes)
    let events = lastEvents, matrix = output.matrix
    for e in 0..<count(events, before: index + 1) {
      for c in sums.indices { sums[c] += Double(matrix.weight(Int(events.index[e]), c)) }
    }
    return sums
  }

  /// Adds 1 at every deadline by which the answer would have been right.
  func addDeadlines(_ events: soma_bs4nn_events, _ label: Int, to right: inout [Int]) {
    run(events)
    for c in sums.indices { sums[c] = 0 }
    let spikes = lastEvents, matrix = output.matrix,
      final = execution.ties == .potential ? view.answer : view.lowestAnswer
    var next = 0, best = 0
    for step in 0..<window {
      if view.first <= step {
        if final == label { right[step] += 1 }
        continue
      }
      let first = next
      while next < spikes.count, Int(spikes.time[next]) <= step {
        for c in sums.indices { sums[c] += Double(matrix.weight(Int(spikes.index[next]), c)) }
        next += 1
      }
      if next > first { best = sums.indices.max { sums[$0] < sums[$1] || (sums[$0] == sums[$1] && $0 > $1) } ?? 0 }
      if best == label { right[step] += 1 }
    }
  }
}

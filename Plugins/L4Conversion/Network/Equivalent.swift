internal import Compute
internal import Spiking

/// The network of numbers that a converted network stands for: rectifiers for neurons, ρ·x for spikes.
///
/// A neuron's rate approximates its activation over its threshold. In the form with weights all thresholds are 1.
struct Equivalent: Sendable {
  let network: Network, parameters: Parameters
  /// Nodes whose output is the activation of a population, by the population's name; the output's last.
  let activations: [(name: String, node: Int, thresholds: [Float])]
  private let peak: Double, machine: Machine

  init(_ converted: ConvertedNetwork, _ machine: Machine) throws(ShapeError) {
    let layers = converted.layers
    var network = Network(input: converted.network.input), places: [(String, Int, [Float])] = []
    for node in converted.network.nodes {
      if let layer = layers.first(where: { $0.population?.index == node.index }) {
        if node.index == layers.last?.population?.index {
          places.append((node.name, network.nodes.count - 1, layer.thresholds))
        } else {
          try network.append(Rectifier(), name: node.name)
          places.append((node.name, network.nodes.count - 1, layer.thresholds))
        }
      } else if !(node.layer is AxonDelay), !(node.layer is ReadOut) {
        try network.append(node.layer, name: node.name)
      }
    }
    var parameters = Parameters(zeros: network.layout)
    for entry in network.layout.entries where converted.parameters.layout[entry.name] != nil {
      parameters.set(entry, converted.parameters[entry.name])
    }
    (self.network, self.parameters, activations) = (network, parameters, places)
    (peak, self.machine) = (converted.peak, machine)
  }

  /// Outputs of every layer for some samples shown as ρ·x: [sample][features].
  func tape(_ indices: [Int], _ part: Part, of data: EncodedData) -> [Signal] {
    guard let view = data.dataset[part] else { return [] }
    let n = data.dataset.shape.count
    var values = Tensor(zeros: [indices.count * n])
    values.write { v in
      for (row, index) in indices.enumerated() {
        view.bank.read(view.bankIndex(index), into: v + row * n)
        for i in 0..<n { v[row * n + i] *= Float(peak) }
      }
    }
    var pass = Pass(machine: machine, dt: data.dt, parameters: parameters)
    let signal = Signal(values, steps: 1, batch: indices.count, features: network.input, isConstant: true)
    return network.trace(signal, &pass)
  }
  /// Share of right answers.
  func accuracy(_ indices: [Int], _ part: Part, of data: EncodedData) -> Double {
    let n = network.output.count
    var right = 0
    for first in Swift.stride(from: 0, to: indices.count, by: 100) {
      let chosen = Array(indices[first..<min(indices.count, first + 100)])
      guard let output = tape(chosen, part, of: data).last else { return 0 }
      for (row, label) in data.labels(chosen, part).enumerated() {
        if Outcome(scores: (0..<n).map { output.values[row * n + $0] }, label: label).isCorrect { right += 1 }
      }
    }
    return Double(right) / Double(max(1, indices.count))
  }
  /// Expected rates of every population: [population][sample × neurons], activations over thresholds.
  func rates(_ indices: [Int], _ part: Part, of data: EncodedData) -> [[Double]] {
    var result = [[Double]](repeating: [], count: activations.count)
    for first in Swift.stride(from: 0, to: indices.count, by: 100) {
      let tape = tape(Array(indices[first..<min(indices.count, first + 100)]), part, of: data)
      for (l, place) in activations.enumerated() {
        let signal = tape[place.node + 1], n = signal.features.count, per = max(1, n / place.thresholds.count)
        for k in 0..<signal.values.count {
          result[l].append(Double(max(0, signal.values[k])) / Double(place.thresholds[k % n / per]))
        }
      }
    }
    return result
  }
}

internal import Classic
internal import Compute
public import Spiking

/// Thresholds from the spiking network itself: the largest charge that arrives in one step, layer by layer.
///
/// Layers before already have their thresholds when a layer is measured. Resets are hard unless told otherwise. It copes
/// with spikes that arrive together, which activations do not show, and gives high thresholds, hence slow answers.
///
/// - Reference: A. Sengupta, Y. Ye, R. Wang, C. Liu, K. Roy, Front. Neurosci. 13:95, 2019, doi:10.3389/fnins.2019.00095.
public struct SpikeNorm: RateScheme {
  public var common = RateSettings(), watched = 100
  public init() {
    common.reset = .hard
    common.calibration = 200
  }
  public static let manual = Manual(
    "spike", "Scales weights by the largest charge of one step in the spiking network, layer by layer.",
    equation: "θ_l = max over samples, neurons and steps of Σ w s + b",
    reference: "A. Sengupta et al., Front. Neurosci. 13:95, 2019, doi:10.3389/fnins.2019.00095",
    examples: [Example.converted("spike calibration=20 watched=20")])
  public static var settings: [Setting<Self>] {
    [Setting("watched", \.watched, "Steps that the network is watched for.", in: 1...1e6)] + Setting.common
  }
  public var needsData: Bool { true }
  public func rescaled(_ work: ConversionWork) throws(ConversionProblem) -> ConversionWork {
    guard let calibration = work.calibration else { throw Calibration.none(kind) }
    var work = work, factors: [Double] = []
    var encoder = common.encoder(peak: work.peak)
    encoder.steps = watched
    try requireMemory(work.net.network)
    let data: EncodedData
    do throws(ShapeError) {
      data = try EncodedData(calibration.data.dataset, encoder, seed: work.run.seed, dt: calibration.data.dt)
    } catch { throw ConversionProblem(error.code, error.message) }
    for stage in work.net.stages {
      var largest = try largestDrive(work, data, calibration, factors, stage)
      if largest <= 0 {
        work.warnings.append("layer \(stage.linear.index), '\(stage.linear.name)', is never excited: factor 1 used")
        largest = 1
      }
      factors.append(largest)
    }
    work.scaling = Scaling(
      factors: factors, work.net.chain, factors.map { "largest charge of a step \(Quantity($0).written(digits: 4))" })
    return work
  }
  /// Refuses to watch a network for longer than the machine can hold its signals.
  private func requireMemory(_ network: Network) throws(ConversionProblem) {
    let widest = network.nodes.reduce(Double(network.input.count)) { $0 + Double($1.output.count) }
    let bytes = 4 * Double(watched) * widest
    guard bytes > Memory.physical else { return }
    throw ConversionProblem(
      "memory", "watching this network for \(watched) steps needs about \(Memory.text(bytes))",
      remedy: "fewer steps need less, as in watched=100")
  }
  /// Samples that run together: up to ten, fewer where their products would take long.
  private func batch(_ network: Network, _ data: EncodedData) -> Int {
    let operations = network.nodes.reduce(0.0) { sum, node in
      guard case .linear(let layer) = node.layer.role else { return sum }
      return sum + layer.fanOut(of: node).reduce(0.0) { $0 + Double($1) }
    }
    return max(1, min(10, Int(2e8 / max(1, operations * Double(data.code.steps)))))
  }
  /// The largest charge of one step at a stage whose predecessors have been divided by `factors`.
  private func largestDrive(
    _ work: ConversionWork, _ data: EncodedData, _ calibration: Calibration, _ factors: [Double], _ stage: Chain.Stage
  ) throws(ConversionProblem) -> Double {
    var net = work.net, product = 1.0
    for (other, factor) in zip(net.stages, factors + [1]) {
      // Weights by their own factor, biases by all before it too, and by the peak rate.
      product *= factor
      other.layer.scaleOutputs(
        by: Array(repeating: Float(1 / factor), count: other.units), of: other.linear, in: &net.parameters, bias: false)
      net.scaleBias(other, by: work.peak / product)
    }
    let neuron = IntegrateAndFire(threshold: 1, reset: common.reset.neuron, v0: common.v0), network = net.network
    var largest: Float = 0
    let size = batch(network, data)
    for first in Swift.stride(from: 0, to: calibration.indices.count, by: size) {
      try work.run.poll()
      let chosen = Array(calibration.indices[first..<min(calibration.indices.count, first + size)])
      var pass = Pass(machine: net.machine, dt: data.dt, parameters: net.parameters)
      var signal = data.clocked(chosen, calibration.part, machine: net.machine)
      let end = stage.normalisation ?? stage.linear
      for node in network.nodes[...end.index] {
        if case .rectifier = node.layer.role {
          signal = Population(neuron).forward(signal, at: node, &pass)
          continue
        }
        signal = node.layer.forward(signal, at: node, &pass)
        if common.pooling == .spiking, case .passive(.average) = node.layer.role {
          signal = Population(neuron).forward(signal, at: node, &pass)
        }
      }
      let count = signal.values.count
      signal.values.read { v in for i in 0..<count { largest = max(largest, v[i]) } }
    }
    return Double(largest)
  }
}

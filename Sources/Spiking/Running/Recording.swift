public import Compute

/// One variable of one layer over a run.
public struct VariableRecord: Sendable, Equatable {
  public var name: String, unit: String
  /// Value at step t of neuron i at [t · neurons + i], just before firing.
  public var values: [Double]
  /// Value of each neuron before the first step; empty where that is not known.
  public var start: [Double]
  public init(_ name: String, unit: String = "", values: [Double], start: [Double] = []) {
    (self.name, self.unit, self.values, self.start) = (name, unit, values, start)
  }
}

extension LayerRecord {
  /// The whole numbers of quanta that were sent; nil where it sends none.
  public var quanta: [Int]? {
    guard let omega, omega.isFinite else { return nil }
    guard !output.isEmpty else { return spikes.signs.map(Int.init) }
    return output.map { Int(max(-1e15, min(1e15, ($0 * omega).rounded()))) }
  }
}
extension VariableRecord {
  /// The value of a neuron of so many after `count` steps; not a number where that is not known.
  func value(of neuron: Int, in neurons: Int, after count: Int) -> Double {
    if count > 0 { return values[(count - 1) * neurons + neuron] }
    return start.indices.contains(neuron) ? start[neuron] : .nan
  }
}

/// What one layer did during a run.
public struct LayerRecord: Sendable, Equatable {
  public var name: String, kind: String, shape: Shape
  public var variables: [VariableRecord]
  public var spikes: SpikeRaster
  /// The potential at which its neurons fire, to be drawn as a line.
  public var threshold: Double?
  /// Of a layer with weights, the share of steps that ran as additions of what spikes choose; nil where that is not told.
  public var addedShare: Double?
  /// Times of the spikes of each neuron, where they are known better than to the step.
  public var trains: [SpikeTrain]?
  /// How far back its variables reach, where they are coefficients of the past.
  public var window: Time?
  /// What was sent at step t by neuron i at [t · neurons + i], where that is more than a sign; empty elsewhere.
  public var output: [Double]
  /// ω, where what is sent are whole quanta of 1/ω.
  public var omega: Double?
  /// What a single neuron that sends quanta would have sent without rounding; empty elsewhere.
  public var activation: [Double] = []

  public init(
    name: String, kind: String, shape: Shape, variables: [VariableRecord], spikes: SpikeRaster,
    threshold: Double? = nil, trains: [SpikeTrain]? = nil, window: Time? = nil, output: [Double] = [],
    omega: Double? = nil
  ) {
    (self.name, self.kind, self.shape, self.variables) = (name, kind, shape, variables)
    (self.spikes, self.threshold, self.trains) = (spikes, threshold, trains)
    (self.window, self.output, self.omega) = (window, output, omega)
  }
  public subscript(variable: String) -> VariableRecord? { variables.first { $0.name == variable } }
  /// One variable of one neuron over the steps.
  public func trace(_ variable: String, of neuron: Int = 0) -> [Double]? {
    guard let record = self[variable] else { return nil }
    return (0..<spikes.steps).map { record.values[$0 * spikes.neurons + neuron] }
  }
  public func train(of neuron: Int, dt: Time) -> SpikeTrain { trains?[neuron] ?? spikes.train(of: neuron, dt: dt) }
}

/// Every variable and every spike of a run: of a driven neuron, or of a network for one sample.
public struct Recording: Sendable, Equatable {
  public var dt: Time, steps: Int
  public var layers: [LayerRecord]
  /// What went in: the current of a driven neuron, the values or spikes of a sample.
  public var input: LayerRecord
  /// Which sample was shown, where one was.
  public var sample: Int?

  public init(dt: Time, steps: Int, layers: [LayerRecord], input: LayerRecord, sample: Int? = nil) {
    (self.dt, self.steps, self.layers, self.input, self.sample) = (dt, steps, layers, input, sample)
  }
  public subscript(layer: String) -> LayerRecord? { layers.first { $0.name == layer } }
  public var duration: Time { Double(steps) * dt }
  /// The time of each step, at which its values hold: the end of the step.
  public var times: [Time] { (0..<steps).map { Double($0 + 1) * dt } }

  /// One neuron at one step.
  public struct State: Sendable, Equatable {
    public var layer: String, neuron: Int
    /// Values in the order of the layer's variables.
    public var values: [(name: String, value: Double)]
    public var spike: Int

    public static func == (a: State, b: State) -> Bool {
      a.layer == b.layer && a.neuron == b.neuron && a.spike == b.spike
        && a.values.elementsEqual(b.values) { $0.name == $1.name && $0.value == $1.value }
    }
  }
  /// Every neuron of every layer after so many steps, 0 for the state before the first; empty outside the run.
  public func state(after count: Int) -> [State] {
    guard (0...steps).contains(count) else { return [] }
    return layers.flatMap { layer in
      (0..<layer.spikes.neurons).map { i in
        State(
          layer: layer.name, neuron: i,
          values: layer.variables.map { ($0.name, $0.value(of: i, in: layer.spikes.neurons, after: count)) },
          spike: count == 0 ? 0 : Int(layer.spikes[count - 1, i]))
      }
    }
  }
}

public import Compute

/// A source of current for a single neuron.
public protocol Drive: Declared {
  /// The settings that are currents, which may be given in the unit of the neuron.
  static var currentNames: [String] { get }
  /// The current of step `step`. Random sources draw from counters of `random`, so that any step can be asked alone.
  func current(at step: Int, dt: Time, random: RandomStream) -> Double
  /// The currents of the first `steps` steps; sources with a memory override this one.
  func currents(steps: Int, dt: Time, random: RandomStream) -> [Double]
}
extension Drive {
  public static var currentNames: [String] { ["current"] }
  public func currents(steps: Int, dt: Time, random: RandomStream) -> [Double] {
    (0..<max(0, steps)).map { current(at: $0, dt: dt, random: random) }
  }
}

/// Runs one neuron from rest under a current that is constant within each step, and records everything.
///
/// The run is in double precision where the neuron has the capability `FineNeuron`, and in single precision otherwise.
/// With `exact`, a `ContinuousNeuron` is solved between its spikes instead of stepped.
///
/// - Parameters:
///   - random: what neurons draw from that spike at random.
///   - poll: called every few steps; what it throws ends the run.
public func simulate(
  neuron: any Neuron, current: [Double], dt: Time, exact: Bool = false, random: RandomStream = RandomStream(seed: 0),
  poll: () throws -> Void
) rethrows -> Recording {
  let trace: FineTrace
  if exact, let continuous = neuron.capability((any ContinuousNeuron).self) {
    trace = try continuous.exactTrace(current: current, dt: dt, poll: poll)
  } else if let fine = neuron.capability((any FineNeuron).self) {
    trace = try fine.trace(current: current, dt: dt, poll: poll)
  } else {
    trace = try coarseTrace(neuron, current, dt, random, poll)
  }
  try poll()
  return recording(of: trace, neuron, current, dt)
}

/// The same to its end, whatever comes.
public func simulate(
  neuron: any Neuron, current: [Double], dt: Time, exact: Bool = false, random: RandomStream = RandomStream(seed: 0)
) -> Recording {
  simulate(neuron: neuron, current: current, dt: dt, exact: exact, random: random, poll: {})
}

/// The run of one neuron as blocks of one, some steps at a time.
private func coarseTrace(
  _ neuron: any Neuron, _ current: [Double], _ dt: Time, _ random: RandomStream, _ poll: () throws -> Void
) rethrows -> FineTrace {
  let steps = current.count, variables = neuron.variables.count
  var input = Tensor(current.map { Float($0) }, [steps]), output = Tensor(zeros: [steps])
  var state = Tensor(zeros: [variables]), record = Tensor(zeros: [steps, variables])
  let layout = neuron.parameters
  var learnt = Tensor(zeros: [layout.count * ParameterLayout.alignment])
  for (k, spec) in layout.enumerated() {
    learnt[k * ParameterLayout.alignment] = spec.initial.value(0, RandomStream(seed: 0))
  }
  for first in stride(from: 0, to: steps, by: 64) {
    try poll()
    input.write { x in
      output.write { y in
        state.write { s in
          record.write { r in
            learnt.read { p in
              let block = PopulationBlock(
                steps: min(64, steps - first), count: 1, dt: dt, current: x + first, currentStride: 1,
                output: y + first,
                outputStride: 1, state: s, stateStride: 1, parameters: p, record: r + first * variables,
                recordStride: 1, place: PopulationBlock.Place(firstStep: first, random: random))
              if first == 0 { neuron.rest(block) }
              neuron.advance(block)
            }
          }
        }
      }
    }
  }
  let values = (0..<variables).map { k in (0..<steps).map { Double(record[$0 * variables + k]) } }
  return FineTrace(values: values, output: output.values.map(Double.init))
}

private func recording(of trace: FineTrace, _ neuron: any Neuron, _ current: [Double], _ dt: Time) -> Recording {
  let steps = current.count, duration = Double(steps) * dt
  var spikes = SpikeRaster(steps: steps, neurons: 1)
  for (t, sent) in trace.output.enumerated() { spikes[t, 0] = sent > 0 ? 1 : sent < 0 ? -1 : 0 }
  let start = trace.start.isEmpty ? neuron.resting(count: 1, dt: dt).map { $0[0] } : trace.start
  let variables = zip(zip(neuron.variables, trace.values), start).map { variable, start in
    VariableRecord(variable.0.name, unit: variable.0.unit, values: variable.1, start: [start])
  }
  let quantised = neuron.capability((any QuantisedNeuron).self)
  var layer = LayerRecord(
    name: neuron.kind, kind: neuron.kind, shape: [1], variables: variables, spikes: spikes,
    threshold: neuron.firingThreshold, trains: trace.spikeTimes.map { [SpikeTrain($0, duration: duration)] },
    window: neuron.capability((any MemoryNeuron).self)?.window,
    output: neuron.alphabet == .graded || quantised != nil ? trace.output : [], omega: quantised?.omega)
  layer.activation = quantised.map { quantised in current.map(quantised.activation) } ?? []
  let input = LayerRecord(
    name: "input", kind: "current", shape: [1],
    variables: [VariableRecord("current", unit: neuron.inputUnit, values: current)],
    spikes: SpikeRaster(steps: steps, neurons: 1))
  return Recording(dt: dt, steps: steps, layers: [layer], input: input)
}

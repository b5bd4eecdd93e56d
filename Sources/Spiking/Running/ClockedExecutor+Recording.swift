internal import Compute

extension ClockedExecution {
  /// The same run as `outcomes`, with the recorder on.
  func record(_ sample: Int, _ part: Part, of data: EncodedData) -> Recording {
    var data = data
    data.code.steps = steps
    var pass = Pass(
      machine: options.machine, dt: dt, parameters: parameters, random: RandomStream(seed: data.seed, "noise"))
    pass.samples = data.bankIndices([sample], part)
    pass.records = [:]
    let tape = network.trace(data.clocked([sample], part), &pass)
    let records = pass.records ?? [:]
    let layers = network.nodes.flatMap { node in
      if let recurrent = node.layer as? any RecurrentLayer {
        return recurrent.layerRecords(of: node, output: tape[node.index + 1], records: records, dt: dt)
      }
      var layer = layerRecord(node, tape[node.index + 1], records)
      layer.addedShare = pass.addedShares[node.index]
      return [layer]
    }
    let input = LayerRecord(
      name: "input", kind: data.encoder.kind, shape: data.code.features, variables: [values(tape[0], "value")],
      spikes: SpikeRaster(tape[0]))
    return Recording(dt: dt, steps: steps, layers: layers, input: input, sample: sample)
  }

  /// A population with its variables and spikes; any other layer with its output as the one variable.
  private func layerRecord(_ node: Node, _ output: Signal, _ records: [String: Tensor]) -> LayerRecord {
    guard let neuron = node.neuron else {
      var variables = [values(output, "output")]
      for (name, record) in records.sorted(by: { $0.key < $1.key }) where name.hasPrefix(node.name + ".") {
        variables.append(
          VariableRecord(String(name.dropFirst(node.name.count + 1)), values: record.values.map(Double.init)))
      }
      return LayerRecord(
        name: node.name, kind: node.kind, shape: node.output, variables: variables,
        spikes: SpikeRaster(steps: steps, neurons: node.output.count))
    }
    let start = parameters.flat.read { flat in
      // Only a plain population holds the learnt values of its neuron.
      neuron.resting(
        count: node.output.count, dt: dt,
        parameters: node.layer is Population && !neuron.parameters.isEmpty
          ? flat + parameters.layout.entries[node.slots.lowerBound].offset : nil)
    }
    let variables = zip(neuron.variables, start).compactMap { variable, start -> VariableRecord? in
      guard let record = records["\(node.name).\(variable.name)"] else { return nil }
      return VariableRecord(variable.name, unit: variable.unit, values: record.values.map(Double.init), start: start)
    }
    return LayerRecord(
      name: node.name, kind: neuron.kind, shape: node.output, variables: variables, spikes: SpikeRaster(output),
      threshold: neuron.firingThreshold, window: neuron.capability((any MemoryNeuron).self)?.window,
      output: neuron.alphabet == .graded ? values(output, "output").values : [],
      omega: neuron.capability((any QuantisedNeuron).self)?.omega)
  }

  /// A signal of one sample as steps × neurons, a constant one repeated.
  private func values(_ signal: Signal, _ name: String) -> VariableRecord {
    let n = signal.features.count, stored = signal.values
    return VariableRecord(
      name, values: (0..<steps * n).map { Double(stored[$0 / n * signal.stride + $0 % n]) })
  }
}

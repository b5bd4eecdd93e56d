public import Compute
public import Spiking

/// What a recorder keeps of a run, [steps][batch][width]: u, m, m̂ and a. Empty where nothing is recorded.
struct LMURecords {
  private var u: Tensor, m: Tensor, sent: Tensor, a: Tensor

  init(_ shape: LMUShape, steps: Int, batch: Int) {
    u = Tensor(zeros: [steps * batch * shape.channels])
    m = Tensor(zeros: [steps * batch * shape.coefficients])
    sent = Tensor(zeros: [steps * batch * shape.coefficients])
    a = Tensor(zeros: [steps * batch * shape.units])
  }
  struct Addresses {
    fileprivate var u, m, sent, a: UnsafeMutablePointer<Float>

    func keep(
      _ t: Int, u sums: UnsafePointer<Float>, m memory: UnsafePointer<Float>, rows: Range<Int>, batch: Int,
      _ shape: LMUShape
    ) {
      for (row, sample) in rows.enumerated() {
        let at = t * batch + sample, d = shape.coefficients
        (u + at * shape.channels).update(from: sums + row * shape.sums, count: shape.channels)
        (m + at * d).update(from: memory + row * d, count: d)
      }
    }
    func keep(
      _ t: Int, a activation: UnsafePointer<Float>, sent memory: UnsafePointer<Float>, rows: Range<Int>, batch: Int,
      _ shape: LMUShape
    ) {
      for (row, sample) in rows.enumerated() {
        let at = t * batch + sample
        (a + at * shape.units).update(from: activation + row * shape.units, count: shape.units)
        (sent + at * shape.coefficients).update(from: memory + row * shape.sent, count: shape.coefficients)
      }
    }
  }
  mutating func write(_ body: (Addresses) -> Void) {
    u.write { u in
      m.write { m in sent.write { s in a.write { a in body(Addresses(u: u, m: m, sent: s, a: a)) } } }
    }
  }
  func store(in pass: inout Pass, _ name: String) {
    for (part, values) in [("u", u), ("m", m), ("sent", sent), ("a", a)] { pass.records?["\(name).\(part)"] = values }
  }
}

extension LMU {
  /// Quanta cost an addition for each weight behind them; what is real-valued, the memory always, a multiplication.
  public func cost(of node: Node, _ records: [LayerRecord], steps: Int) -> RunCost {
    let shape = LMUShape(self, inputs: node.input.count), n = Double(shape.units), c = Double(shape.channels)
    func fan(_ source: Source) -> Double {
      (encodes.contains(source) ? c : 0) + (reads.contains(source) ? n : 0)
    }
    let d = Double(shape.coefficients), q = Double(shape.order), t = Double(steps)
    var cost = RunCost()
    cost.multiplications = t * (d * q + d + Double(shape.inputs) * fan(.x))
    cost.dense = cost.multiplications + t * (n * fan(.h) + d * fan(.m))
    for (record, (source, count)) in zip(records, [(Source.h, n), (.m, d)]) {
      guard let quanta = record.quanta else {
        cost.multiplications += t * count * fan(source)
        continue
      }
      cost.additions += fan(source) * Double(quanta.reduce(0) { $0 + abs($1) })
      cost.comparisons += t * count
    }
    return cost
  }
  /// Hidden units, then the memory as a layer of its own.
  public func layerRecords(of node: Node, output: Signal, records: [String: Tensor], dt: Time) -> [LayerRecord] {
    func values(_ name: String) -> [Double] { records["\(node.name).\(name)"]?.values.map(Double.init) ?? [] }
    let steps = output.steps, coefficients = channels * memory, sent = values("sent")
    let isMemorySpiking = !memoryQuantiser.isExact
    var hidden = LayerRecord(
      name: node.name, kind: kind, shape: node.output, variables: [VariableRecord("a", values: values("a"))],
      spikes: sendsSpikes ? SpikeRaster(output) : SpikeRaster(steps: steps, neurons: units),
      output: output.values.values.map(Double.init), omega: sendsSpikes ? omegaH : nil)
    if !sendsSpikes { hidden.variables = [VariableRecord("output", values: hidden.output)] }
    var raster = SpikeRaster(steps: steps, neurons: coefficients)
    if isMemorySpiking {
      for k in sent.indices where sent[k] != 0 { raster[k / coefficients, k % coefficients] = sent[k] > 0 ? 1 : -1 }
    }
    let memory = LayerRecord(
      name: "\(node.name).memory", kind: "lmu-memory", shape: [channels, memory],
      variables: [VariableRecord("m", values: values("m"))], spikes: raster, window: window.count(of: dt) * dt,
      output: sent, omega: isMemorySpiking ? omegaM : nil)
    return [hidden, memory]
  }
}

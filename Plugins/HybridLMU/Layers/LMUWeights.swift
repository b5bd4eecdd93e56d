internal import Compute
internal import Spiking

/// The extents of a layer with an input of a width.
struct LMUShape: Sendable {
  let inputs: Int, channels: Int, order: Int, units: Int
  init(_ layer: LMU, inputs: Int) {
    (self.inputs, channels, order, units) = (inputs, layer.channels, layer.memory, layer.units)
  }
  /// Coefficients of all channels.
  var coefficients: Int { channels * order }
  /// What a step sums up: u, then the currents of the hidden units.
  var sums: Int { channels + units }
  /// What a step sends on: m̂ of this step, then ĥ of the one before.
  var sent: Int { coefficients + units }
  func size(_ source: LMU.Source) -> Int {
    switch source {
    case .x: inputs
    case .h: units
    case .m: coefficients
    }
  }
}

/// E and W of each source side by side, since both multiply the same signal: inputs × (channels + units).
struct LMUWeights: Sendable {
  let shape: LMUShape
  /// Āᵀ and B̄, rounded once.
  let transition: Tensor, input: [Float]
  /// Where the entries of a source stand in the vector of parameters.
  let encoders: [LMU.Source: Int], kernels: [LMU.Source: Int], bias: Int?, rate: Int?
  private let parameters: Parameters

  init(_ layer: LMU, at node: Node, _ parameters: Parameters, dt: Time) {
    shape = LMUShape(layer, inputs: node.input.count)
    self.parameters = parameters
    func offset(_ name: String) -> Int? {
      node.slots.map { parameters.layout.entries[$0] }.first { $0.name == "\(node.name).\(name)" }?.offset
    }
    encoders = Dictionary(
      uniqueKeysWithValues: LMU.Source.allCases.compactMap { s in offset("E_\(s)").map { (s, $0) } })
    kernels = Dictionary(uniqueKeysWithValues: LMU.Source.allCases.compactMap { s in offset("W_\(s)").map { (s, $0) } })
    (bias, rate) = (offset("bias"), offset("rate"))
    let system = Self.system(layer, rate.map { parameters.flat[$0] }, dt: dt)
    transition = Tensor(system.transposed, [layer.memory, layer.memory])
    input = system.inputs
  }
  /// The steps of the memory, of a learnt window where there is one: its inverse stays above 0.
  static func system(_ layer: LMU, _ rate: Float?, dt: Time) -> LegendreSystem {
    guard let rate else { return .shared(order: layer.memory, window: layer.window.count(of: dt), rule: layer.rule) }
    return LegendreSystem(order: layer.memory, window: 1 / Double(max(1e-6, rate)), rule: layer.rule)
  }

  /// Whether a source is used at all.
  func uses(_ source: LMU.Source) -> Bool { encoders[source] != nil || kernels[source] != nil }
  /// [E | W] of a source, or [W | E]; zeros where one is not there.
  func joint(_ source: LMU.Source, kernelFirst: Bool = false) -> Tensor {
    let rows = shape.size(source), c = shape.channels, n = shape.units, width = shape.sums
    var joint = Tensor(zeros: [rows, width])
    parameters.flat.read { p in
      joint.write { to in
        for r in 0..<rows {
          let row = to + r * width
          if let e = encoders[source] { (row + (kernelFirst ? n : 0)).update(from: p + e + r * c, count: c) }
          if let w = kernels[source] { (row + (kernelFirst ? 0 : c)).update(from: p + w + r * n, count: n) }
        }
      }
    }
    return joint
  }
  func packed(_ source: LMU.Source, _ backend: any Backend) -> PackedMatrix? {
    guard uses(source) else { return nil }
    return joint(source).read { backend.packed(MatrixView($0, shape.size(source), shape.sums)) }
  }
  /// The transpose, for gradients.
  func reversed(_ source: LMU.Source, kernelFirst: Bool, _ backend: any Backend) -> PackedMatrix? {
    guard uses(source) else { return nil }
    return joint(source, kernelFirst: kernelFirst).read {
      backend.packed(MatrixView($0, shape.size(source), shape.sums, transposed: true))
    }
  }
  /// What every step begins with: 0 for u, the bias for hidden units.
  var offsets: [Float] {
    var offsets = [Float](repeating: 0, count: shape.sums)
    if let bias { for i in 0..<shape.units { offsets[shape.channels + i] = parameters.flat[bias + i] } }
    return offsets
  }
}
